"""Forms that were filled in on paper, typed in by staff."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.rounds import VIEW_ROUND, RoundMixin, round_dashboard_url
from engagement.feedback.models import FeedbackRound, FormVersion, Respondent, Response, RoundEvent
from engagement.feedback.responses import submissions
from engagement.feedback.responses.forms import RespondentForm
from engagement.feedback.responses.keys import is_valid_key, new_client_key
from engagement.feedback.responses.parsing import AnswerData, StanceData, parse_paper_form
from engagement.feedback.responses.presenters import error_list, proposition_controls, question_controls
from engagement.feedback.schema import STANCES, FormPage
from nelis.core.admin.views import StaffView

__all__ = ["BlankPaperFormView", "PaperFormView", "PaperFormWithdrawView", "PaperFormsView"]

ENTER_PAPER_FORMS = "feedback.change_feedbackround"
#: A sheet that is there is put right by those who may see what it says, and who said it.
READ_PAPER_FORMS = (ENTER_PAPER_FORMS, "feedback.read_responses", "feedback.read_respondents")
FORMS_SHOWN = 200
TOO_LATE = "No sheet can be added or changed any more: what came of the round is published. Nothing was kept"
ALREADY_PROCESSED = (
    "This sheet was coded, blacked out or withdrawn meanwhile, so it can’t be typed over. Nothing was kept"
)


class PaperSourceForm(forms.ModelForm):
    """Where a sheet came from."""

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
        """Each sheet is typed in once."""
        given = " ".join(self.cleaned_data["provenance"].split())
        others = Response.objects.filter(round=self.instance.round_id, mode=Response.Mode.PAPER)
        same = others.exclude(pk=self.instance.pk).filter(provenance__iexact=given).first()
        if same is not None:
            raise forms.ValidationError(f"A sheet from there is typed in already: {same.reference}")
        return given


def accepts_paper_forms(asked: FeedbackRound) -> bool:
    """Whether sheets can still be added: from when it was first opened until what came of it is published."""
    return asked.state in (FeedbackRound.State.OPEN, FeedbackRound.State.CLOSED) and asked.forms.exists()


def is_processed(sheet: Response) -> bool:
    """Whether a sheet was withdrawn, or something points at its words: it isn't typed over then."""
    pointing = (sheet.codings, sheet.redactions, sheet.quotations)
    return sheet.state != Response.State.SUBMITTED or any(rows.exists() for rows in pointing)


class PaperFormsView(RoundMixin, StaffView):
    """Those that are typed in, newest first, with the way to the next."""

    permission = ENTER_PAPER_FORMS
    template_name = "admin/feedback/paper_forms.html"

    def get_page_title(self) -> str:
        return f"Paper forms of {self.round.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheets = self.round.responses.filter(mode=Response.Mode.PAPER).order_by("-submitted_at", "-pk")
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "sheets": sheets.select_related("entered_by")[:FORMS_SHOWN],
            "count": sheets.count(),
            "open": accepts_paper_forms(self.round),
            "printed": self.round.forms.exists(),
            "may_read": self.request.user.has_perms(READ_PAPER_FORMS),
            "desk": round_dashboard_url(self.round),
        }


