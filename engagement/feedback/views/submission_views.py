"""The last steps of answering: a page about the person, one to check, and the receipt; coming back, and withdrawing.

No page sets a cookie. The key of the response stands in the query of every address: whoever has it may change the
answers until the round closes, so no page sends its address on, and none is kept by a browser or a search engine.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from engagement.feedback.models import FeedbackRound, Respondent, Response, RoundSession
from engagement.feedback.responses import submissions
from engagement.feedback.responses.forms import RespondentForm, TableForm
from engagement.feedback.responses.keys import is_valid_key, new_client_key
from engagement.feedback.responses.presenters import summarise_page
from engagement.feedback.responses.queries import find_respondent, find_response
from engagement.feedback.responses.submissions import ClosedError, EmptyResponseError
from engagement.feedback.views.answer_views import requested_session
from engagement.feedback.views.closed_round import closed_response, summarise_respondent
from engagement.feedback.views.navigation import (
    answered_propositions,
    first_page_url,
    form_page_url,
    key_from_request,
    newest_form_version,
    private_view,
    response_url,
    step_count,
    step_of_session,
    steps_for,
)

__all__ = ["about_you", "check", "receipt", "return_with_code", "table_size", "withdraw"]


def response_of_round(asked: FeedbackRound, response: Response | None) -> Response | None:
    """A response to that round; None for one to another."""
    return response if response and response.round_id == asked.pk else None


@private_view
@require_http_methods(["GET", "HEAD", "POST"])
def about_you(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Who answers: everything on this page may be left empty."""
    key = key_from_request(request)
    response = response_of_round(asked, find_response(key))
    if not asked.takes_answers():
        return closed_response(request, asked, key, summarise_respondent(request.POST.dict()))
    version = newest_form_version(asked)
    if response is None:
        first = (
            reverse("feedback:round", args=[asked.slug]) if asked.is_standing else response_url("answer", asked, key, 1)
        )
        return HttpResponseRedirect(first)
    if response.withdrawn_at:
        return closed_response(request, asked, key, summarise_respondent(request.POST.dict()))
    known = find_respondent(response) or Respondent(response=response)
    at_event = asked.event_id is not None
    form = RespondentForm(request.POST or None, instance=known, sectors=version.form.sectors, at_event=at_event)
    if request.method == "POST" and form.is_valid():
        try:
            submissions.save_respondent(asked, key, form.cleaned_data)
        except ClosedError:
            return closed_response(request, asked, key, summarise_respondent(request.POST.dict()))
        return HttpResponseRedirect(response_url("check", asked, key))
    pages = steps_for(asked, version.form, answered_propositions(asked, response))
    context = {
        "round": asked,
        "form": form,
        "response": response,
        "step": step_count(asked, version.form) - 1,
        "steps": step_count(asked, version.form),
        "back": form_page_url(asked, version.form, key, pages[-1]) if pages else "",
    }
    return render(request, "feedback/about_you.html", context, status=422 if form.errors else 200)


