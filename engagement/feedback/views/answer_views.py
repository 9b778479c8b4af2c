"""The pages of a form: of a round at an event, or about one proposition of the standing round.

Nothing that was typed is lost. What can't be saved (too long, a damaged key, a round that closed, too many at once) is
shown again with what was typed in it, and with what to do.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from engagement.feedback.models import FeedbackRound, Response
from engagement.feedback.responses import throttling
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.merging import control_values, describe_shown, parse_shown
from engagement.feedback.responses.parsing import (
    AnswerData,
    ParsedPage,
    StanceData,
    parse_page,
    with_all_optional,
)
from engagement.feedback.responses.presenters import (
    conflict_errors,
    error_list,
    proposition_controls,
    question_controls,
    summarise_page,
)
from engagement.feedback.responses.saved_response import load_saved_response
from engagement.feedback.responses.submissions import (
    MAX_TABLE_SIZE,
    ClosedError,
    ConflictError,
    RateLimitedError,
    SubmissionError,
    issue_return_code,
    save_page,
)
from engagement.feedback.rounds.standing_round import get_standing_round
from engagement.feedback.schema import FormPage
from engagement.feedback.views.answer_request import AnswerRequest
from engagement.feedback.views.closed_round import closed_response
from engagement.feedback.views.navigation import form_page_url, response_url, step_count
from nelis.core.views.decorators import private_page
from sectors.models import PropositionPage

__all__ = ["answer_page", "requested_table_size", "respond_to_proposition"]


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, slug: str, step: int) -> HttpResponse:
    """One page of a round’s form. Without a key in its URL it redirects to one with a new key: everybody begins so."""
    answer = AnswerRequest.resolve(request, slug, step)
    if answer.round_.is_standing:
        raise Http404("it is answered proposition by proposition")
    return _answer(answer)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def respond_to_proposition(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of the standing round about one proposition, in the version that is public."""
    proposition = get_object_or_404(PropositionPage, slug=slug)
    standing_round = get_standing_round()
    # Whoever was typing when it was withdrawn has answered the version that they read.
    if not proposition.live and (request.method != "POST" or standing_round is None):
        raise Http404("no such page")
    if standing_round is None:
        return render(request, "feedback/no_responses.html", {"proposition": proposition}, status=404)
    return _answer(AnswerRequest.resolve(request, standing_round=standing_round, proposition_id=proposition.pk))


def _answer(answer: AnswerRequest) -> HttpResponse:
    """Save the page that was posted, and redirect to the next. Show it where nothing was, or can’t be saved."""
    request, round_, key, form, page = answer.request, answer.round_, answer.key, answer.form, answer.page
    if request.method != "POST" or answer.is_too_big:
        return _open_page(answer)
    if not answer.has_valid_key or form is None or page is None:
        return _show_typed(answer)
    saves_for_later = "later" in request.POST
    parsed = parse_page(with_all_optional(page) if saves_for_later else page, request.POST)
    if round_.is_standing:
        _require_stance(page, parsed)
    if parsed.errors:
        return _form_page(answer, parsed, errors=parsed.errors, status=422)
    code = request.POST.get("code") or request.GET.get("code", "")
    session = answer.session(code) if code else None
    if session is None and "table" in request.GET and _is_new_table(answer):
        return _form_page(answer, parsed, status=422, roomless=True, code=request.POST.get("code", "")[:40])
    people = requested_table_size(request) if session else 1
    throttle_key = throttling.throttle_key(request, session)
    try:
        response = save_page(
            round_,
            form,
            key,
            page,
            parsed,
            session,
            shown=parse_shown(request.POST.get("shown", "")),
            keep=request.POST.getlist("keep"),
            people=people,
            throttle_key=throttle_key,
        )
    except SubmissionError as error:
        return _not_saved(answer, parsed, error)
    if saves_for_later:
        context = {"round": round_, "code": issue_return_code(response), "key": key}
        return render(request, "feedback/saved_for_later.html", context)
    if form != answer.newest:
        return HttpResponseRedirect(_url_in_newest_form(answer, page))
    if round_.is_standing or answer.step == len(form.schema.pages):
        return HttpResponseRedirect(response_url("about_you", round_, key))
    return HttpResponseRedirect(response_url("answer", round_, key, answer.step + 1))


def _open_page(answer: AnswerRequest) -> HttpResponse:
    """The page with what is saved of it; a redirect to a new key without one."""
    request, is_too_big = answer.request, answer.is_too_big
    if not is_too_big and not answer.round_.takes_answers():
        return closed_response(answer)
    if answer.page is None:
        raise Http404("no such page")
    if not answer.has_valid_key:
        if "k" in request.GET and not is_too_big:
            raise Http404("no such response")
        begin = form_page_url(answer.round_, answer.schema, new_client_key(), answer.step, **answer.entry_parameters)
        return HttpResponseRedirect(begin)
    saved = load_saved_response(answer.key)
    if saved.response and saved.response.round_id != answer.round_.pk:
        raise Http404("no such response")
    if saved.response and saved.response.withdrawn_at:
        return closed_response(answer)
    newer = [
        rated for rated in answer.page.propositions if saved.versions.get(rated.key, rated.version) != rated.version
    ]
    status = 413 if is_too_big else 200
    return _form_page(answer, saved, response=saved.response, status=status, newer=newer, too_much=is_too_big)


def _require_stance(page: FormPage, parsed: ParsedPage) -> None:
    """An empty page of the standing round is an error."""
    (rated,) = page.propositions
    said = parsed.stances[rated.key]
    if not parsed.errors and not said.stance and not any(said.parts.values()):
        parsed.errors[rated.key] = f"Choose how far you support {rated.ref}, or say what you think of it"


