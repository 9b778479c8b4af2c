"""Writing a report: themes, official responses, and choosing the words that are quoted."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import posted_key
from engagement.feedback.admin.report import ReportMixin, report_dashboard_url
from engagement.feedback.admin.report_forms import OfficialResponseForm, ThemeForm
from engagement.feedback.analysis import coding_workflow
from engagement.feedback.analysis.permissions import READ_RESPONSES, RefusedError
from engagement.feedback.models import Coding, FeedbackRound, OfficialResponse, Quotation, Theme
from engagement.feedback.reporting import publishing
from engagement.feedback.reporting.corrections import LINK_FIELDS, editable_row, linked_keys, signature
from engagement.feedback.reporting.quotations import quotable, quoted_texts
from nelis.core.admin.views import StaffFormView, StaffView

__all__ = ["OfficialResponseView", "QuotationsView", "ThemeView"]

PER_PAGE = 20
CORRECTION_HELP = (
    "This is published. What you change waits until a colleague publishes it; until then the site shows what was "
    "approved. To take it off the site at once, go back and press “Take back”."
)


class ReportRowView(ReportMixin, StaffFormView):
    """A form for one row of the report; a new one where no number is in the address."""

    model: type[Theme] | type[OfficialResponse]
    noun = ""

    @property
    def is_new(self) -> bool:
        """Whether it isn't there yet."""
        return "number" not in self.kwargs

    def get_page_title(self) -> str:
        return f"{'Add' if self.is_new else 'Change'} {self.noun}"

    @cached_property
    def row(self) -> Theme | OfficialResponse:
        """What is written to: a new row, one that isn't published, or the correction of one that is."""
        if self.is_new:
            fresh: Theme | OfficialResponse = self.model(round=self.round)
            return fresh
        rows: Any = self.model._default_manager.select_related("round")
        return editable_row(get_object_or_404(rows, pk=self.kwargs["number"], round=self.round, corrects=None))

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {} if self.is_new else {LINK_FIELDS[self.model]: linked_keys(self.row), "seen": signature(self.row)}
        return super().get_form_kwargs() | {"instance": self.row, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.row.corrects_id:
            context["intro"] = f"{CORRECTION_HELP} {context['intro']}"
        return context

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        saving: Any = form
        with transaction.atomic():
            publishing.lock_round(self.round)
            if not self.is_new and saving.cleaned_data["seen"] != (now := self.said_now()):
                saving.changed_meanwhile(now)
                return self.form_invalid(saving)
            if not self.is_new and not saving.has_changed():
                messages.info(self.request, "Nothing was changed.")
                return redirect(report_dashboard_url(self.round))
            row = saving.save()
            publishing.record_edit(row, self.request.user, is_new=self.is_new)
        kept = "It is saved. What is on the site stays as it is until a colleague publishes the correction."
        messages.success(self.request, kept if row.corrects_id else "It is saved.")
        return redirect(report_dashboard_url(self.round))

    def said_now(self) -> str:
        """What it says by now: the form has begun to change the row it was opened for."""
        rows: Any = self.model._default_manager.select_related("round")
        row = rows.filter(pk=self.kwargs["number"]).first()
        return signature(editable_row(row)) if row else ""


class ThemeView(ReportRowView):
    """One thing that many said."""

    model, form_class, noun = Theme, ThemeForm, "a theme"
    intro = "A theme says in our words what many said. It is published with the report, or with the next additions."


class OfficialResponseView(ReportRowView):
    """You said, we did."""

    model, form_class, noun = OfficialResponse, OfficialResponseForm, "an official response"
    intro = (
        "What was said, what was done about it, and why. Where a new version of a proposition came of it, publish that "
        "version first and choose it here: the pages that compare the versions then lead to this response."
    )


class QuotationsView(ReportMixin, StaffView):
    """Coded words that may be quoted, each with a button."""

    template_name = "admin/feedback/quotations.html"
    page_title = "Choose quotations"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(READ_RESPONSES):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        codes = list(self.round.codes.all())
        wanted = self.request.GET.get("code", "")
        # Which words have which code isn't shown to whoever still codes them without knowing.
        may_see = coding_workflow.visible_codings(self.round, self.request.user)
        spans = quotable(Coding.objects.filter(may_see, response__round=self.round))
        spans = spans.order_by("response", "anchor", "start", "pk")
        chosen = next((code for code in codes if str(code.pk) == wanted), None)
        if chosen:
            spans = spans.filter(code=chosen)
        page = Paginator(spans, PER_PAGE).get_page(self.request.GET.get("p"))
        keys = [span.pk for span in page]
        words = {one.pk: one for one in quoted_texts(Coding.objects.filter(pk__in=keys))}
        shown = (
            Coding.objects.filter(pk__in=keys)
            .select_related("code", "response__respondent")
            .order_by("response", "anchor", "start", "pk")
        )
        taken = set(
            Quotation.objects.filter(response__round=self.round).values_list("response", "anchor", "start", "end")
        )
        rows = [
            {
                "span": one,
                "words": words.get(one.pk),
                "is_taken": (one.response_id, one.anchor, one.start, one.end) in taken,
                "may_name": may_be_named(one),
            }
            for one in shown
        ]
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "codes": codes,
            "chosen": chosen,
            "page": page,
            "rows": [row for row in rows if row["words"]],
            "themes": self.round.themes.filter(corrects=None),
            "sees_all": not may_see,
            "allows_none": self.round.publish_policy == FeedbackRound.Publish.NOTHING,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Choose the words of one coded span."""
        may_see = coding_workflow.visible_codings(self.round, request.user)
        span = get_object_or_404(
            Coding.objects.filter(may_see), pk=posted_key(request, "span"), response__round=self.round
        )
        theme = Theme.objects.filter(round=self.round, corrects=None, pk=posted_key(request, "theme")).first()
        is_named = "named" in request.POST
        where = {"response": span.response, "anchor": span.anchor, "start": span.start, "end": span.end}
        try:
            publishing.add_quotation(Quotation(**where, theme=theme, is_named=is_named), request.user)
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "These words are chosen. They are published with the report.")
        return redirect(request.get_full_path())


def may_be_named(span: Coding) -> bool:
    """Whether the name of whoever said it may stand below."""
    person = getattr(span.response, "respondent", None)
    return bool(person and person.may_quote and (person.name or person.organisation))
