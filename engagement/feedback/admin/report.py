"""Reporting a round back: the dashboard of its themes, official responses and quotations, its preview and buttons."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from engagement.feedback.admin.base import RoundMixin, RoundPostView, posted_key, posted_text
from engagement.feedback.analysis.permissions import REPORT_ROUND, RefusedError
from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, Theme
from engagement.feedback.privacy.retention import contact_kept_until
from engagement.feedback.reporting import notifications, publishing
from engagement.feedback.reporting.corrections import unpublished_signature
from engagement.feedback.reporting.outcomes import prefetch_outcomes
from engagement.feedback.reporting.quotations import quotable, quoted_texts
from engagement.feedback.views.results import results_context
from nelis.core.admin.views import StaffView


def report_dashboard_url(round_: FeedbackRound) -> str:
    """Find the page on which a round is reported back."""
    return reverse("feedback_report", args=[round_.pk])


class ReportMixin(RoundMixin):
    """A page below the report's dashboard, for those who may report back."""

    permission = REPORT_ROUND

    def get_parents(self) -> list[dict[str, Any]]:
        return [*super().get_parents(), {"url": report_dashboard_url(self.round), "label": "Report back"}]


class ReportDashboardView(RoundMixin, StaffView):
    """What is written, what of it waits, and who is told."""

    permission = REPORT_ROUND
    template_name = "admin/feedback/report_dashboard.html"
    page_title = "Report back"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round_ = self.round
        is_reported = round_.state == FeedbackRound.State.REPORTED
        themes = round_.themes.annotate(code_count=Count("codes")).order_by("sort_order", "pk")
        quotations = Quotation.objects.filter(response__round=round_)
        texts = {text.pk: text for text in quoted_texts(quotable(quotations))}
        return super().get_context_data(**kwargs) | {
            "round": round_,
            "is_reported": is_reported,
            "obstacles": [] if is_reported else publishing.obstacles(round_),
            "waiting": publishing.count_unpublished(round_),
            "seen": unpublished_signature(round_),
            "is_own_work": publishing.is_own_work(round_, self.request.user),
            "themes": _with_corrections(themes),
            "responses": _with_corrections(prefetch_outcomes(round_.official_responses.all())),
            "quotations": [
                (quotation, texts.get(quotation.pk)) for quotation in quotations.select_related("theme", "by")
            ],
            "status": notifications.notification_status(round_),
            "mail": notifications.outcome_message(round_, "somebody@example.org").text,
            "contact_until": contact_kept_until(round_),
        }


def _with_corrections(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Load themes or responses with their corrections, and with who wrote what waits. Three queries."""
    return rows.filter(corrects=None).select_related("correction").prefetch_related("writers", "correction__writers")


class ReportPreviewView(ReportMixin, StaffView):
    """The results page with everything that is written, published or not."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # As Wagtail marks its own previews, which pages ask about.
        preview: Any = request
        preview.is_preview, preview.is_dummy = True, True
        return render(request, "feedback/results.html", results_context(self.round, drafts=True))


class ReportActionView(RoundPostView):
    """The buttons of the report's dashboard."""

    permission = REPORT_ROUND
    actions = ("publish", "add", "take_back", "take_back_one", "delete", "unquote", "tell")

    def get_success_url(self) -> str:
        return report_dashboard_url(self.round)

    def posted_row(self) -> Theme | OfficialResponse:
        """Find the theme or official response that the button is of."""
        model: Any = Theme if self.request.POST.get("what") == "theme" else OfficialResponse
        row: Theme | OfficialResponse = get_object_or_404(
            model, pk=posted_key(self.request, "number"), round=self.round
        )
        return row

    def publish(self) -> str:
        """Report the round back."""
        publishing.report_back(self.round, self.request.user, self.request.POST.get("seen", ""))
        return "The round is reported back. Its results are on the site."

    def add(self) -> str:
        """Publish what was written since."""
        return publishing.publish_additions(self.round, self.request.user, self.request.POST.get("seen", ""))

    def take_back(self) -> str:
        """Take the whole report off the site."""
        reason = posted_text(self.request, "why")
        if not reason:
            raise RefusedError("Say in a few words why the report is taken back.")
        publishing.unpublish_report(self.round, self.request.user, reason)
        return "The report is off the site. Nothing that was written is lost."

    def take_back_one(self) -> str:
        """Take one theme or official response off the site."""
        publishing.unpublish_row(self.posted_row(), self.request.user)
        return "It is off the site, and waits to be published again."

    def delete(self) -> str:
        """Delete what isn't published."""
        row = self.posted_row()
        publishing.delete_row(row, self.request.user)
        return "The correction is deleted. What is on the site stays." if row.corrects_id else "It is deleted."

    def unquote(self) -> str:
        """Take a quotation out."""
        quotations = Quotation.objects.filter(response__round=self.round)
        quotation = get_object_or_404(quotations, pk=posted_key(self.request, "number"))
        publishing.remove_quotation(quotation, self.request.user)
        return "These words are quoted no more."

    def tell(self) -> str:
        """Send the outcome to those who asked to hear."""
        number = notifications.queue_notifications(self.round, self.request.user)
        if not number:
            return "Everybody was told already."
        return f"{number} mail{' is' if number == 1 else 's are'} on the way."
