"""Search and filter the responses of a round."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace

from engagement.feedback.analysis.coding_workflow import with_text
from engagement.feedback.analysis.duplicates import suspected_duplicates
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.analysis.permissions import READ_RESPONDENTS
from engagement.feedback.models import (
    Answer,
    Coding,
    CompletedCoding,
    FeedbackRound,
    PropositionResponse,
    Respondent,
    Response,
)
from engagement.feedback.responses.keys import normalise_code
from engagement.feedback.schema import COMMENT_PARTS, STANCES

ANY = ("", "Any")
#: For those who left a question about themselves open.
NOT_STATED = ("-", "Not said")


class ResponseFilterForm(forms.Form):
    """The filters of the list of responses, for one round and one member of staff."""

    q = forms.CharField(label="Words in the answers", required=False, max_length=100)
    reference = forms.CharField(label="Receipt", required=False, max_length=20, help_text="Such as K7QM-4T2X.")
    state = forms.ChoiceField(label="State", required=False)
    mode = forms.ChoiceField(label="How it came", required=False, choices=[ANY, *Response.Mode.choices])
    session = forms.ChoiceField(label="Through the code of", required=False)
    proposition = forms.ChoiceField(label="About", required=False)
    stance = forms.ChoiceField(label="Stance on it", required=False, choices=[ANY, *STANCES.items()])
    code = forms.ChoiceField(
        label="Code", required=False, help_text="That you gave, or somebody on what you have done."
    )
    words = forms.ChoiceField(
        label="Words", required=False, choices=[ANY, ("yes", "Something is written"), ("no", "Only choices")]
    )
    coded = forms.ChoiceField(
        label="Coding",
        required=False,
        choices=[
            ANY,
            ("by-me", "You are done"),
            ("not-by-me", "You aren’t done"),
            ("by-nobody", "Nobody is done"),
            ("by-two", "Two or more are done"),
        ],
    )
    duplicate = forms.ChoiceField(
        label="Duplicates",
        required=False,
        choices=[ANY, ("suspected", "Suspected"), ("marked", "Marked as duplicates"), ("no", "Without marked ones")],
    )

    def __init__(self, round_: FeedbackRound, history: FormHistory, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round, self.user = round_, user
        # What was never sent is nobody's to read.
        states = (*Response.SENT, Response.State.WITHDRAWN)
        self._set_choices("state", [(state, state.label) for state in states])
        self._set_choices("session", [(session.pk, session.title) for session in round_.sessions.all()])
        propositions = [(key, f"{rated.ref} {rated.title}") for key, rated in history.propositions.items()]
        self._set_choices("proposition", propositions)
        self._set_choices("code", [(code.pk, code.name) for code in round_.codes.all()])
        if user.has_perm(READ_RESPONDENTS):
            self._add_respondent_fields()

    def _set_choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [ANY, *choices]

    def _add_respondent_fields(self) -> None:
        people = Respondent.objects.filter(response__round=self.round).order_by()
        capacities = [ANY, *Respondent.Capacity.choices, NOT_STATED]
        self.fields["capacity"] = forms.ChoiceField(label="Answers", required=False, choices=capacities)
        for name in ("sector", "area"):
            values = sorted(set(people.exclude(**{name: ""}).values_list(name, flat=True)))
            choices = [ANY, *((value, value) for value in values), NOT_STATED]
            self.fields[name] = forms.ChoiceField(label=name.capitalize(), required=False, choices=choices)

    def responses(self) -> QuerySet[Response]:
        """Find the responses that fit, in the order they were begun. Filters with invalid values are left out."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        responses: QuerySet[Response] = Response.objects.filter(round=self.round)
        responses = responses.filter(state__in=[chosen["state"]] if "state" in chosen else Response.SENT)
        responses = responses.filter(**{name: chosen[name] for name in ("mode", "session") if name in chosen})
        for narrow in (_by_reference, _by_respondent, _by_proposition, _by_text):
            responses = narrow(responses, chosen)
        return self._by_duplicates(self._by_coding(responses, chosen), chosen).order_by("pk")

    def _by_coding(self, responses: QuerySet[Response], chosen: dict[str, str]) -> QuerySet[Response]:
        completed = CompletedCoding.objects.filter(response=OuterRef("pk"))
        by_user = Exists(completed.filter(by=self.user))
        conditions = {
            "by-me": by_user,
            "not-by-me": ~by_user,
            "by-nobody": ~Exists(completed),
            "by-two": Exists(completed.order_by("pk")[1:2]),
        }
        if "coded" in chosen:
            responses = responses.filter(conditions[chosen["coded"]])
        if "code" in chosen:
            # Which codes others gave shows only to those who are done themselves.
            codings = Coding.objects.filter(response=OuterRef("pk"), code_id=chosen["code"])
            responses = responses.filter(Exists(codings.filter(by=self.user)) | (by_user & Exists(codings)))
        return responses

    def _by_duplicates(self, responses: QuerySet[Response], chosen: dict[str, str]) -> QuerySet[Response]:
        match chosen.get("duplicate"):
            case "suspected":
                return responses.filter(pk__in=[pair.response for pair in suspected_duplicates(self.round)])
            case "marked":
                return responses.exclude(duplicate_of=None)
            case "no":
                return responses.filter(duplicate_of=None)
        return responses


def _by_reference(responses: QuerySet[Response], chosen: dict[str, str]) -> QuerySet[Response]:
    """Filter by a part of the reference: dashes, case and lookalikes make no difference."""
    if "reference" not in chosen:
        return responses
    characters = responses.annotate(characters=Replace("reference", Value("-"), Value("")))
    return characters.filter(characters__contains=normalise_code(chosen["reference"]))


def _by_respondent(responses: QuerySet[Response], chosen: dict[str, str]) -> QuerySet[Response]:
    for name in ("capacity", "sector", "area"):
        if chosen.get(name) == NOT_STATED[0]:
            responses = responses.filter(Q(respondent=None) | Q(**{f"respondent__{name}": ""}))
        elif name in chosen:
            responses = responses.filter(**{f"respondent__{name}": chosen[name]})
    return responses


def _by_proposition(responses: QuerySet[Response], chosen: dict[str, str]) -> QuerySet[Response]:
    wanted = {name: chosen[name] for name in ("proposition", "stance") if name in chosen}
    if not wanted:
        return responses
    return responses.filter(Exists(PropositionResponse.objects.filter(response=OuterRef("pk"), **wanted)))


def _by_text(responses: QuerySet[Response], chosen: dict[str, str]) -> QuerySet[Response]:
    if chosen.get("words") == "yes":
        responses = with_text(responses)
    elif chosen.get("words") == "no":
        responses = responses.exclude(pk__in=with_text(responses).order_by().values("pk"))
    for word in chosen.get("q", "").split():
        in_comment = Q()
        for part in COMMENT_PARTS:
            in_comment |= Q(**{f"{part}__icontains": word})
        answers = Answer.objects.filter(text__icontains=word, response=OuterRef("pk"))
        comments = PropositionResponse.objects.filter(in_comment, response=OuterRef("pk"))
        responses = responses.filter(Exists(answers) | Exists(comments))
    return responses
