"""What somebody can do with the link mailed to them: see and change, pause, leave, take away and erase."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mailing_list import changes, people, tokens
from engagement.mailing_list.forms import ChoicesForm, PauseForm, clipped
from engagement.mailing_list.links import with_token
from engagement.mailing_list.models import Subscription, Token, Topic
from engagement.mailing_list.views.pages import broken_link, evidence, form_page, page, token_of
from engagement.post.addresses import address_hash
from nelis.core.views.cookieless import personal

__all__ = ["by_link", "data", "erase", "erased", "held", "manage"]

#: What the page says after something was done, by the word in its address.
DONE = {
    "saved": "Your choices are saved.",
    "paused": "Your mails are paused.",
    "resumed": "Your mails go on.",
    "left": "You have left the list.",
    "undone": "You are on the list again.",
    "nothing": "Nothing has changed.",
}


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the token of the link, or says why the link doesn't work."""

    def wrapped(request: HttpRequest) -> HttpResponse:
        found = tokens.find(Token.Purpose.MANAGE, token_of(request))
        # Whoever was erased has no address any more.
        if found.token is None or not found.token.address:
            return broken_link(request, "manage", found if found.token is None else None)
        return view(request, found.token)

    return personal(wrapped)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: Token) -> HttpResponse:
    """The state of a subscription, and everything that can be done with it. Without one: what is held otherwise."""
    subscription = token.subscription
    if subscription is None:
        return redirect(f"{reverse('mailing_list:held')}?{urlencode({'t': token_of(request)})}")
    if request.method != "POST":
        return _shown(request, subscription)
    act = ACTS.get(request.POST.get("do", ""))
    return act(request, subscription) if act else _done(request, "nothing")


@by_link
@require_safe
def held(request: HttpRequest, token: Token) -> HttpResponse:
    """Everything we hold about the address, to read."""
    found = people.everything_held(token.address, by_link=True)
    names = dict(Topic.objects.values_list("slug", "name"))
    for row in (*found["subscriptions"], *found["consent"]):
        # A topic that is gone was called something: its permanent name says what.
        row["topics"] = [names.get(slug, slug) for slug in row["topics"]]
    return page(request, "held", {"held": found, "token": token_of(request)})


@by_link
@require_safe
def data(request: HttpRequest, token: Token) -> HttpResponse:
    """The same, to take away."""
    response = JsonResponse(people.everything_held(token.address, by_link=True), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mailing-list-data.json"'
    return response


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, token: Token) -> HttpResponse:
    """What erasing means, and one button to do it."""
    if request.method != "POST":
        held = people.everything_held(token.address, by_link=True)
        context = {"answers": held.get("feedback"), "complaints": held.get("complaints")}
        return page(request, "erase", {"token": token_of(request), **context})
    hashed = address_hash(token.address)
    people.erase(token.address, words="words" in request.POST, evidence=evidence(request))
    stays = "?complaint=1" if people.what_stays(hashed) else ""
    return redirect(f"{reverse('mailing_list:erased')}{stays}")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """That it is done. Names no address."""
    return page(request, "erased", {"complaint": "complaint" in request.GET})


def _shown(request: HttpRequest, subscription: Subscription, **forms: Any) -> HttpResponse:
    chosen = list(subscription.topics.all())
    initial = {"topics": [topic.slug for topic in chosen], "frequency": subscription.frequency}
    # What isn't offered to anybody new stays with those who have it.
    offered = {topic.slug: topic for topic in [*Topic.objects.filter(is_open=True), *chosen]}
    form = forms.get("form") or ChoicesForm(offered.values(), initial=initial)
    pausing = forms.get("pausing") or PauseForm()
    wrong: Any = pausing if pausing.errors else form
    context = {
        "subscription": subscription,
        "pausing": pausing,
        "wrong": wrong,
        "token": token_of(request),
        "done": DONE.get(request.GET.get("done", ""), ""),
        "can_undo": changes.can_undo(subscription),
    }
    response = form_page(request, "manage", form, **context)
    response.status_code = 422 if wrong.errors else 200
    return response


def _done(request: HttpRequest, what: str) -> HttpResponse:
    return redirect(f"{with_token('manage', token_of(request))}&done={what}")


def _save(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    offered = Topic.objects.filter(is_open=True) | subscription.topics.all()
    form = ChoicesForm(offered.distinct(), clipped(request.POST))
    if not form.is_valid():
        return _shown(request, subscription, form=form)
    saved = changes.change(subscription, form.choices, evidence(request))
    return _done(request, "saved" if saved else "nothing")


def _pause(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    pausing = PauseForm(clipped(request.POST))
    if not pausing.is_valid():
        return _shown(request, subscription, pausing=pausing)
    paused = changes.pause(subscription, pausing.until, evidence(request))
    return _done(request, "paused" if paused else "nothing")


def _resume(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    return _done(request, "resumed" if changes.resume(subscription, evidence(request)) else "nothing")


def _leave(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    return _done(request, "left" if changes.leave(subscription, evidence(request)) else "nothing")


def _undo(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    return _done(request, "undone" if changes.undo(subscription, evidence(request)) else "nothing")


ACTS = {"save": _save, "pause": _pause, "resume": _resume, "leave": _leave, "undo": _undo}
