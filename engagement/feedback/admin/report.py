"""The reporting desk of a round: themes, official responses, quotations, and the buttons that publish and tell."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.analysis import posted_number, posted_words
from engagement.feedback.admin.rounds import OfRound, desk_url
from engagement.feedback.analysis.rules import REPORT, RefusedError
from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, Theme
from engagement.feedback.reporting import news, publishing
from engagement.feedback.reporting.corrections import said_by_all
from engagement.feedback.reporting.outcomes import with_outcomes
from engagement.feedback.reporting.words import quotable, quoted
from engagement.feedback.retention import contact_kept_until
from engagement.feedback.views.results import results_context
from nelis.core.admin.views import StaffView

__all__ = ["Act", "Preview", "ReportDesk", "ReportPage"]


class ReportPage(OfRound):
    """What all pages of the desk share: the round, and the way to it."""

    permission = REPORT
    request: HttpRequest

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        front, *_, here = super().get_breadcrumbs_items()  # type: ignore[misc]
        listing = reverse(FeedbackRound.snippet_viewset.get_url_name("list"))
        way = [
            {"url": listing, "label": "Feedback rounds"},
            {"url": desk_url(self.round), "label": self.round.title},
        ]
        if not isinstance(self, ReportDesk):
            way.append({"url": report_url(self.round), "label": "Report back"})
        return [front, *way, here]


def report_url(feedback_round: FeedbackRound) -> str:
    """Where the reporting desk of a round is."""
    return reverse("feedback_report", args=[feedback_round.pk])


class ReportDesk(ReportPage, StaffView):
    """The desk itself."""

    template_name = "editing/feedback_report.html"
    page_title = "Report back"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.round
        is_reported = asked.state == FeedbackRound.State.REPORTED
        quotations = Quotation.objects.filter(response__round=asked)
        words = {one.pk: one for one in quoted(quotable(quotations))}
        return super().get_context_data(**kwargs) | {
            "round": asked,
            "is_reported": is_reported,
            "obstacles": [] if is_reported else publishing.obstacles(asked),
            "waiting": publishing.waiting(asked),
            "seen": said_by_all(asked),
            "is_own_work": publishing.is_own_work(asked, self.request.user),
            "themes": _on_desk(asked.themes.annotate(code_count=Count("codes")).order_by("sort_order", "pk")),
            "responses": _on_desk(with_outcomes(asked.official_responses.all())),
            "quotations": [(one, words.get(one.pk)) for one in quotations.select_related("theme", "by")],
            "account": news.account(asked),
            "mail": news.letter(asked, "somebody@example.org").text,
            "contact_until": contact_kept_until(asked),
        }


def _on_desk(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Themes or responses with their corrections, and with who wrote what waits. Three queries."""
    return rows.filter(corrects=None).select_related("correction").prefetch_related("writers", "correction__writers")


class Preview(ReportPage, View):
    """The results page with everything that is written, published or not."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(REPORT):
            raise PermissionDenied
        asked: Any = request
        asked.is_preview, asked.is_dummy = True, True
        self.kwargs = {"pk": pk}
        answer = render(request, "feedback/results.html", results_context(self.round, drafts=True))
        answer["Cache-Control"] = "no-store"
        return answer


class Act(ReportPage, View):
    """The buttons, by the name in the form. What can't be done is said, and nothing is done."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act = ACTS.get(request.POST.get("do", ""))
        if act is None or not request.user.has_perm(REPORT):
            raise PermissionDenied
        self.kwargs = {"pk": pk}
        try:
            done = act(self.round, request)
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect(report_url(self.round))


def _publish(asked: FeedbackRound, request: HttpRequest) -> str:
    publishing.report_back(asked, request.user, request.POST.get("seen", ""))
    return "The round is reported back. Its results are on the site."


def _add(asked: FeedbackRound, request: HttpRequest) -> str:
    return publishing.add(asked, request.user, request.POST.get("seen", ""))


def _take_back(asked: FeedbackRound, request: HttpRequest) -> str:
    why = posted_words(request, "why")
    if not why:
        raise RefusedError("Say in a few words why the report is taken back.")
    publishing.take_back(asked, request.user, why)
    return "The report is off the site. Nothing that was written is lost."


def _tell(asked: FeedbackRound, request: HttpRequest) -> str:
    number = news.tell(asked, request.user)
    return f"{number} mail{' is' if number == 1 else 's are'} on the way." if number else "Everybody was told already."


def _take_back_one(asked: FeedbackRound, request: HttpRequest) -> str:
    publishing.take_back_one(_row(asked, request), request.user)
    return "It is off the site, and waits to be published again."


def _delete(asked: FeedbackRound, request: HttpRequest) -> str:
    row = _row(asked, request)
    publishing.delete(row, request.user)
    return "The correction is deleted. What is on the site stays." if row.corrects_id else "It is deleted."


def _unquote(asked: FeedbackRound, request: HttpRequest) -> str:
    quotation = get_object_or_404(Quotation, pk=posted_number(request, "number"), response__round=asked)
    publishing.unquote(quotation, request.user)
    return "These words are quoted no more."


def _row(asked: FeedbackRound, request: HttpRequest) -> Theme | OfficialResponse:
    model: Any = Theme if request.POST.get("what") == "theme" else OfficialResponse
    row: Theme | OfficialResponse = get_object_or_404(model, pk=posted_number(request, "number"), round=asked)
    return row


ACTS = {
    "publish": _publish,
    "add": _add,
    "take_back": _take_back,
    "tell": _tell,
    "take_back_one": _take_back_one,
    "delete": _delete,
    "unquote": _unquote,
}
