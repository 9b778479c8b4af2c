"""The facilitator's page: which question is on the wall of a room, whether its results are, and whose words."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.base import posted_key
from engagement.feedback.admin.rounds import ROUNDS_BREADCRUMB, RUN_ROUND, VIEW_ROUND
from engagement.feedback.models import FeedbackRound, RoundSession, Wall
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
from engagement.feedback.wall.presenters import current_question, get_wall, spaced_code
from nelis.core.admin.views import StaffView

__all__ = ["FacilitatorView", "WallActionView"]


def joinable_session(pk: int, session: int) -> RoundSession:
    """A session that people can join, with its round. Raises Http404."""
    sessions = RoundSession.objects.select_related("round").exclude(code=None)
    return get_object_or_404(sessions.exclude(round__state=FeedbackRound.State.DRAFT), pk=session, round=pk)


def session_questions(session: RoundSession) -> list[WallQuestion]:
    """What can be put on its wall."""
    form = session.round.newest_form()
    return wall_questions(session, form.form if form else None)


class FacilitatorView(StaffView):
    """The page. ``part`` asks for the counts alone, which come in while it is looked at."""

    permission = RUN_ROUND
    breadcrumb_parents = ROUNDS_BREADCRUMB
    template_name = "admin/feedback/wall.html"
    header_icon = "desktop"

    @cached_property
    def session(self) -> RoundSession:
        """The one whose wall it is."""
        return joinable_session(self.kwargs["pk"], self.kwargs["session"])

    def get_page_title(self) -> str:
        return f"The wall: {self.session.title}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, here = super().get_breadcrumbs_items()
        desk = {"url": reverse("feedback_dashboard", args=[self.session.round_id]), "label": self.session.round.title}
        return [*above, desk, here]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "part" in request.GET:
            return render(request, "admin/feedback/includes/wall_counts.html", self.counts())
        return super().get(request, *args, **kwargs)

    def counts(self) -> dict[str, Any]:
        """How many answered what so far: whole numbers, for staff."""
        asked = session_questions(self.session)
        now = current_question(get_wall(self.session), asked)
        found = live_tallies(self.session.round, [one for one in asked if one.has_results])
        rows = [{"asked": one, "is_on": one == now, "counted": found.get(one.key)} for one in asked]
        return {"rows": rows, "counted": found.get(now.key) if now else None, "now": now}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = self.counts()
        asked, wall = [row["asked"] for row in counts["rows"]], get_wall(self.session)
        now: WallQuestion | None = counts["now"]
        place = asked.index(now) if now else -1
        words = quotes_to_approve(self.session.round, now)
        return (
            super().get_context_data(**kwargs)
            | counts
            | {
                "round": self.session.round,
                "session": self.session,
                "wall": wall,
                "code": spaced_code(self.session.code or ""),
                "before": asked[place - 1] if place > 0 else None,
                "after": asked[place + 1] if place + 1 < len(asked) else None,
                "words": words,
                "waiting": sum(not one.approval for one in words),
                "may_be_shown": quotes_allowed(self.session.round),
                "max_length": MAX_QUOTE_LENGTH,
                "turn": reverse("feedback_wall_action", args=[self.session.round_id, self.session.pk]),
                "public": reverse("feedback:wall", args=[self.session.code]),
            }
        )


class WallActionView(View):
    """The buttons."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, session: int) -> HttpResponse:
        """Do what was pressed, and go back to the page."""
        if not request.user.has_perms([VIEW_ROUND, RUN_ROUND]):
            raise PermissionDenied
        found = joinable_session(pk, session)
        wall, _ = Wall.objects.select_related("session__round").get_or_create(session=found)
        asked = session_questions(found)
        step = request.POST.get("step", "")
        if step == "put":
            self._put(request, wall, asked)
        elif step in ("show", "hide"):
            set_results_visible(wall, request.user, shows=step == "show")
            messages.success(request, "The results are on the wall." if step == "show" else "The results are hidden.")
        elif step == "approve":
            self._approve(request, wall, current_question(wall, asked))
        elif step == "take_off" and (approval := posted_key(request, "approval")):
            remove_quote(wall, approval, request.user)
            messages.success(request, "The words are off the wall.")
        return redirect("feedback_wall", pk, session)

    def _put(self, request: HttpRequest, wall: Wall, asked: list[WallQuestion]) -> None:
        key = request.POST.get("question", "")
        chosen = next((one for one in asked if one.key == key), None)
        if key and chosen is None:
            messages.error(request, "The form doesn’t ask that any more. Choose again.")
            return
        show_question(wall, chosen, request.user)
        messages.success(request, "The question is on the wall." if chosen else "The wall invites people to answer.")

    def _approve(self, request: HttpRequest, wall: Wall, now: WallQuestion | None) -> None:
        response, place = posted_key(request, "response"), request.POST.get("anchor", "")
        if now is None or not response:
            messages.error(request, "Another question is on the wall now. Look again.")
        elif approve_quote(wall, now, response, place, request.POST.get("digest", ""), request.user):
            messages.success(request, "The words are on the wall.")
        else:
            messages.error(request, "These words were changed or withdrawn meanwhile. Look again.")
