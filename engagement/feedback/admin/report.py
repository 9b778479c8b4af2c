"""The reporting desk of a round: themes, official responses, quotations, and the buttons that publish and tell."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.base import posted_key, posted_text
from engagement.feedback.admin.rounds import RoundMixin, round_dashboard_url
from engagement.feedback.analysis.permissions import REPORT_ROUND, RefusedError
from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, Theme
from engagement.feedback.privacy.retention import contact_kept_until
from engagement.feedback.reporting import notifications, publishing
from engagement.feedback.reporting.corrections import unpublished_signature
from engagement.feedback.reporting.outcomes import prefetch_outcomes
from engagement.feedback.reporting.quotations import quotable, quoted_texts
from engagement.feedback.views.results import results_context
from nelis.core.admin.views import StaffView

__all__ = ["ReportActionView", "ReportDashboardView", "ReportMixin", "ReportPreviewView"]


class ReportMixin(RoundMixin):
    """What all pages of the desk share: the round, and the way to it."""

    permission = REPORT_ROUND
    request: HttpRequest

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        front, *_, here = super().get_breadcrumbs_items()  # type: ignore[misc]
        listing = reverse(FeedbackRound.snippet_viewset.get_url_name("list"))
        way = [
            {"url": listing, "label": "Feedback rounds"},
            {"url": round_dashboard_url(self.round), "label": self.round.title},
        ]
        if not isinstance(self, ReportDashboardView):
            way.append({"url": report_dashboard_url(self.round), "label": "Report back"})
        return [front, *way, here]


def report_dashboard_url(feedback_round: FeedbackRound) -> str:
    """Where the reporting desk of a round is."""
    return reverse("feedback_report", args=[feedback_round.pk])


class ReportDashboardView(ReportMixin, StaffView):
    """The desk itself."""

    template_name = "admin/feedback/report_dashboard.html"
    page_title = "Report back"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.round
        is_reported = asked.state == FeedbackRound.State.REPORTED
        quotations = Quotation.objects.filter(response__round=asked)
        words = {one.pk: one for one in quoted_texts(quotable(quotations))}
        return super().get_context_data(**kwargs) | {
            "round": asked,
            "is_reported": is_reported,
            "obstacles": [] if is_reported else publishing.obstacles(asked),
            "waiting": publishing.count_unpublished(asked),
            "seen": unpublished_signature(asked),
            "is_own_work": publishing.is_own_work(asked, self.request.user),
            "themes": _with_corrections(asked.themes.annotate(code_count=Count("codes")).order_by("sort_order", "pk")),
            "responses": _with_corrections(prefetch_outcomes(asked.official_responses.all())),
            "quotations": [(one, words.get(one.pk)) for one in quotations.select_related("theme", "by")],
            "account": notifications.notification_status(asked),
            "mail": notifications.outcome_message(asked, "somebody@example.org").text,
            "contact_until": contact_kept_until(asked),
        }


def _with_corrections(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Themes or responses with their corrections, and with who wrote what waits. Three queries."""
    return rows.filter(corrects=None).select_related("correction").prefetch_related("writers", "correction__writers")


class ReportPreviewView(ReportMixin, View):
    """The results page with everything that is written, published or not."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(REPORT_ROUND):
            raise PermissionDenied
        asked: Any = request
        asked.is_preview, asked.is_dummy = True, True
        self.kwargs = {"pk": pk}
        answer = render(request, "feedback/results.html", results_context(self.round, drafts=True))
        answer["Cache-Control"] = "no-store"
        return answer


class ReportActionView(ReportMixin, View):
    """The buttons, by the name in the form. What can't be done is said, and nothing is done."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act = ACTIONS.get(request.POST.get("do", ""))
        if act is None or not request.user.has_perm(REPORT_ROUND):
            raise PermissionDenied
        self.kwargs = {"pk": pk}
        try:
            done = act(self.round, request)
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect(report_dashboard_url(self.round))


def _publish(asked: FeedbackRound, request: HttpRequest) -> str:
    publishing.report_back(asked, request.user, request.POST.get("seen", ""))
    return "The round is reported back. Its results are on the site."


def _publish_additions(asked: FeedbackRound, request: HttpRequest) -> str:
    return publishing.publish_additions(asked, request.user, request.POST.get("seen", ""))


def _unpublish_report(asked: FeedbackRound, request: HttpRequest) -> str:
    why = posted_text(request, "why")
    if not why:
        raise RefusedError("Say in a few words why the report is taken back.")
    publishing.unpublish_report(asked, request.user, why)
    return "The report is off the site. Nothing that was written is lost."


def _queue_notifications(asked: FeedbackRound, request: HttpRequest) -> str:
    number = notifications.queue_notifications(asked, request.user)
    return f"{number} mail{' is' if number == 1 else 's are'} on the way." if number else "Everybody was told already."


def _unpublish_row(asked: FeedbackRound, request: HttpRequest) -> str:
    publishing.unpublish_row(_row(asked, request), request.user)
    return "It is off the site, and waits to be published again."


def _delete(asked: FeedbackRound, request: HttpRequest) -> str:
    row = _row(asked, request)
    publishing.delete_row(row, request.user)
    return "The correction is deleted. What is on the site stays." if row.corrects_id else "It is deleted."


def _remove_quotation(asked: FeedbackRound, request: HttpRequest) -> str:
    quotation = get_object_or_404(Quotation, pk=posted_key(request, "number"), response__round=asked)
    publishing.remove_quotation(quotation, request.user)
    return "These words are quoted no more."


def _row(asked: FeedbackRound, request: HttpRequest) -> Theme | OfficialResponse:
    model: Any = Theme if request.POST.get("what") == "theme" else OfficialResponse
    row: Theme | OfficialResponse = get_object_or_404(model, pk=posted_key(request, "number"), round=asked)
    return row


ACTIONS = {
    "publish": _publish,
    "add": _publish_additions,
    "take_back": _unpublish_report,
    "tell": _queue_notifications,
    "take_back_one": _unpublish_row,
    "delete": _delete,
    "unquote": _remove_quotation,
}
