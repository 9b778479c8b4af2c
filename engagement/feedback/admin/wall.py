"""The facilitator's page: which question is on the wall of a room, whether its results are, and whose words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property

from engagement.feedback.admin.base import RUN_ROUND, RoundMixin, RoundPostView, posted_key
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import FeedbackRound, RoundSession, Wall
from engagement.feedback.rounds.session_codes import signed_code, spaced_code
from engagement.feedback.wall.live_results import (
    WallQuestion,
    live_tallies,
    set_results_visible,
    show_question,
    wall_questions,
)
from engagement.feedback.wall.moderation import (
    MAX_QUOTE_LENGTH,
    approve_quote,
    quotes_allowed,
    quotes_to_approve,
    remove_quote,
)
from engagement.feedback.wall.presenters import current_question, get_wall
from nelis.core.admin.views import StaffView


class SessionMixin(RoundMixin):
    """A session that people can join: its wall, and the questions that can be put there."""

    @cached_property
    def session(self) -> RoundSession:
        """The session whose wall it is. Raises Http404 for one without a code, and before the round was opened."""
        sessions = RoundSession.objects.select_related("round").exclude(code=None)
        sessions = sessions.exclude(round__state=FeedbackRound.State.DRAFT)
        return get_object_or_404(sessions, pk=self.kwargs["session"], round=self.kwargs["pk"])

    @cached_property
    def round(self) -> FeedbackRound:
        """The round that the session belongs to."""
        return self.session.round

    @cached_property
    def questions(self) -> list[WallQuestion]:
        """The questions that can be put on the wall."""
        version = self.round.newest_form()
        return wall_questions(self.session, version.schema if version else None)


class FacilitatorView(SessionMixin, StaffView):
    """The page. ``part`` asks for one of the parts that follow the room; ``still`` for a page that doesn’t."""

    permission = RUN_ROUND
    template_name = "admin/feedback/wall.html"
    header_icon = "desktop"

    def get_page_title(self) -> str:
        return f"The wall: {self.session.title}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        part = request.GET.get("part")
        if part in ("now", "counts", "words"):
            return render(request, f"admin/feedback/includes/wall_{part}.html", self.get_context_data(**kwargs))
        return super().get(request, *args, **kwargs)

    def counts(self, wall: Wall) -> dict[str, Any]:
        """Count how many answered what so far: whole numbers, for staff."""
        current = current_question(wall, self.questions)
        tallies = live_tallies(self.round, [question for question in self.questions if question.has_results])
        rows = [
            {"question": question, "is_on": question == current, "counted": tallies.get(question.key)}
            for question in self.questions
        ]
        return {"rows": rows, "counted": tallies.get(current.key) if current else None, "current": current}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wall, questions = get_wall(self.session), self.questions
        counts = self.counts(wall)
        current: WallQuestion | None = counts["current"]
        position = questions.index(current) if current else -1
        return super().get_context_data(**kwargs) | {
            **counts,
            "round": self.round,
            "session": self.session,
            "wall": wall,
            "code": spaced_code(self.session.code or ""),
            "before": questions[position - 1] if position > 0 else None,
            "after": questions[position + 1] if position + 1 < len(questions) else None,
            "quotes": quotes_to_approve(self.round, current),
            "may_be_shown": quotes_allowed(self.round),
            "max_length": MAX_QUOTE_LENGTH,
            "action_url": reverse("feedback_wall_action", args=[self.round.pk, self.session.pk]),
            "still": "still" in self.request.GET,
            "public": reverse("feedback:wall", args=[signed_code(self.session)]),
        }


class WallActionView(SessionMixin, RoundPostView):
    """The buttons of the facilitator's page."""

    actions = ("put", "show", "hide", "approve", "take_off")

    def get_success_url(self) -> str:
        return reverse("feedback_wall", args=[self.round.pk, self.session.pk])

    @cached_property
    def wall(self) -> Wall:
        """The wall of the session, saved if it wasn't."""
        return Wall.objects.select_related("session__round").get_or_create(session=self.session)[0]

    def put(self) -> str:
        """Put a question on the wall, or none."""
        key = self.request.POST.get("question", "")
        question = next((question for question in self.questions if question.key == key), None)
        if key and question is None:
            raise RefusedError("The form doesn’t ask that any more. Choose again.")
        show_question(self.wall, question, self.request.user)
        return "The question is on the wall." if question else "The wall invites people to answer."

    def show(self) -> str:
        """Show the results."""
        set_results_visible(self.wall, self.request.user, shows=True)
        return "The results are on the wall."

    def hide(self) -> str:
        """Hide the results."""
        set_results_visible(self.wall, self.request.user, shows=False)
        return "The results are hidden."

    def approve(self) -> str:
        """Put somebody's words on the wall, exactly as they were looked at."""
        posted = self.request.POST
        response, anchor = posted_key(self.request, "response"), posted.get("anchor", "")
        question = current_question(self.wall, self.questions)
        if question is None or not response:
            raise RefusedError("Another question is on the wall now. Look again.")
        if not approve_quote(self.wall, question, response, anchor, posted.get("digest", ""), self.request.user):
            raise RefusedError("These words were changed or withdrawn meanwhile. Look again.")
        return "The words are on the wall."

    def take_off(self) -> str:
        """Take words off the wall."""
        remove_quote(self.wall, posted_key(self.request, "approval"), self.request.user)
        return "The words are off the wall."
