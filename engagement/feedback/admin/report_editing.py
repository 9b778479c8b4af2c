"""Writing a report: themes, official responses, and choosing the words that are quoted."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import PostActionsMixin, posted_key
from engagement.feedback.admin.report import ReportMixin, report_dashboard_url
from engagement.feedback.admin.report_forms import OfficialResponseForm, ThemeForm
from engagement.feedback.analysis import coding_workflow
from engagement.feedback.analysis.permissions import READ_RESPONSES, locked_round
from engagement.feedback.models import Coding, FeedbackRound, OfficialResponse, Quotation, Theme
from engagement.feedback.reporting import publishing
from engagement.feedback.reporting.corrections import LINK_FIELDS, editable_row, linked_keys, signature
from engagement.feedback.reporting.quotations import quotable, quoted_texts
from nelis.core.admin.views import StaffFormView, StaffView
from nelis.core.edit_conflicts import report_conflict

PER_PAGE = 20
CHANGED_MEANWHILE = (
    "A colleague changed this, or published it, after you opened it. Nothing of yours is saved yet; what you typed is "
    "still below. Compare the two. If you save again, yours takes its place."
)
CORRECTION_HELP = (
    "This is published. What you change waits until a colleague publishes it; until then the site shows what was "
    "approved. To take it off the site at once, go back and press “Take back”."
)


class ReportRowView(ReportMixin, StaffFormView):
    """A form for one row of the report; a new one where no number is in the URL."""

    model: type[Theme] | type[OfficialResponse]
    noun = ""

    @property
    def is_new(self) -> bool:
        """Whether the row isn't there yet."""
        return "number" not in self.kwargs

    def get_page_title(self) -> str:
        return f"{'Add' if self.is_new else 'Change'} {self.noun}"

    @cached_property
    def row(self) -> Theme | OfficialResponse:
        """What is written to: a new row, one that isn't published, or the correction of one that is."""
        if self.is_new:
            new: Theme | OfficialResponse = self.model(round=self.round)
            return new
        rows: Any = self.model._default_manager.select_related("round")
        return editable_row(get_object_or_404(rows, pk=self.kwargs["number"], round=self.round, corrects=None))

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {} if self.is_new else self.initial_of(self.row)
        return super().get_form_kwargs() | {"instance": self.row, "initial": initial}

    def initial_of(self, row: Theme | OfficialResponse) -> dict[str, Any]:
        """Return what the form of ``row`` begins with beside its own fields."""
        return {LINK_FIELDS[self.model]: linked_keys(row), "seen": signature(row)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.row.corrects_id:
            context["intro"] = f"{CORRECTION_HELP} {context['intro']}"
        return context

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        row_form: Any = form
        with locked_round(self.round):
            if not self.is_new and row_form.cleaned_data["seen"] != signature(current := self.current_row()):
                theirs = self.get_form_class()(instance=current, initial=self.initial_of(current))
                report_conflict(row_form, theirs, CHANGED_MEANWHILE)
                return self.form_invalid(row_form)
            if not self.is_new and not row_form.has_changed():
                messages.info(self.request, "Nothing was changed.")
                return redirect(report_dashboard_url(self.round))
            row = row_form.save()
            publishing.record_edit(row, self.request.user, is_new=self.is_new)
        saved = "It is saved. What is on the site stays as it is until a colleague publishes the correction."
        messages.success(self.request, saved if row.corrects_id else "It is saved.")
        return redirect(report_dashboard_url(self.round))

    def current_row(self) -> Theme | OfficialResponse:
        """Read the row anew: the form has begun to change the one it was opened for."""
        rows: Any = self.model._default_manager.select_related("round")
        return editable_row(get_object_or_404(rows, pk=self.kwargs["number"]))


class ThemeView(ReportRowView):
    """The form for a theme: one thing that many said."""

    model, form_class, noun = Theme, ThemeForm, "a theme"
    intro = "A theme says in our words what many said. It is published with the report, or with the next additions."


class OfficialResponseView(ReportRowView):
    """The form for an official response: you said, we did."""

    model, form_class, noun = OfficialResponse, OfficialResponseForm, "an official response"
    intro = (
        "What was said, what was done about it, and why. Where a new version of a proposition came of it, publish that "
        "version first and choose it here: the pages that compare the versions then lead to this response."
    )


class QuotationsView(PostActionsMixin, ReportMixin, StaffView):
    """Coded words that may be quoted, each with a button."""

    template_name = "admin/feedback/quotations.html"
    page_title = "Choose quotations"
    default_action = "quote"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(READ_RESPONSES):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        codes = list(self.round.codes.all())
        wanted = self.request.GET.get("code", "")
        chosen = next((code for code in codes if str(code.pk) == wanted), None)
        # Whoever still codes as the second isn't shown which words have which code.
        visible = coding_workflow.visible_codings(self.round, self.request.user)
        codings = quotable(Coding.objects.filter(visible, response__round=self.round))
        codings = codings.order_by("response", "anchor", "start", "pk")
        if chosen:
            codings = codings.filter(code=chosen)
        page = Paginator(codings, PER_PAGE).get_page(self.request.GET.get("p"))
        listed = Coding.objects.filter(pk__in=[coding.pk for coding in page])
        texts = {text.pk: text for text in quoted_texts(listed)}
        taken = set(
            Quotation.objects.filter(response__round=self.round).values_list("response", "anchor", "start", "end")
        )
        listed = listed.select_related("code", "response__respondent").order_by("response", "anchor", "start", "pk")
        rows = [
            {
                "coding": coding,
                "text": texts[coding.pk].text,
                "is_taken": (coding.response_id, coding.anchor, coding.start, coding.end) in taken,
                "may_be_named": may_be_named(coding),
            }
            for coding in listed
            if coding.pk in texts
        ]
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "codes": codes,
            "chosen": chosen,
            "page": page,
            "rows": rows,
            "themes": self.round.themes.filter(corrects=None),
            "sees_all": not visible,
            "allows_none": self.round.publish_policy == FeedbackRound.Publish.NOTHING,
        }

    def quote(self) -> str:
        """Choose the words of one coding."""
        visible = coding_workflow.visible_codings(self.round, self.request.user)
        codings = Coding.objects.filter(visible, response__round=self.round)
        coding = get_object_or_404(codings, pk=posted_key(self.request, "span"))
        themes = Theme.objects.filter(round=self.round, corrects=None)
        quotation = Quotation(
            response=coding.response,
            anchor=coding.anchor,
            start=coding.start,
            end=coding.end,
            theme=themes.filter(pk=posted_key(self.request, "theme")).first(),
            is_named="named" in self.request.POST,
        )
        publishing.add_quotation(quotation, self.request.user)
        return "These words are chosen. They are published with the report."


def may_be_named(coding: Coding) -> bool:
    """Tell whether the name of whoever said it may stand below."""
    person = getattr(coding.response, "respondent", None)
    return bool(person and person.may_quote and (person.name or person.organisation))
