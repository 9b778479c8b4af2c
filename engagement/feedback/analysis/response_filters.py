"""Finding responses of a round: by what they are, by who reads them, and by the words in them."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace

from engagement.feedback.analysis.coding_workflow import with_text
from engagement.feedback.analysis.duplicates import suspected_duplicates
from engagement.feedback.analysis.form_history import FormHistory
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
from engagement.feedback.responses.parsing import COMMENT_PARTS
from engagement.feedback.schema import STANCES

__all__ = ["NOT_STATED", "ResponseFilterForm", "filter_responses"]

#: For those who left a question about themselves open.
NOT_STATED = "-"
ANY = ("", "Any")


class ResponseFilterForm(forms.Form):
    """What the inbox can be narrowed by. Built for one round, and for one member of staff."""

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

    def __init__(
        self, feedback_round: FeedbackRound, asked: FormHistory, *args: Any, sees_who: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.round, self.asked = feedback_round, asked
        # What was never sent is nobody's to read.
        states = (*Response.SENT, Response.State.WITHDRAWN)
        self._choices("state", [(one, one.label) for one in states])
        self._choices("session", [(one.pk, one.title) for one in feedback_round.sessions.all()])
        self._choices("proposition", [(key, f"{one.ref} {one.title}") for key, one in asked.rated.items()])
        self._choices("code", [(code.pk, code.name) for code in feedback_round.codes.all()])
        if sees_who:
            self._about_people()

    def _choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [ANY, *choices]

    def _about_people(self) -> None:
        """Filters by who answered, for those who may see that."""
        about = Respondent.objects.filter(response__round=self.round).order_by()
        not_said = (NOT_STATED, "Not said")
        self.fields["capacity"] = forms.ChoiceField(
            label="Answers", required=False, choices=[ANY, *Respondent.Capacity.choices, not_said]
        )
        for name in ("sector", "area"):
            said = sorted(set(about.exclude(**{name: ""}).values_list(name, flat=True)))
            choices = [ANY, *((one, one) for one in said), not_said]
            self.fields[name] = forms.ChoiceField(label=name.capitalize(), required=False, choices=choices)


def filter_responses(form: ResponseFilterForm, by: Any) -> QuerySet[Response]:
    """The responses that a filled-in form is about, in the order they were begun. What is wrong in it is left out."""
    said = {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value}
    responses: QuerySet[Response] = Response.objects.filter(round=form.round)
    responses = responses.filter(state=said["state"]) if "state" in said else responses.filter(state__in=Response.SENT)
    for name in ("mode", "session"):
        if name in said:
            responses = responses.filter(**{name: said[name]})
    if "reference" in said:
        responses = _by_reference(responses, normalise_code(said["reference"]))
    for narrow in (_by_people, _by_propositions, _by_words, _by_coding, _by_duplicates):
        responses = narrow(responses, said, form, by)
    return responses.order_by("pk")


def _by_reference(responses: QuerySet[Response], code: str) -> QuerySet[Response]:
    """Those whose receipt has ``code`` in it: dashes, case and lookalikes make no difference."""
    signs = responses.annotate(signs=Replace("reference", Value("-"), Value("")))
    return signs.filter(signs__contains=code)


def _by_people(
    responses: QuerySet[Response], said: dict[str, str], form: ResponseFilterForm, by: Any
) -> QuerySet[Response]:
    for name in ("capacity", "sector", "area"):
        if said.get(name) == NOT_STATED:
            responses = responses.filter(Q(respondent=None) | Q(**{f"respondent__{name}": ""}))
        elif name in said:
            responses = responses.filter(**{f"respondent__{name}": said[name]})
    return responses


def _by_propositions(
    responses: QuerySet[Response], said: dict[str, str], form: ResponseFilterForm, by: Any
) -> QuerySet[Response]:
    chosen = {name: said[name] for name in ("proposition", "stance") if name in said}
    if not chosen:
        return responses
    return responses.filter(Exists(PropositionResponse.objects.filter(response=OuterRef("pk"), **chosen)))


def _by_words(
    responses: QuerySet[Response], said: dict[str, str], form: ResponseFilterForm, by: Any
) -> QuerySet[Response]:
    if said.get("words") == "yes":
        responses = with_text(responses)
    elif said.get("words") == "no":
        responses = responses.exclude(pk__in=with_text(responses).order_by().values("pk"))
    for word in said.get("q", "").split():
        in_parts = Q()
        for part in COMMENT_PARTS:
            in_parts |= Q(**{f"{part}__icontains": word})
        mine = {"response": OuterRef("pk")}
        responses = responses.filter(
            Exists(Answer.objects.filter(text__icontains=word, **mine))
            | Exists(PropositionResponse.objects.filter(in_parts, **mine))
        )
    return responses


def _by_coding(
    responses: QuerySet[Response], said: dict[str, str], form: ResponseFilterForm, by: Any
) -> QuerySet[Response]:
    readings = CompletedCoding.objects.filter(response=OuterRef("pk"))
    mine = Exists(readings.filter(by=by))
    second = Exists(readings.order_by("pk")[1:2])
    asked = {"by-me": mine, "not-by-me": ~mine, "by-nobody": ~Exists(readings), "by-two": second}
    if "coded" in said:
        responses = responses.filter(asked[said["coded"]])
    if "code" in said:
        # What others found shows only to those who are done themselves.
        codings = Coding.objects.filter(response=OuterRef("pk"), code_id=said["code"])
        responses = responses.filter(Exists(codings.filter(by=by)) | (mine & Exists(codings)))
    return responses


def _by_duplicates(
    responses: QuerySet[Response], said: dict[str, str], form: ResponseFilterForm, by: Any
) -> QuerySet[Response]:
    if said.get("duplicate") == "suspected":
        return responses.filter(pk__in=[one.response for one in suspected_duplicates(form.round)])
    if said.get("duplicate") == "marked":
        return responses.exclude(duplicate_of=None)
    if said.get("duplicate") == "no":
        return responses.filter(duplicate_of=None)
    return responses
