"""The ways into a round: the list of rounds, a round's own page, and the code that is shown in the room."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from engagement.feedback.finding import find_session
from engagement.feedback.keys import new_client_key, read_code
from engagement.feedback.models import FeedbackRound
from engagement.feedback.opening import form_of
from engagement.feedback.views.ways import address, current_form, step_of_session

__all__ = ["feedback_round", "join", "rounds"]


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds: those that take answers first."""
    shown = list(FeedbackRound.objects.public())
    context = {
        "open": [one for one in shown if one.takes_answers()],
        "over": [one for one in shown if not one.takes_answers()],
    }
    response = render(request, "feedback/rounds.html", context)
    # Whether a round is open depends on the hour.
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def feedback_round(request: HttpRequest, slug: str) -> HttpResponse:
    """What a round is about, who sees the answers, and where to begin."""
    asked = get_object_or_404(FeedbackRound.objects.public(), slug=slug)
    frozen = current_form(asked) if asked.is_standing else asked.newest_form()
    # A round that was never open here, such as one held before this site was there, has no frozen form.
    context = {
        "round": asked,
        "form": frozen.form if frozen else form_of(asked),
        "open": asked.takes_answers(),
        "was_open": frozen is not None,
        "begin": reverse("feedback:answer", args=[asked.slug, 1]),
    }
    response = render(request, "feedback/round.html", context)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt  # Looks a code up and changes nothing, so it needs no token, and no cookie for one.
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """From a code in the room to the page of its session. The code is in the address of the QR code, or is typed."""
    typed = code or request.POST.get("code", "")
    if not typed:
        context: dict[str, Any] = {"asked": request.method == "POST", "table": request.POST.get("for") == "table"}
        return render(request, "feedback/join.html", context)
    session = find_session(read_code(typed))
    is_table = request.POST.get("for") == "table"
    if session is None or session.round.state == FeedbackRound.State.DRAFT:
        context = {"typed": typed[:40], "asked": True, "table": is_table}
        return render(request, "feedback/join.html", context, status=404)
    if is_table:
        return HttpResponseRedirect(address("table", session.round, new_client_key(), code=session.code))
    step = step_of_session(session.round, session)
    # With the key, so that a room full of phones asks for one page less.
    return HttpResponseRedirect(address("answer", session.round, new_client_key(), step, code=session.code))
