"""The ways into a round: the list of rounds, a round's own page, the code in the room, and the wall of the room."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from engagement.feedback.models import FeedbackRound, FormVersion
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.presenters import proposition_controls, question_controls
from engagement.feedback.rounds.course import round_course
from engagement.feedback.rounds.opening import build_schema
from engagement.feedback.rounds.session_codes import GuessingError, enter_code, signed_code
from engagement.feedback.rounds.standing_round import current_form_version
from engagement.feedback.schema import COMMENT_PARTS, STANCES
from engagement.feedback.views.navigation import response_url, step_count, step_of_session
from engagement.feedback.wall.presenters import wall_context

__all__ = ["join_session", "round_detail", "round_list", "wall"]

#: Without scripts, the wall is loaded anew so often, in seconds.
WALL_REFRESH = 10
#: What the standing round asks of each proposition: how far it is supported, and the comments.
ASKED_OF_EACH = {"stances": list(STANCES.values()), "parts": list(COMMENT_PARTS.values())}


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """All public rounds: those that take answers first."""
    opened = FormVersion.objects.filter(round=OuterRef("pk"))
    rounds = [_with_course(round_) for round_ in FeedbackRound.objects.public().annotate(was_open=Exists(opened))]
    context = {
        "open": [row for row in rounds if row["round"].takes_answers()],
        "over": [row for row in rounds if not row["round"].takes_answers()],
    }
    response = render(request, "feedback/rounds.html", context)
    # Whether a round is open depends on the hour.
    response["Cache-Control"] = "no-store"
    return response


def _with_course(round_: Any) -> dict[str, Any]:
    """A round with how far it has come and, of the standing one that is open, the propositions to respond to."""
    row: dict[str, Any] = {"round": round_, "course": round_course(round_, was_open=round_.was_open)}
    if round_.is_standing and round_.takes_answers() and (version := current_form_version(round_)):
        row["propositions"] = list(version.schema.propositions())
    return row


@require_safe
def round_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a round is about, who sees the answers, and where to begin."""
    round_ = get_object_or_404(FeedbackRound.objects.public(), slug=slug)
    version = current_form_version(round_) if round_.is_standing else round_.newest_form()
    # A round that was never open here, such as one held before this site was there, has no version of its form.
    context = {
        "round": round_,
        "form": version.schema if version else build_schema(round_),
        "open": round_.takes_answers(),
        "was_open": version is not None,
        "course": round_course(round_, was_open=version is not None),
        "begin": reverse("feedback:answer", args=[round_.slug, 1]),
        **ASKED_OF_EACH,
    }
    response = render(request, "feedback/round.html", context)
    response["Cache-Control"] = "no-store"
    return response


def preview_context(round_: FeedbackRound, mode: str) -> dict[str, Any]:
    """The context of a preview of a round: of its own page, or of a page of its form as it stands (``step-2``)."""
    schema = build_schema(round_)
    if not mode.startswith("step-"):
        return {"round": round_, "form": schema, "open": True, "begin": "#", **ASKED_OF_EACH}
    step = int(mode.removeprefix("step-"))
    page = schema.pages[min(step, len(schema.pages)) - 1]
    return {
        "round": round_,
        "form": {"number": 0},
        "page_of_form": page,
        "step": step,
        "steps": step_count(round_, schema),
        "propositions": proposition_controls(page, {}, {}),
        "controls": question_controls(page, {}, {}),
    }


FeedbackRound.preview_context = preview_context


@csrf_exempt  # Looks a code up and changes nothing, so it needs no token, and no cookie for one.
@require_http_methods(["GET", "HEAD", "POST"])
def join_session(request: HttpRequest, code: str = "") -> HttpResponse:
    """From a code in the room to the page of its session. The code is in the URL of the QR code, or is typed."""
    typed = code or request.POST.get("code", "")
    is_table = (request.POST if request.method == "POST" else request.GET).get("for") == "table"
    is_guessing, session = False, None
    try:
        session = enter_code(request, typed)
    except GuessingError:
        is_guessing = True
    if session is None:
        is_wrong = bool(typed) or request.method == "POST"
        context = {"is_wrong": is_wrong, "is_guessing": is_guessing, "table": is_table, "typed": typed[:40]}
        return render(request, "feedback/join.html", context, status=429 if is_guessing else 404 if typed else 200)
    # With a new key, so that a room full of phones asks for one page less.
    round_, key = session.round, new_client_key()
    if is_table:
        return HttpResponseRedirect(response_url("table", round_, key, code=signed_code(session)))
    step = step_of_session(round_.newest_form(), session)
    return HttpResponseRedirect(response_url("answer", round_, key, step, code=signed_code(session)))


@require_safe
def wall(request: HttpRequest, code: str) -> HttpResponse:
    """The wall of the session with that code. ``part`` asks for what changes, ``still`` for one that doesn’t change."""
    try:
        session = enter_code(request, code)
    except GuessingError:
        context = {"is_wrong": True, "is_guessing": True, "typed": code[:40]}
        return render(request, "feedback/join.html", context, status=429)
    if session is None:
        raise Http404("no such session")
    context = wall_context(session) | {"seconds": WALL_REFRESH, "still": "still" in request.GET}
    template = "feedback/wall_part.html" if "part" in request.GET else "feedback/wall.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