def requested_table_size(request: HttpRequest) -> int:
    """How many people the URL says that somebody writes for."""
    number = request.GET.get("table", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 3):
        return 1
    return max(1, min(int(number), MAX_TABLE_SIZE))


def _is_new_table(answer: AnswerRequest) -> bool:
    """Whether the first page of a table came with a code that isn’t in use any more: it would count as one person’s."""
    request = answer.request
    if not (request.GET.get("code") and request.GET.get("table")) or "alone" in request.POST:
        return False
    return not Response.objects.filter(client_key=answer.key).exists()


def _not_saved(answer: AnswerRequest, parsed: ParsedPage, error: SubmissionError) -> HttpResponse:
    """What was posted, shown again with why it wasn’t saved."""
    if isinstance(error, ClosedError) and answer.page:
        return closed_response(answer, summarise_page(answer.page, parsed.answers, parsed.stances))
    if isinstance(error, ConflictError) and answer.page:
        shown = describe_shown(error.saved)
        return _form_page(answer, error.merged, conflicts=error.conflicts, status=409, shown=shown)
    if isinstance(error, RateLimitedError):
        code = answer.request.POST.get("code", "")[:40]
        response = _form_page(answer, parsed, status=429, crowded=True, code=code)
        response["Retry-After"] = str(throttling.RETRY_AFTER)
        return response
    # The key is that of a response to another round.
    return _show_typed(replace(answer, has_valid_key=False))


def _show_typed(answer: AnswerRequest) -> HttpResponse:
    """The page of the newest form with what was typed, under a new key if the key was damaged. Nothing is saved."""
    again = answer.with_form(answer.newest)
    if again.page is None:
        raise Http404("no such page")
    parsed = parse_page(again.page, answer.request.POST)
    if not answer.round_.takes_answers():
        return closed_response(answer, summarise_page(again.page, parsed.answers, parsed.stances))
    if answer.has_valid_key:
        return _form_page(again, parsed, errors=parsed.errors, status=422, changed=True)
    again = replace(again, key=new_client_key())
    return _form_page(again, parsed, errors=parsed.errors, status=422, damaged=True)


def _url_in_newest_form(answer: AnswerRequest, saved_page: FormPage) -> str:
    """Where it goes on after a page of an earlier version was saved: to that page, if it asks something else now."""
    newest = answer.with_form(answer.newest)
    schema, key = answer.schema, answer.key
    if newest.page and newest.page != saved_page:
        return form_page_url(answer.round_, schema, key, newest.step, changed=1)
    if answer.round_.is_standing or newest.page is None or newest.step == len(schema.pages):
        return response_url("about_you", answer.round_, key)
    return response_url("answer", answer.round_, key, newest.step + 1)


def _form_page(
    answer: AnswerRequest,
    filled_in: Any,
    *,
    errors: Mapping[str, str] | None = None,
    conflicts: Mapping[str, str] | None = None,
    response: Response | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Render a page with the ``answers`` and ``stances`` of what was saved or parsed."""
    request, round_, key, step = answer.request, answer.round_, answer.key, answer.step
    form, page = answer.form, answer.page
    if form is None or page is None:
        raise Http404("no such page")
    # Asked only where nothing could be saved: what is saved looks at the response anyway.
    if status != 200 and answer.is_withdrawn:
        return closed_response(answer, summarise_page(page, filled_in.answers, filled_in.stances))
    answers: Mapping[str, AnswerData] = filled_in.answers
    stances: Mapping[str, StanceData] = filled_in.stances
    errors = {**conflict_errors(page, conflicts or {}), **(errors or {})}
    is_unsaved = status in (409, 422, 429)
    # A page that comes back unsaved has shown what it had shown before, whatever is typed in it by now.
    shown = request.POST.get("shown", "") if is_unsaved else describe_shown(control_values(page, filled_in))
    context = {
        "round": round_,
        "form": form,
        "page_of_form": page,
        "step": 1 if round_.is_standing else step,
        "steps": step_count(round_, form.schema),
        "propositions": proposition_controls(page, stances, errors, conflicts or {}),
        "controls": question_controls(page, answers, errors, conflicts or {}),
        "errors": error_list(page, errors),
        "conflicts": conflicts,
        "shown": shown,
        "changed": "changed" in request.GET,
        "back": response_url("answer", round_, key, step - 1) if step > 1 and not round_.is_standing else "",
        "action": form_page_url(round_, form.schema, key, step, **answer.entry_parameters),
        "draft": f"{round_.slug}:{key}:{page.key}",
        # What the page shows isn't what is saved.
        "unsaved": is_unsaved,
    }
    if round_.is_standing:
        context["elsewhere"] = _other_open_rounds(round_, page)
    elif step == 1 or "code" in request.GET:
        context |= _table_context(answer, response)
    return render(request, "feedback/answer.html", context | more, status=status)


def _table_context(answer: AnswerRequest, response: Response | None) -> dict[str, Any]:
    """For how many people somebody writes, and where they say so. Offered to those who came with a code."""
    request = answer.request
    if response is not None:
        people, has_session = response.people, response.session_id is not None
    else:
        session = answer.session(request.GET.get("code", ""))
        people, has_session = requested_table_size(request) if session else 1, session is not None
    if not has_session:
        return {}
    return {"people": people, "table": response_url("table", answer.round_, answer.key, **answer.entry_parameters)}


def _other_open_rounds(round_: FeedbackRound, page: FormPage) -> list[FeedbackRound]:
    """Other rounds that take answers now, and ask about the same proposition."""
    (rated,) = page.propositions
    rounds = FeedbackRound.objects.filter(
        state=FeedbackRound.State.OPEN, sessions__propositions__proposition=rated.proposition
    )
    return [other for other in rounds.exclude(pk=round_.pk).distinct() if other.takes_answers()]