@private_view
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Everything that was answered, to look through and send."""
    key = key_from_request(request)
    if request.method == "POST":
        try:
            submissions.submit(asked, key)
        except ClosedError:
            return closed_response(request, asked, key)
        except EmptyResponseError:
            # That page says so, and leads to the questions.
            return HttpResponseRedirect(response_url("check", asked, key))
        return HttpResponseRedirect(response_url("receipt", asked, key))
    if not asked.takes_answers():
        return closed_response(request, asked, key)
    kept = submissions.load_saved_response(key)
    form = newest_form_version(asked).form
    if kept.response and kept.response.round_id != asked.pk:
        raise Http404("no such response")
    if kept.response and kept.response.withdrawn_at:
        return closed_response(request, asked, key)
    parts = [
        {
            "page": page,
            "url": form_page_url(asked, form, key, step),
            "lines": summarise_page(page, kept.answers, kept.stances),
        }
        for step in steps_for(asked, form, [int(name[1:]) for name in kept.stances])
        for page in [form.pages[step - 1]]
    ]
    respondent = find_respondent(kept.response)
    context = {
        "round": asked,
        "parts": parts,
        "respondent": respondent,
        "about_you": response_url("about_you", asked, key),
        "response": kept.response,
        "is_empty": not (kept.answers or kept.stances),
        "step": step_count(asked, form),
        "steps": step_count(asked, form),
        "table": response_url("table", asked, key),
    }
    return render(request, "feedback/check.html", context)


@private_view
@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """That the answers arrived, with the reference to quote."""
    key = key_from_request(request)
    response = response_of_round(asked, find_response(key))
    if response is None or response.reference is None:
        raise Http404("nothing was sent")
    if response.withdrawn_at:
        return HttpResponseRedirect(response_url("withdraw", asked, key))
    form = newest_form_version(asked).form
    rated = answered_propositions(asked, response)
    context = {
        "round": asked,
        "response": response,
        "open": asked.takes_answers(),
        "change": first_page_url(asked, form, response),
        # Once the round is closed, that page only shows them.
        "sent": response_url("check", asked, key),
        "about": [one for one in form.rated() if one.proposition in rated],
        "draft": f"{asked.slug}:{key}:",
        "withdraw": response_url("withdraw", asked, key),
    }
    return render(request, "feedback/receipt.html", context)


@private_view
@require_http_methods(["GET", "HEAD", "POST"])
def return_with_code(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Come back with a code. The code opens the answers; nothing else does."""
    typed = request.POST.get("code", "")
    response = submissions.find_by_return_code(typed)
    if response is None or response.round_id != asked.pk:
        context = {"round": asked, "typed": typed[:40], "asked": request.method == "POST"}
        return render(request, "feedback/return_with_code.html", context, status=422 if context["asked"] else 200)
    return HttpResponseRedirect(first_page_url(asked, newest_form_version(asked).form, response))


@private_view
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Take everything back: a question first, then the deed."""
    key = key_from_request(request)
    response = get_object_or_404(Response, client_key=key, round=asked)
    done = response.state == Response.State.WITHDRAWN
    if request.method == "POST" and not done:
        submissions.withdraw(response)
        return HttpResponseRedirect(response_url("withdraw", asked, key))
    context = {"round": asked, "response": response, "done": done, "draft": f"{asked.slug}:{key}:"}
    return render(request, "feedback/withdraw.html", context)


def _first(asked: FeedbackRound, key: str, session: RoundSession | None, people: int) -> str:
    """Where somebody begins who said for how many they write."""
    query: dict[str, Any] = {"code": session.code} if session else {}
    if people > 1:
        query["table"] = people
    return response_url("answer", asked, key, step_of_session(asked, session), **query)


@private_view
@require_http_methods(["GET", "HEAD", "POST"])
def table_size(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """For how many somebody writes: a table in the room, or themselves alone. Asked before the first page, or after."""
    key = request.GET.get("k", "") or new_client_key()
    if not is_valid_key(key):
        raise Http404("no such response")
    if not asked.takes_answers():
        return closed_response(request, asked, key)
    response = Response.objects.filter(client_key=key, round=asked).first()
    session = requested_session(request, asked)
    if response is None and session is None:
        raise Http404("a table is in a room, and comes with its code")
    alone = "alone" in request.POST
    form = TableForm(None if alone else request.POST or None, initial={"people": response.people if response else None})
    if alone or (request.method == "POST" and form.is_valid()):
        people = 1 if alone else form.cleaned_data["people"]
        try:
            is_kept = submissions.save_table_size(asked, key, people)
        except ClosedError:
            return closed_response(request, asked, key)
        return HttpResponseRedirect(
            response_url("check", asked, key) if is_kept else _first(asked, key, session, people)
        )
    context = {"round": asked, "form": form}
    return render(request, "feedback/table_size.html", context, status=422 if form.errors else 200)
