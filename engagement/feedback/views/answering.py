"""The last steps of answering: a page about the person, one to check, and the receipt; coming back, and withdrawing.

No page sets a cookie. The key of the response stands in the query of every address: whoever has it may change the
answers until the round closes, so no page sends its address on, and none is kept by a browser or a search engine.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from engagement.feedback import answering
from engagement.feedback.answering import ClosedError, EmptyError
from engagement.feedback.finding import find_respondent, find_response
from engagement.feedback.forms import RespondentForm, TableForm
from engagement.feedback.keys import is_genuine, new_client_key
from engagement.feedback.models import FeedbackRound, Respondent, Response, RoundSession
from engagement.feedback.show import summary
from engagement.feedback.views.closing import closed, said
from engagement.feedback.views.filling import session_of
from engagement.feedback.views.ways import (
    address,
    begin,
    current_form,
    key_of,
    page_address,
    pages_of,
    private,
    rated_in,
    step_of_session,
    steps,
)

__all__ = ["about_you", "check", "come_back", "receipt", "table", "withdraw"]


def of_round(asked: FeedbackRound, response: Response | None) -> Response | None:
    """A response to that round; None for one to another."""
    return response if response and response.round_id == asked.pk else None


@private
@require_http_methods(["GET", "HEAD", "POST"])
def about_you(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Who answers: everything on this page may be left empty."""
    key = key_of(request)
    response = of_round(asked, find_response(key))
    if not asked.takes_answers():
        return closed(request, asked, key, said(request.POST.dict()))
    version = current_form(asked)
    if response is None:
        first = reverse("feedback:round", args=[asked.slug]) if asked.is_standing else address("answer", asked, key, 1)
        return HttpResponseRedirect(first)
    if response.withdrawn_at:
        return closed(request, asked, key, said(request.POST.dict()))
    known = find_respondent(response) or Respondent(response=response)
    at_event = asked.event_id is not None
    form = RespondentForm(request.POST or None, instance=known, sectors=version.form.sectors, at_event=at_event)
    if request.method == "POST" and form.is_valid():
        try:
            answering.keep_respondent(asked, key, form.cleaned_data)
        except ClosedError:
            return closed(request, asked, key, said(request.POST.dict()))
        return HttpResponseRedirect(address("check", asked, key))
    pages = pages_of(asked, version.form, rated_in(asked, response))
    context = {
        "round": asked,
        "form": form,
        "response": response,
        "step": steps(asked, version.form) - 1,
        "steps": steps(asked, version.form),
        "back": page_address(asked, version.form, key, pages[-1]) if pages else "",
    }
    return render(request, "feedback/about_you.html", context, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Everything that was answered, to look through and send."""
    key = key_of(request)
    if request.method == "POST":
        try:
            answering.send(asked, key)
        except ClosedError:
            return closed(request, asked, key)
        except EmptyError:
            # That page says so, and leads to the questions.
            return HttpResponseRedirect(address("check", asked, key))
        return HttpResponseRedirect(address("receipt", asked, key))
    if not asked.takes_answers():
        return closed(request, asked, key)
    kept = answering.kept(key)
    form = current_form(asked).form
    if kept.response and kept.response.round_id != asked.pk:
        raise Http404("no such response")
    if kept.response and kept.response.withdrawn_at:
        return closed(request, asked, key)
    parts = [
        {"page": page, "url": page_address(asked, form, key, step), "lines": summary(page, kept.answers, kept.stances)}
        for step in pages_of(asked, form, [int(name[1:]) for name in kept.stances])
        for page in [form.pages[step - 1]]
    ]
    respondent = find_respondent(kept.response)
    context = {
        "round": asked,
        "parts": parts,
        "respondent": respondent,
        "about_you": address("about_you", asked, key),
        "response": kept.response,
        "is_empty": not (kept.answers or kept.stances),
        "step": steps(asked, form),
        "steps": steps(asked, form),
        "table": address("table", asked, key),
    }
    return render(request, "feedback/check.html", context)


@private
@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """That the answers arrived, with the reference to quote."""
    key = key_of(request)
    response = of_round(asked, find_response(key))
    if response is None or response.reference is None:
        raise Http404("nothing was sent")
    if response.withdrawn_at:
        return HttpResponseRedirect(address("withdraw", asked, key))
    form = current_form(asked).form
    rated = rated_in(asked, response)
    context = {
        "round": asked,
        "response": response,
        "open": asked.takes_answers(),
        "change": begin(asked, form, response),
        # Once the round is closed, that page only shows them.
        "sent": address("check", asked, key),
        "about": [one for one in form.rated() if one.proposition in rated],
        "draft": f"{asked.slug}:{key}:",
        "withdraw": address("withdraw", asked, key),
    }
    return render(request, "feedback/receipt.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Come back with a code. The code opens the answers; nothing else does."""
    typed = request.POST.get("code", "")
    response = answering.returning(typed)
    if response is None or response.round_id != asked.pk:
        context = {"round": asked, "typed": typed[:40], "asked": request.method == "POST"}
        return render(request, "feedback/return.html", context, status=422 if context["asked"] else 200)
    return HttpResponseRedirect(begin(asked, current_form(asked).form, response))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Take everything back: a question first, then the deed."""
    key = key_of(request)
    response = get_object_or_404(Response, client_key=key, round=asked)
    done = response.state == Response.State.WITHDRAWN
    if request.method == "POST" and not done:
        answering.withdraw(response)
        return HttpResponseRedirect(address("withdraw", asked, key))
    context = {"round": asked, "response": response, "done": done, "draft": f"{asked.slug}:{key}:"}
    return render(request, "feedback/withdraw.html", context)


def _first(asked: FeedbackRound, key: str, session: RoundSession | None, people: int) -> str:
    """Where somebody begins who said for how many they write."""
    query: dict[str, Any] = {"code": session.code} if session else {}
    if people > 1:
        query["table"] = people
    return address("answer", asked, key, step_of_session(asked, session), **query)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """For how many somebody writes: a table in the room, or themselves alone. Asked before the first page, or after."""
    key = request.GET.get("k", "") or new_client_key()
    if not is_genuine(key):
        raise Http404("no such response")
    if not asked.takes_answers():
        return closed(request, asked, key)
    response = Response.objects.filter(client_key=key, round=asked).first()
    session = session_of(request, asked)
    if response is None and session is None:
        raise Http404("a table is in a room, and comes with its code")
    alone = "alone" in request.POST
    form = TableForm(None if alone else request.POST or None, initial={"people": response.people if response else None})
    if alone or (request.method == "POST" and form.is_valid()):
        people = 1 if alone else form.cleaned_data["people"]
        try:
            is_kept = answering.keep_people(asked, key, people)
        except ClosedError:
            return closed(request, asked, key)
        return HttpResponseRedirect(address("check", asked, key) if is_kept else _first(asked, key, session, people))
    context = {"round": asked, "form": form}
    return render(request, "feedback/table.html", context, status=422 if form.errors else 200)
