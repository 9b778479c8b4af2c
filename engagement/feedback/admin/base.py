"""What the pages on which answers are read share: the round, the way there, and who is let in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from engagement.feedback.admin.rounds import RoundMixin, round_dashboard_url
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.analysis.permissions import READ_RESPONDENTS, READ_RESPONSES, is_closed
from engagement.feedback.models import FeedbackRound
from engagement.feedback.responses.parsing import clean_text
from nelis.core.admin.views import StaffView

__all__ = ["ANALYSIS_PAGES", "AnalysisView", "analysis_links", "posted_key", "posted_text"]

#: Name of the address, and what it is called, in the order of the work.
ANALYSIS_PAGES = (
    ("feedback_responses", "Responses"),
    ("feedback_statistics", "Counts and charts"),
    ("feedback_code_frame", "Codes"),
    ("feedback_coding", "Coding"),
    ("feedback_agreement", "Agreement"),
    ("feedback_duplicates", "Duplicates"),
    ("feedback_representation", "Who answered"),
    ("feedback_exports", "Files"),
    ("feedback_audit_log", "Record"),
)


def analysis_links(feedback_round: FeedbackRound, current: str = "") -> list[dict[str, Any]]:
    """The way from each page on a round's answers to the others."""
    return [
        {"url": reverse(name, args=[feedback_round.pk]), "label": label, "is_current": name == current}
        for name, label in ANALYSIS_PAGES
    ]


class AnalysisView(RoundMixin, StaffView):
    """A page about a round's answers, for those who may read them. ``name`` is that of its address."""

    permission = READ_RESPONSES
    name = ""

    @cached_property
    def asked(self) -> FormHistory:
        """Everything the round asked."""
        return FormHistory.of(self.round)

    @property
    def sees_who(self) -> bool:
        """Whether who answered may be shown."""
        return bool(self.request.user.has_perm(READ_RESPONDENTS))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        front, *_ = super().get_breadcrumbs_items()
        listing = reverse(FeedbackRound.snippet_viewset.get_url_name("list"))
        return [
            front,
            {"url": listing, "label": "Feedback rounds"},
            {"url": round_dashboard_url(self.round), "label": self.round.title},
            *self.between(),
            {"url": "", "label": self.get_page_title()},
        ]

    def between(self) -> list[dict[str, Any]]:
        """Pages between the round's desk and this one."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "links": analysis_links(self.round, self.name),
            "is_over": is_closed(self.round),
            "sees_who": self.sees_who,
        }

    def wrong(self, **kwargs: Any) -> HttpResponse:
        """The page again, with what is wrong in its form."""
        return self.render_to_response(self.get_context_data(**kwargs), status=422)


def posted_text(request: HttpRequest, name: str, most: int = 200) -> str:
    """A line that was posted, as it can be kept: without characters that no database takes."""
    return " ".join(clean_text(request.POST.get(name, "")).split())[:most]


def posted_key(request: HttpRequest, name: str) -> int:
    """A key that was posted; 0, which nothing has, for what is none."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0
