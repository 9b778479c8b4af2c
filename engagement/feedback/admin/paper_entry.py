"""Paper forms: printing blank ones, and entering those that people filled in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import RoundMixin, RoundPostView, round_dashboard_url
from engagement.feedback.models import FeedbackRound, FormVersion, Respondent, Response, RoundEvent
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.forms import RespondentForm
from engagement.feedback.responses.keys import is_valid_key, new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData, parse_paper_form
from engagement.feedback.responses.presenters import error_list, proposition_controls, question_controls
from engagement.feedback.responses.saved_response import load_saved_response
from engagement.feedback.schema import STANCES, FormPage
from nelis.core.admin.views import StaffView

ENTER_PAPER_FORMS = "feedback.change_feedbackround"
#: A form that was entered is corrected by those who may see what it says, and who said it.
READ_PAPER_FORMS = (ENTER_PAPER_FORMS, "feedback.read_responses", "feedback.read_respondents")
FORMS_SHOWN = 200
TOO_LATE = "No sheet can be added or changed any more: what came of the round is published. Nothing was kept"
ALREADY_PROCESSED = (
    "This sheet was coded, blacked out or withdrawn meanwhile, so it can’t be typed over. Nothing was kept"
)


class PaperSourceForm(forms.ModelForm):
    """Where a paper form came from."""

    use_required_attribute = False

    class Meta:
        model = Response
        fields = ["provenance"]
        labels = {"provenance": "Where the sheet came from"}
        help_texts = {"provenance": "So that it can be found again: such as “Table 4, sheet 12”. No name of a person."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provenance"].required = True
        self.fields["provenance"].error_messages["required"] = "Say where the sheet came from"

    def clean_provenance(self) -> str:
        """Refuse a source that was entered already: each form is entered once."""
        provenance = " ".join(self.cleaned_data["provenance"].split())
        others = Response.objects.filter(round=self.instance.round_id, mode=Response.Mode.PAPER)
        same = others.exclude(pk=self.instance.pk).filter(provenance__iexact=provenance).first()
        if same is not None:
            raise forms.ValidationError(f"A sheet from there is typed in already: {same.reference}")
        return provenance


#: A page of the form, and what was entered on it.
ParsedForm = Sequence[tuple[FormPage, ParsedPage]]


def accepts_paper_forms(round_: FeedbackRound) -> bool:
    """Tell whether paper forms can be added: from when the round is first opened until it is reported back."""
    return round_.state in (FeedbackRound.State.OPEN, FeedbackRound.State.CLOSED) and round_.forms.exists()


def is_processed(response: Response) -> bool:
    """Tell whether a response was withdrawn, or something points at its words: it isn't changed then."""
    spans = (response.codings, response.redactions, response.quotations)
    return response.state != Response.State.SUBMITTED or any(rows.exists() for rows in spans)


class PaperFormsView(RoundMixin, StaffView):
    """The paper forms that were entered, newest first, and the way to the next."""

    permission = ENTER_PAPER_FORMS
    template_name = "admin/feedback/paper_forms.html"

    def get_page_title(self) -> str:
        return f"Paper forms of {self.round.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        responses = self.round.responses.filter(mode=Response.Mode.PAPER).order_by("-submitted_at", "-pk")
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "responses": responses.select_related("entered_by")[:FORMS_SHOWN],
            "count": responses.count(),
            "open": accepts_paper_forms(self.round),
            "printed": self.round.forms.exists(),
            "may_read": self.request.user.has_perms(READ_PAPER_FORMS),
            "dashboard": round_dashboard_url(self.round),
        }


