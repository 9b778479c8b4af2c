"""The wall of a room: one screen for everybody in it. Public, and shows nothing that may not be."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.feedback.models import FeedbackRound, RoundSession
from engagement.feedback.responses.keys import normalise_code
from engagement.feedback.wall.presenters import wall_context

__all__ = ["wall"]

#: Without scripts, the page is loaded anew so often.
REFRESH_SECONDS = 10


@require_safe
def wall(request: HttpRequest, code: str) -> HttpResponse:
    """The wall of the session with that code. ``part`` asks for what changes, ``still`` for one that stays as it is."""
    sessions = RoundSession.objects.filter(code=normalise_code(code), round__in=FeedbackRound.objects.public())
    session = sessions.select_related("round").first()
    if session is None:
        raise Http404("no such session")
    shown = wall_context(session)
    shown |= {"seconds": REFRESH_SECONDS, "still": "still" in request.GET}
    template = "feedback/wall_part.html" if "part" in request.GET else "feedback/wall.html"
    response = render(request, template, shown)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
