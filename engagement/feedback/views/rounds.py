"""The ways into a round: the list of rounds, a round's own page, and the code that is shown in the room."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from engagement.feedback.models import FeedbackRound
from engagement.feedback.responses.keys import new_client_key, normalise_code
from engagement.feedback.responses.queries import find_round_of_session, find_session
from engagement.feedback.rounds.opening import build_schema
from engagement.feedback.views.navigation import newest_form_version, response_url, step_of_session

__all__ = ["join_session", "round_detail", "round_list"]


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
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
def round_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a round is about, who sees the answers, and where to begin."""
    asked = get_object_or_404(FeedbackRound.objects.public(), slug=slug)
    frozen = newest_form_version(asked) if asked.is_standing else asked.newest_form()
    # A round that was never open here, such as one held before this site was there, has no frozen form.
    context = {
        "round": asked,
        "form": frozen.form if frozen else build_schema(asked),
        "open": asked.takes_answers(),
        "was_open": frozen is not None,
        "begin": reverse("feedback:answer", args=[asked.slug, 1]),
    }
    response = render(request, "feedback/round.html", context)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt  # Looks a code up and changes nothing, so it needs no token, and no cookie for one.
@require_http_methods(["GET", "HEAD", "POST"])
def join_session(request: HttpRequest, code: str = "") -> HttpResponse:
    """From a code in the room to the page of its session. The code is in the address of the QR code, or is typed."""
    typed = code or request.POST.get("code", "")
    is_table = request.POST.get("for") == "table"
    if not typed:
        return render(request, "feedback/join.html", {"asked": request.method == "POST", "table": is_table})
    session = find_session(normalise_code(typed))
    asked = find_round_of_session(session) if session else None
    if session is None or asked is None:
        again = {"asked": True, "table": is_table, "typed": typed[:40]}
        return render(request, "feedback/join.html", again, status=404)
    if is_table:
        return HttpResponseRedirect(response_url("table", asked, new_client_key(), code=session.code))
    # With the key, so that a room full of phones asks for one page less.
    step = step_of_session(asked, session)
    return HttpResponseRedirect(response_url("answer", asked, new_client_key(), step, code=session.code))