class PaperFormView(RoundMixin, StaffView):
    """One paper form: a new one, or one to correct."""

    permission = ENTER_PAPER_FORMS
    template_name = "admin/feedback/paper_form.html"
    http_method_names = ["get", "head", "post"]

    @cached_property
    def response(self) -> Response:
        """The response that was entered, or a new one."""
        if "response" not in self.kwargs:
            user: Any = self.request.user
            return Response(round=self.round, form=self.version(), client_key=self.key(), entered_by=user)
        if not self.request.user.has_perms(READ_PAPER_FORMS):
            raise PermissionDenied
        responses = self.round.responses.filter(mode=Response.Mode.PAPER)
        response = get_object_or_404(responses, pk=self.kwargs["response"])
        if self.request.method != "POST" and is_processed(response):
            raise Http404("what is coded, blacked out or withdrawn can't be typed over")
        return response

    def version(self) -> FormVersion:
        """Find the version of the form that was printed: the newest, unless another was chosen."""
        number = self.request.POST.get("form") or self.request.GET.get("form", "")
        versions = self.round.forms.order_by("-number")
        chosen = versions.filter(number=int(number)) if number.isdecimal() and len(number) < 5 else versions
        version = chosen.first()
        # Who has entered a form already is told what keeps it from being saved, and doesn't lose it.
        if version is None or (self.request.method != "POST" and not accepts_paper_forms(self.round)):
            raise Http404("there is nothing to type in")
        return version

    def key(self) -> str:
        """Make a key with the empty page, so that a second click saves nothing twice."""
        key = self.request.POST.get("k", "")
        return key if is_valid_key(key) else new_client_key()

    def respondent_form(self, *args: Any, **kwargs: Any) -> RespondentForm:
        """Build the form for who filled the paper form in."""
        sectors = self.response.form.schema.sectors
        return RespondentForm(*args, sectors=sectors, at_event=self.round.event_id is not None, **kwargs)

    def get_page_title(self) -> str:
        return f"Paper form {self.response.reference}" if self.response.reference else "Type in a paper form"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        response = self.response
        context = super().get_context_data(**kwargs) | {
            "round": self.round,
            "response": response,
            "versions": [] if response.pk else self.round.forms.defer("content"),
            "back": reverse("feedback_paper_forms", args=[self.round.pk]),
        }
        if "errors" in kwargs:
            return context
        saved = load_saved_response(response.client_key)
        respondent = Respondent.objects.filter(response=response).first() if response.pk else None
        return context | {
            "source": PaperSourceForm(instance=response),
            "about": self.respondent_form(instance=respondent),
            "parts": page_contexts(response.form.schema.pages, saved.answers, saved.stances, {}),
            "errors": [],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form, and go on to the next; or say what is wrong with it."""
        response = self.response
        is_new = response.pk is None
        if is_new and (saved := Response.objects.filter(client_key=response.client_key).first()):
            return self.redirect_to_list(saved)
        source = PaperSourceForm(request.POST, instance=response)
        about = self.respondent_form(request.POST, instance=Respondent())
        parsed = parse_paper_form(response.form.schema, request.POST)
        is_complete = not parsing_errors(parsed) and has_content(parsed) and accepts_paper_forms(self.round)
        # Both forms are checked, so that everything that is wrong is said at once.
        if not all([source.is_valid(), about.is_valid(), is_complete]):
            return self.render_invalid(source, about, parsed)
        try:
            with transaction.atomic():
                if not is_new and is_processed(Response.objects.select_for_update().get(pk=response.pk)):
                    return self.render_invalid(source, about, parsed, ALREADY_PROCESSED)
                submissions.save_paper_response(response, parsed, about.cleaned_data)
                action = "typed in" if is_new else "put right"
                RoundEvent.write(self.round, action, request.user, response.reference or "", response=response)
        except submissions.ClosedError:
            return self.render_invalid(source, about, parsed, TOO_LATE)
        return self.redirect_to_list(response)

    def redirect_to_list(self, response: Response) -> HttpResponse:
        """Go on to the next paper form, and say what to write on this one."""
        messages.success(self.request, f"Kept as {response.reference}. Write that on the sheet.")
        return redirect("feedback_paper_forms", self.round.pk)

    def render_invalid(
        self, source: forms.ModelForm, about: forms.ModelForm, parsed: ParsedForm, obstacle: str = ""
    ) -> HttpResponse:
        """Show the page with what was entered, and what is wrong with it or keeps it from being saved at all."""
        errors = parsing_errors(parsed)
        listed = [
            (form[name].id_for_label, error)
            for form in (source, about)
            for name in form.errors
            for error in form.errors[name]
        ]
        listed += [error for page, _ in parsed for error in error_list(page, errors)]
        if obstacle or not accepts_paper_forms(self.round):
            listed.insert(0, ("answers", obstacle or TOO_LATE))
        if not has_content(parsed) and not errors:
            listed.append(("answers", "The sheet says nothing yet. Type in one answer or more"))
        answers = {key: answer for _, page in parsed for key, answer in page.answers.items()}
        stances = {key: stance for _, page in parsed for key, stance in page.stances.items()}
        parts = page_contexts([page for page, _ in parsed], answers, stances, errors)
        context = self.get_context_data(source=source, about=about, parts=parts, errors=listed)
        return self.render_to_response(context, status=422)


def parsing_errors(parsed: ParsedForm) -> dict[str, str]:
    """Collect the errors of all pages, by field."""
    return {field: error for _, page in parsed for field, error in page.errors.items()}


def has_content(parsed: ParsedForm) -> bool:
    """Tell whether anything was entered on any page."""
    return any(any(page.answers.values()) or any(page.stances.values()) for _, page in parsed)


def page_contexts(
    pages: Iterable[FormPage],
    answers: Mapping[str, AnswerData],
    stances: Mapping[str, StanceData],
    errors: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Present the pages of a form with what is entered in them."""
    return [
        {
            "page": page,
            "propositions": proposition_controls(page, stances, errors),
            "controls": question_controls(page, answers, errors),
        }
        for page in pages
    ]


class BlankPaperFormView(PaperFormsView):
    """The newest form, to be printed and filled in by hand: what phones ask, with boxes and lines."""

    template_name = "admin/feedback/blank_paper_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.round.newest_form()
        if version is None:
            raise Http404("it was never opened, so there is no form")
        about = RespondentForm(sectors=version.schema.sectors, at_event=self.round.event_id is not None)
        labels = {name: str(field.label or name.capitalize()) for name, field in about.fields.items()}
        return super().get_context_data(**kwargs) | {
            "form": version,
            "pages": [
                {"page": page, "propositions": page.propositions, "controls": question_controls(page, {}, {})}
                for page in version.schema.pages
            ],
            "stances": STANCES.values(),
            "capacities": Respondent.Capacity.labels,
            "fields": [labels[name] for name in ("name", "organisation", "role", "sector", "area", "address")],
            "attended": labels.get("attended"),
            "consents": [labels[name] for name in ("may_contact", "may_quote")],
        }


class PaperFormWithdrawView(RoundPostView):
    """The button that withdraws a paper form, for somebody who asks for that without a phone."""

    permission = ENTER_PAPER_FORMS
    default_action = "withdraw"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perms(READ_PAPER_FORMS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse("feedback_paper_forms", args=[self.round.pk])

    def withdraw(self) -> str:
        """Delete what the form says, and who filled it in."""
        responses = self.round.responses.filter(mode=Response.Mode.PAPER).exclude(state=Response.State.WITHDRAWN)
        response = get_object_or_404(responses, pk=self.kwargs["response"])
        with transaction.atomic():
            withdrawals.withdraw(response)
            RoundEvent.write(
                self.round, "withdrawn", self.request.user, f"{response.reference}, from paper", response=response
            )
        return f"{response.reference} is withdrawn: what it said, and who said it, is deleted."
