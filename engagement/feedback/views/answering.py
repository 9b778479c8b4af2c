"""Answering: a page for each session, one about the person, one to check, and the receipt.

No page sets a cookie. The key of the response stands in the query of every address: whoever has it may change the
answers until the round closes, so no page sends its address on, and none is kept by a browser or a search engine.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagement.feedback import answering
from engagement.feedback.answering import ClosedError
from engagement.feedback.finding import current_form, find_round
from engagement.feedback.forms import RespondentForm
from engagement.feedback.keys import is_genuine, new_client_key
from engagement.feedback.models import FeedbackRound, FormVersion, Respondent, Response, RoundSession
from engagement.feedback.reading import read_page
from engagement.feedback.show import controls, error_list, rated_controls, summary

__all__ = ["about_you", "answer", "check", "come_back", "receipt", "withdraw"]

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For pages whose address opens somebody's answers.

    Without Django's token against forged requests, which needs a cookie: the key in the address does its work, since
    another site doesn't know it.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = find_round(slug)
        response = view(request, asked, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def key_of(request: HttpRequest) -> str:
    """The key in the address. Raises Http404 for one that was not minted here."""
    key = request.GET.get("k", "")
    if not is_genuine(key):
        raise Http404("no such response")
    return key


def address(name: str, asked: FeedbackRound, key: str, *args: Any, **query: Any) -> str:
    """Where a page of somebody's answers is."""
    return f"{reverse(f'feedback:{name}', args=[asked.slug, *args])}?{urlencode({'k': key, **query})}"


@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, asked: FeedbackRound, step: int) -> HttpResponse:
    """One page of the form. Without a key in its address it mints one: that is how everybody begins."""
    if "k" not in request.GET:
        query = {name: value for name, value in request.GET.items() if name == "code"}
        return HttpResponseRedirect(address("answer", asked, new_client_key(), step, **query))
    key = key_of(request)
    if request.method == "POST":
        return _keep(request, asked, key, step)
    if not asked.takes_answers():
        return _closed(request, asked, key)
    form = current_form(asked)
    kept = answering.kept(key)
    if not 1 <= step <= len(form.form.pages):
        raise Http404("no such page")
    return _page(request, asked, form, key, step, kept.answers, kept.stances, {})


def _keep(request: HttpRequest, asked: FeedbackRound, key: str, step: int) -> HttpResponse:
    """Keep what was posted, against the version of the form that it was typed into."""
    number = request.POST.get("form", "")
    newest = current_form(asked)
    form: FormVersion | None = newest
    if number != str(newest.number):
        form = FormVersion.objects.filter(round=asked, number=int(number)).first() if number.isdecimal() else None
    if form is None or not 1 <= step <= len(form.form.pages):
        raise Http404("no such form")
    page = form.form.pages[step - 1]
    read = read_page(page, request.POST)
    if read.errors:
        return _page(request, asked, form, key, step, read.answers, read.stances, read.errors)
    try:
        response = answering.keep_page(asked, form, key, page, read, session_of(request, asked))
    except ClosedError:
        return _closed(request, asked, key, summary(page, read.answers, read.stances))
    if "later" in request.POST:
        code = answering.keep_for_later(response)
        return render(request, "feedback/later.html", {"round": asked, "code": code, "step": step, "key": key})
    if newest.pk != form.pk and newest.form.pages[step - 1 : step] != form.form.pages[step - 1 : step]:
        return HttpResponseRedirect(address("answer", asked, key, min(step, len(newest.form.pages)), changed=1))
    if step < len(newest.form.pages):
        return HttpResponseRedirect(address("answer", asked, key, step + 1))
    return HttpResponseRedirect(address("about_you", asked, key))


def session_of(request: HttpRequest, asked: FeedbackRound) -> RoundSession | None:
    """The session whose code the person came with."""
    code = request.GET.get("code", "")
    return asked.sessions.filter(code=code).first() if code else None


def _page(
    request: HttpRequest,
    asked: FeedbackRound,
    form: FormVersion,
    key: str,
    step: int,
    answers: Any,
    stances: Any,
    errors: dict[str, str],
) -> HttpResponse:
    page = form.form.pages[step - 1]
    context = {
        "round": asked,
        "form": form,
        "page_of_form": page,
        "step": step,
        "steps": len(form.form.pages) + 2,
        "rated": rated_controls(page, stances, errors),
        "controls": controls(page, answers, errors),
        "errors": error_list(page, errors),
        "changed": "changed" in request.GET,
        "back": address("answer", asked, key, step - 1) if step > 1 else "",
    }
    return render(request, "feedback/answer.html", context, status=422 if errors else 200)


def _closed(request: HttpRequest, asked: FeedbackRound, key: str, typed: Any = ()) -> HttpResponse:
    """The round takes no answers now. What somebody just typed is shown to them, so that it isn't lost."""
    response = Response.objects.filter(client_key=key).first()
    context = {"round": asked, "typed": [one for one in typed if one.lines], "response": response}
    return render(request, "feedback/closed.html", context, status=410)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def about_you(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """Who answers: everything on this page may be left empty."""
    key = key_of(request)
    response = Response.objects.filter(client_key=key, round=asked).select_related("respondent").first()
    if not asked.takes_answers():
        return _closed(request, asked, key)
    if response is None:
        return HttpResponseRedirect(address("answer", asked, key, 1))
    known = getattr(response, "respondent", None) or Respondent(response=response)
    form = RespondentForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            answering.keep_respondent(asked, key, form.cleaned_data)
        except ClosedError:
            return _closed(request, asked, key)
        return HttpResponseRedirect(address("check", asked, key))
    pages = len(current_form(asked).form.pages)
    context = {
        "round": asked,
        "form": form,
        "step": pages + 1,
        "steps": pages + 2,
        "back": address("answer", asked, key, pages),
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
            return _closed(request, asked, key)
        return HttpResponseRedirect(address("receipt", asked, key))
    if not asked.takes_answers():
        return _closed(request, asked, key)
    kept = answering.kept(key)
    form = current_form(asked).form
    parts = [
        {"page": page, "url": address("answer", asked, key, step), "lines": summary(page, kept.answers, kept.stances)}
        for step, page in enumerate(form.pages, start=1)
    ]
    respondent = getattr(kept.response, "respondent", None)
    context = {
        "round": asked,
        "parts": parts,
        "respondent": respondent,
        "about_you": address("about_you", asked, key),
        "response": kept.response,
        "is_empty": not (kept.answers or kept.stances),
        "steps": len(form.pages) + 2,
    }
    return render(request, "feedback/check.html", context)


@private
@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, asked: FeedbackRound) -> HttpResponse:
    """That the answers arrived, with the reference to quote."""
    key = key_of(request)
    response = Response.objects.filter(client_key=key, round=asked, reference__isnull=False).first()
    if response is None:
        raise Http404("nothing was sent")
    context = {
        "round": asked,
        "response": response,
        "open": asked.takes_answers(),
        "change": address("answer", asked, key, 1),
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
    return HttpResponseRedirect(address("answer", asked, response.client_key, 1))


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
    return render(request, "feedback/withdraw.html", {"round": asked, "response": response, "done": done})
