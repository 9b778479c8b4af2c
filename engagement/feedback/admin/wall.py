"""The facilitator's page: which question is on the wall of a room, whether its results are, and whose words."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.analysis import posted_number
from engagement.feedback.admin.rounds import LIST, RUN, VIEW
from engagement.feedback.models import FeedbackRound, RoundSession, Wall
from engagement.feedback.wall import Asked, asked_on, put_up, release, tallies
from engagement.feedback.wall_show import current, spaced, wall_of
from engagement.feedback.wall_words import LONGEST, approve, may_be_shown, take_off, words_to_approve
from nelis.core.admin.views import StaffView

__all__ = ["Facilitator", "Turn"]


def session_of(pk: int, session: int) -> RoundSession:
    """A session that people can join, with its round. Raises Http404."""
    sessions = RoundSession.objects.select_related("round").exclude(code=None)
    return get_object_or_404(sessions.exclude(round__state=FeedbackRound.State.DRAFT), pk=session, round=pk)


def asked_in(session: RoundSession) -> list[Asked]:
    """What can be put on its wall."""
    form = session.round.newest_form()
    return asked_on(session, form.form if form else None)


class Facilitator(StaffView):
    """The page. ``part`` asks for the counts alone, which come in while it is looked at."""

    permission = RUN
    above = LIST
    template_name = "editing/feedback_wall.html"
    header_icon = "desktop"

    @cached_property
    def session(self) -> RoundSession:
        """The one whose wall it is."""
        return session_of(self.kwargs["pk"], self.kwargs["session"])

    def get_page_title(self) -> str:
        return f"The wall: {self.session.title}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, here = super().get_breadcrumbs_items()
        desk = {"url": reverse("feedback_desk", args=[self.session.round_id]), "label": self.session.round.title}
        return [*above, desk, here]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "part" in request.GET:
            return render(request, "editing/feedback_wall_counts.html", self.counts())
        return super().get(request, *args, **kwargs)

    def counts(self) -> dict[str, Any]:
        """How many answered what so far: whole numbers, for staff."""
        asked = asked_in(self.session)
        now = current(wall_of(self.session), asked)
        found = tallies(self.session.round, [one for one in asked if one.has_results])
        rows = [{"asked": one, "is_on": one == now, "counted": found.get(one.key)} for one in asked]
        return {"rows": rows, "counted": found.get(now.key) if now else None, "now": now}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = self.counts()
        asked, wall = [row["asked"] for row in counts["rows"]], wall_of(self.session)
        now: Asked | None = counts["now"]
        place = asked.index(now) if now else -1
        words = words_to_approve(self.session.round, now)
        return (
            super().get_context_data(**kwargs)
            | counts
            | {
                "round": self.session.round,
                "session": self.session,
                "wall": wall,
                "code": spaced(self.session.code or ""),
                "before": asked[place - 1] if place > 0 else None,
                "after": asked[place + 1] if place + 1 < len(asked) else None,
                "words": words,
                "waiting": sum(not one.approval for one in words),
                "may_be_shown": may_be_shown(self.session.round),
                "longest": LONGEST,
                "turn": reverse("feedback_wall_turn", args=[self.session.round_id, self.session.pk]),
                "public": reverse("feedback:wall", args=[self.session.code]),
            }
        )


class Turn(View):
    """The buttons."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, session: int) -> HttpResponse:
        """Do what was pressed, and go back to the page."""
        if not request.user.has_perms([VIEW, RUN]):
            raise PermissionDenied
        found = session_of(pk, session)
        wall, _ = Wall.objects.select_related("session__round").get_or_create(session=found)
        asked = asked_in(found)
        step = request.POST.get("step", "")
        if step == "put":
            self._put(request, wall, asked)
        elif step in ("show", "hide"):
            release(wall, request.user, shows=step == "show")
            messages.success(request, "The results are on the wall." if step == "show" else "The results are hidden.")
        elif step == "approve":
            self._approve(request, wall, current(wall, asked))
        elif step == "take_off" and (approval := posted_number(request, "approval")):
            take_off(wall, approval, request.user)
            messages.success(request, "The words are off the wall.")
        return redirect("feedback_wall", pk, session)

    def _put(self, request: HttpRequest, wall: Wall, asked: list[Asked]) -> None:
        key = request.POST.get("question", "")
        chosen = next((one for one in asked if one.key == key), None)
        if key and chosen is None:
            messages.error(request, "The form doesn’t ask that any more. Choose again.")
            return
        put_up(wall, chosen, request.user)
        messages.success(request, "The question is on the wall." if chosen else "The wall invites people to answer.")

    def _approve(self, request: HttpRequest, wall: Wall, now: Asked | None) -> None:
        response, place = posted_number(request, "response"), request.POST.get("place", "")
        if now is None or not response:
            messages.error(request, "Another question is on the wall now. Look again.")
        elif approve(wall, now, response, place, request.POST.get("digest", ""), request.user):
            messages.success(request, "The words are on the wall.")
        else:
            messages.error(request, "These words were changed or withdrawn meanwhile. Look again.")
