"""The last steps of answering: about you, check, receipt; coming back with a code, and withdrawing.

No page sets a cookie. The key of the response stands in the query of every URL: whoever has it may change the answers
until the round closes. So no page sends its URL on, and none is kept by a browser or a search engine.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from engagement.feedback.emails import queue_receipt
from engagement.feedback.models import Respondent, Response, RoundSession
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.forms import RespondentForm, TableForm
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.merging import describe_shown, parse_shown, respondent_values
from engagement.feedback.responses.presenters import summarise_page
from engagement.feedback.responses.saved_response import SavedResponse
from engagement.feedback.responses.submissions import ClosedError, ConflictError, EmptyResponseError
from engagement.feedback.rounds.course import round_course
from engagement.feedback.rounds.session_codes import signed_code
from engagement.feedback.views.answer_request import AnswerRequest
from engagement.feedback.views.closed_round import closed_response, summarise_respondent
from engagement.feedback.views.navigation import (
    answered_propositions,
    first_page_url,
    form_page_url,
    response_url,
    step_count,
    step_of_session,
    steps_for,
)
from nelis.core.views.decorators import private_page

__all__ = ["about_you", "check", "receipt", "return_with_code", "table_size", "withdraw"]

View = Callable[[AnswerRequest], HttpResponse]


def response_view(view: View) -> Callable[..., HttpResponse]:
    """For pages that belong to a key: gives ``view`` its AnswerRequest. Raises Http404 for a key that isn’t ours.

    A response that was withdrawn has no page any more but the one that says so.
    """

    @private_page
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponse:
        answer = AnswerRequest.resolve(request, slug)
        if not answer.has_valid_key:
            raise Http404("no such response")
        if answer.is_withdrawn:
            return closed_response(answer, summarise_respondent(request.POST.dict()))
        return view(answer)

    return wrapped


@response_view
def about_you(answer: AnswerRequest) -> HttpResponse:
    """Who answers: everything on this page may be left empty."""
    request, round_, key = answer.request, answer.round_, answer.key
    response = answer.response
    typed = summarise_respondent(request.POST.dict())
    if not round_.takes_answers():
        return closed_response(answer, typed)
    if response is None:
        first = reverse("feedback:round", args=[round_.slug])
        return HttpResponseRedirect(first if round_.is_standing else response_url("answer", round_, key, 1))
    respondent = getattr(response, "respondent", None) or Respondent(response=response)
    build_form = partial(
        RespondentForm, instance=respondent, sectors=answer.schema.sectors, at_event=round_.event_id is not None
    )
    form, is_conflict = build_form(request.POST or None), False
    # A page that comes back with errors has shown what it had shown before, whatever is typed in it by now.
    shown = request.POST.get("shown", "") if request.method == "POST" else _shown_about(respondent, form)
    if request.method == "POST" and form.is_valid():
        try:
            tell = partial(queue_receipt, request=request)
            submissions.save_respondent(round_, key, form.cleaned_data, parse_shown(shown), on_new_address=tell)
        except ClosedError:
            return closed_response(answer, typed)
        except ConflictError as conflict:
            shown, is_conflict = describe_shown(conflict.saved), True
            form = build_form(conflict.merged)
            form.add_conflicts(conflict.conflicts)
        else:
            return HttpResponseRedirect(response_url("check", round_, key))
    steps = steps_for(round_, answer.schema, answered_propositions(round_, response))
    context = {
        "round": round_,
        "form": form,
        "shown": shown,
        "response": response,
        "step": step_count(round_, answer.schema) - 1,
        "steps": step_count(round_, answer.schema),
        "back": form_page_url(round_, answer.schema, key, steps[-1]) if steps else "",
    }
    status = 409 if is_conflict else 422 if form.errors else 200
    return render(request, "feedback/about_you.html", context, status=status)


def _shown_about(respondent: Respondent, form: RespondentForm) -> str:
    """What the page about somebody shows, of the fields that it has."""
    return describe_shown(respondent_values({name: getattr(respondent, name) for name in form.fields}))


@response_view
def check(answer: AnswerRequest) -> HttpResponse:
    """Everything that was answered, to look through and send."""
    request, round_, key = answer.request, answer.round_, answer.key
    if request.method == "POST":
        try:
            submissions.submit(round_, key, on_submitted=partial(queue_receipt, request=request))
        except ClosedError:
            return closed_response(answer)
        except EmptyResponseError:
            # That page says so, and leads to the questions.
            return HttpResponseRedirect(response_url("check", round_, key))
        return HttpResponseRedirect(response_url("receipt", round_, key))
    if not round_.takes_answers():
        return closed_response(answer)
    if answer.response is None and Response.objects.filter(client_key=key).exists():
        raise Http404("it is a response to another round")
    saved = SavedResponse.of(answer.response) if answer.response else SavedResponse()
    schema = answer.schema
    parts = [
        {
            "page": page,
            "url": form_page_url(round_, schema, key, step),
            "lines": summarise_page(page, saved.answers, saved.stances),
        }
        for step in steps_for(round_, schema, saved.proposition_ids)
        for page in [schema.pages[step - 1]]
    ]
    context = {
        "round": round_,
        "parts": parts,
        "respondent": getattr(saved.response, "respondent", None),
        "about_you": response_url("about_you", round_, key),
        "response": saved.response,
        "is_empty": not (saved.answers or saved.stances),
        "step": step_count(round_, schema),
        "steps": step_count(round_, schema),
        "table": response_url("table", round_, key),
    }
    return render(request, "feedback/check.html", context)


@response_view
def receipt(answer: AnswerRequest) -> HttpResponse:
    """That the answers arrived, with the reference to quote."""
    round_, key = answer.round_, answer.key
    response = answer.response
    if response is None or response.reference is None:
        raise Http404("nothing was sent")
    answered = answered_propositions(round_, response)
    context = {
        "round": round_,
        "response": response,
        "code": submissions.issue_return_code(response),
        "open": round_.takes_answers(),
        "course": round_course(round_, was_open=True),
        "change": first_page_url(round_, answer.schema, response),
        # Once the round is closed, that page only shows them.
        "sent": response_url("check", round_, key),
        "about": [rated for rated in answer.schema.propositions() if rated.proposition in answered],
        "draft": f"{round_.slug}:{key}:",
        "withdraw": response_url("withdraw", round_, key),
    }
    return render(answer.request, "feedback/receipt.html", context)


@response_view
def withdraw(answer: AnswerRequest) -> HttpResponse:
    """Withdraw a response: a question first, then the deed. Once that is done, its pages say so."""
    round_, key = answer.round_, answer.key
    if answer.response is None:
        raise Http404("no such response")
    if answer.request.method == "POST":
        withdrawals.withdraw(answer.response)
        return HttpResponseRedirect(response_url("withdraw", round_, key))
    return render(answer.request, "feedback/withdraw.html", {"round": round_, "response": answer.response})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def return_with_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Come back with a code. The code opens the answers; nothing else does."""
    answer = AnswerRequest.resolve(request, slug)
    typed = request.POST.get("code", "")
    response = submissions.find_by_return_code(typed)
    if response is None or response.round_id != answer.round_.pk:
        is_wrong = request.method == "POST"
        context = {"round": answer.round_, "typed": typed[:40], "is_wrong": is_wrong}
        return render(request, "feedback/return_with_code.html", context, status=422 if is_wrong else 200)
    if response.state == Response.State.WITHDRAWN:
        return HttpResponseRedirect(response_url("withdraw", answer.round_, response.client_key))
    return HttpResponseRedirect(first_page_url(answer.round_, answer.schema, response))


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def table_size(request: HttpRequest, slug: str) -> HttpResponse:
    """For how many somebody writes: a table in the room, or themselves alone. Before the first page, or after."""
    answer = AnswerRequest.resolve(request, slug)
    round_, key = answer.round_, answer.key or new_client_key()
    if answer.key and not answer.has_valid_key:
        raise Http404("no such response")
    if not round_.takes_answers() or answer.is_withdrawn:
        return closed_response(answer)
    response = answer.response
    session = answer.session(request.POST.get("code") or request.GET.get("code", ""))
    if response is None and session is None:
        raise Http404("a table is in a room, and comes with its code")
    is_alone = "alone" in request.POST
    initial = {"people": response.people if response else None}
    form = TableForm(None if is_alone else request.POST or None, initial=initial)
    if is_alone or (request.method == "POST" and form.is_valid()):
        people = 1 if is_alone else form.cleaned_data["people"]
        try:
            is_saved = submissions.save_table_size(round_, key, people)
        except ClosedError:
            return closed_response(answer)
        url = response_url("check", round_, key) if is_saved else _first_page(answer, key, session, people)
        return HttpResponseRedirect(url)
    return render(
        request, "feedback/table_size.html", {"round": round_, "form": form}, status=422 if form.errors else 200
    )


def _first_page(answer: AnswerRequest, key: str, session: RoundSession | None, people: int) -> str:
    """Where somebody begins who said for how many they write."""
    query: dict[str, Any] = {"code": signed_code(session)} if session else {}
    if people > 1:
        query["table"] = people
    return response_url("answer", answer.round_, key, step_of_session(answer.newest, session), **query)