class PaperFormView(RoundMixin, StaffView):
    """One sheet: a new one, or one to put right."""

    permission = ENTER_PAPER_FORMS
    template_name = "admin/feedback/paper_form.html"
    http_method_names = ["get", "head", "post"]

    @cached_property
    def response(self) -> Response:
        """The sheet as it is kept, or a new one."""
        if "response" not in self.kwargs:
            by: Any = self.request.user
            return Response(round=self.round, form=self.version(), client_key=self.key(), entered_by=by)
        if not self.request.user.has_perms(READ_PAPER_FORMS):
            raise PermissionDenied
        found = get_object_or_404(self.round.responses.filter(mode=Response.Mode.PAPER), pk=self.kwargs["response"])
        if self.request.method != "POST" and is_processed(found):
            raise Http404("what is coded, blacked out or withdrawn can't be typed over")
        return found

    def version(self) -> FormVersion:
        """The version of the form that was printed: the newest, unless another was chosen."""
        number = self.request.POST.get("form") or self.request.GET.get("form", "")
        versions = self.round.forms.order_by("-number")
        chosen = versions.filter(number=int(number)) if number.isdecimal() and len(number) < 5 else versions
        found = chosen.first()
        # Who has typed a sheet in already is told what keeps it from being kept, and doesn't lose it.
        if found is None or (self.request.method != "POST" and not accepts_paper_forms(self.round)):
            raise Http404("there is nothing to type in")
        return found

    def key(self) -> str:
        """Minted with the empty page, so that a second click keeps nothing twice."""
        key = self.request.POST.get("k", "")
        return key if is_valid_key(key) else new_client_key()

    def about(self, *args: Any, **kwargs: Any) -> RespondentForm:
        """What the sheet says of who filled it in."""
        sectors = self.response.form.form.sectors
        return RespondentForm(*args, sectors=sectors, at_event=self.round.event_id is not None, **kwargs)

    def get_page_title(self) -> str:
        return f"Paper form {self.response.reference}" if self.response.reference else "Type in a paper form"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        response = self.response
        kept = (
            submissions.load_saved_response(response.client_key)
            if response.pk
            else submissions.SavedResponse(None, {}, {})
        )
        known = Respondent.objects.filter(response=response).first() if response.pk else None
        context = {
            "source": PaperSourceForm(instance=response),
            "about": self.about(instance=known),
            "parts": page_contexts(response.form.form.pages, kept.answers, kept.stances, {}),
            "errors": [],
        }
        return (
            super().get_context_data(**kwargs)
            | context
            | {
                "round": self.round,
                "response": response,
                "versions": [] if response.pk else self.round.forms.defer("content"),
                "back": reverse("feedback_paper_forms", args=[self.round.pk]),
            }
            | kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it, and go on to the next; or say what is wrong with it."""
        response = self.response
        is_new = response.pk is None
        if is_new and (same := Response.objects.filter(client_key=response.client_key).first()):
            return self.kept(same)
        source = PaperSourceForm(request.POST, instance=response)
        about = self.about(request.POST, instance=Respondent())
        read = parse_paper_form(response.form.form, request.POST)
        errors = dict(chain.from_iterable(one.errors.items() for _, one in read))
        says = any(any(one.answers.values()) or any(one.stances.values()) for _, one in read)
        # All of them are asked, so that everything that is wrong is said at once.
        if not all([source.is_valid(), about.is_valid(), not errors, says, accepts_paper_forms(self.round)]):
            return self.wrong(source, about, read, errors, says)
        try:
            with transaction.atomic():
                if not is_new and is_processed(Response.objects.select_for_update().get(pk=response.pk)):
                    return self.wrong(source, about, read, errors, says, ALREADY_PROCESSED)
                submissions.save_paper_response(response, read, about.cleaned_data)
                done = "typed in" if is_new else "put right"
                RoundEvent.write(self.round, done, request.user, response.reference or "", response)
        except submissions.ClosedError:
            return self.wrong(source, about, read, errors, says, TOO_LATE)
        return self.kept(response)

    def kept(self, response: Response) -> HttpResponse:
        """On to the next sheet, with what to write on this one."""
        messages.success(self.request, f"Kept as {response.reference}. Write that on the sheet.")
        return redirect(reverse("feedback_paper_forms", args=[self.round.pk]))

    def wrong(
        self,
        source: forms.ModelForm,
        about: forms.ModelForm,
        read: Iterable[Any],
        errors: Mapping[str, str],
        says: bool,
        obstacle: str = "",
    ) -> HttpResponse:
        """The page with what was typed, and what is wrong with it, or keeps it from being kept at all."""
        if not accepts_paper_forms(self.round):
            obstacle = TOO_LATE
        pages = [page for page, _ in read]
        answers = {key: given for _, one in read for key, given in one.answers.items()}
        stances = {key: given for _, one in read for key, given in one.stances.items()}
        listed = [
            (form[name].id_for_label, error)
            for form in (source, about)
            for name in form.errors
            for error in form.errors[name]
        ]
        listed += [one for page in pages for one in error_list(page, errors)]
        if obstacle:
            listed.insert(0, ("answers", obstacle))
        if not says and not errors:
            listed.append(("answers", "The sheet says nothing yet. Type in one answer or more"))
        context = self.get_context_data(
            source=source, about=about, parts=page_contexts(pages, answers, stances, errors), errors=listed
        )
        return self.render_to_response(context, status=422)


def page_contexts(
    pages: Iterable[FormPage],
    answers: Mapping[str, AnswerData],
    stances: Mapping[str, StanceData],
    errors: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The pages of a form with what is in them, as the template takes them."""
    return [
        {
            "page": page,
            "rated": proposition_controls(page, stances, errors),
            "controls": question_controls(page, answers, errors),
        }
        for page in pages
    ]


class BlankPaperFormView(PaperFormsView):
    """The newest form, to be printed and filled in by hand: what phones ask, with boxes and lines."""

    template_name = "admin/feedback/blank_paper_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.round.newest_form()
        if form is None:
            raise Http404("it was never opened, so there is no form")
        about = RespondentForm(sectors=form.form.sectors, at_event=self.round.event_id is not None)
        said = {name: str(field.label or name.capitalize()) for name, field in about.fields.items()}
        return super().get_context_data(**kwargs) | {
            "form": form,
            "pages": [
                {"page": page, "rated": page.rated, "controls": question_controls(page, {}, {})}
                for page in form.form.pages
            ],
            "stances": STANCES.values(),
            "capacities": Respondent.Capacity.labels,
            "fields": [said[name] for name in ("name", "organisation", "role", "sector", "area", "address")],
            "attended": said.get("attended"),
            "consents": [said[name] for name in ("may_contact", "may_quote")],
        }


class PaperFormWithdrawView(View):
    """The button that withdraws a sheet, for somebody who asks for that without a phone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, response: int) -> HttpResponse:
        """Do it, and go back to the list."""
        if not request.user.has_perms([VIEW_ROUND, *READ_PAPER_FORMS]):
            raise PermissionDenied
        sheets = Response.objects.filter(mode=Response.Mode.PAPER).exclude(state=Response.State.WITHDRAWN)
        found = get_object_or_404(sheets, round=pk, pk=response)
        with transaction.atomic():
            submissions.withdraw(found)
            RoundEvent.write(found.round, "withdrawn", request.user, f"{found.reference}, from paper", found)
        messages.success(request, f"{found.reference} is withdrawn: what it said, and who said it, is deleted.")
        return redirect(reverse("feedback_paper_forms", args=[pk]))
