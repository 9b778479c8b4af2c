"""What somebody can do with the link mailed to them: see and change, pause, leave, take away and erase."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mail.addresses import address_hash
from engagement.mailing_list import personal_data, subscription_service, tokens
from engagement.mailing_list.forms import PauseForm, PreferencesForm, truncated
from engagement.mailing_list.links import path_with_token
from engagement.mailing_list.models import Subscription, Token, Topic
from engagement.mailing_list.views.base import broken_link, evidence, render_form, render_page, token_from
from nelis.core.views.decorators import private_page

__all__ = ["download_data", "erase", "erased", "preferences", "token_required", "your_data"]

#: What the page says after something was done, by the word in its address.
MESSAGES = {
    "saved": "Your choices are saved.",
    "paused": "Your mails are paused.",
    "resumed": "Your mails go on.",
    "left": "You have left the list.",
    "undone": "You are on the list again.",
    "nothing": "Nothing has changed.",
}


def token_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the token of the link, or says why the link doesn't work."""

    def wrapped(request: HttpRequest) -> HttpResponse:
        found = tokens.find_token(Token.Purpose.PREFERENCES, token_from(request))
        # Whoever was erased has no address any more.
        if found.token is None or not found.token.address:
            return broken_link(request, "preferences", found if found.token is None else None)
        return view(request, found.token)

    return private_page(wrapped)


@token_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: Token) -> HttpResponse:
    """The state of a subscription, and everything that can be done with it. Without one: what is held otherwise."""
    subscription = token.subscription
    if subscription is None:
        return redirect(f"{reverse('mailing_list:your_data')}?{urlencode({'t': token_from(request)})}")
    if request.method != "POST":
        return _page(request, subscription)
    act = ACTIONS.get(request.POST.get("do", ""))
    return act(request, subscription) if act else _redirect(request, "nothing")


@token_required
@require_safe
def your_data(request: HttpRequest, token: Token) -> HttpResponse:
    """Everything we hold about the address, to read."""
    found = personal_data.collect_data(token.address, for_link=True)
    names = dict(Topic.objects.values_list("slug", "name"))
    for row in (*found["subscriptions"], *found["consent"]):
        # A topic that is gone was called something: its permanent name says what.
        row["topics"] = [names.get(slug, slug) for slug in row["topics"]]
    return render_page(request, "your_data", {"held": found, "token": token_from(request)})


@token_required
@require_safe
def download_data(request: HttpRequest, token: Token) -> HttpResponse:
    """The same, to take away."""
    response = JsonResponse(personal_data.collect_data(token.address, for_link=True), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mailing-list-data.json"'
    return response


@token_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, token: Token) -> HttpResponse:
    """What erasing means, and one button to do it."""
    if request.method != "POST":
        held = personal_data.collect_data(token.address, for_link=True)
        context = {"answers": held.get("feedback"), "complaints": held.get("complaints")}
        return render_page(request, "erase", {"token": token_from(request), **context})
    hashed = address_hash(token.address)
    personal_data.erase(token.address, with_answers="words" in request.POST, evidence=evidence(request))
    stays = "?complaint=1" if personal_data.retained_by(hashed) else ""
    return redirect(f"{reverse('mailing_list:erased')}{stays}")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """That it is done. Names no address."""
    return render_page(request, "erased", {"complaint": "complaint" in request.GET})


def _page(request: HttpRequest, subscription: Subscription, **forms: Any) -> HttpResponse:
    chosen = list(subscription.topics.all())
    initial = {"topics": [topic.slug for topic in chosen], "frequency": subscription.frequency}
    # What isn't offered to anybody new stays with those who have it.
    offered = {topic.slug: topic for topic in [*Topic.objects.filter(is_open=True), *chosen]}
    form = forms.get("form") or PreferencesForm(offered.values(), initial=initial)
    pausing = forms.get("pausing") or PauseForm()
    wrong: Any = pausing if pausing.errors else form
    context = {
        "subscription": subscription,
        "pausing": pausing,
        "wrong": wrong,
        "token": token_from(request),
        "done": MESSAGES.get(request.GET.get("done", ""), ""),
        "can_undo": subscription_service.can_undo(subscription),
    }
    response = render_form(request, "preferences", form, **context)
    response.status_code = 422 if wrong.errors else 200
    return response


def _redirect(request: HttpRequest, what: str) -> HttpResponse:
    return redirect(f"{path_with_token('preferences', token_from(request))}&done={what}")


def _save(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    offered = Topic.objects.filter(is_open=True) | subscription.topics.all()
    form = PreferencesForm(offered.distinct(), truncated(request.POST))
    if not form.is_valid():
        return _page(request, subscription, form=form)
    saved = subscription_service.update_preferences(subscription, form.preferences, evidence(request))
    return _redirect(request, "saved" if saved else "nothing")


def _pause(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    pausing = PauseForm(truncated(request.POST))
    if not pausing.is_valid():
        return _page(request, subscription, pausing=pausing)
    paused = subscription_service.pause(subscription, pausing.until, evidence(request))
    return _redirect(request, "paused" if paused else "nothing")


def _resume(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    return _redirect(request, "resumed" if subscription_service.resume(subscription, evidence(request)) else "nothing")


def _unsubscribe(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    return _redirect(
        request, "left" if subscription_service.unsubscribe(subscription, evidence(request)) else "nothing"
    )


def _undo_unsubscribe(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    return _redirect(
        request, "undone" if subscription_service.undo_unsubscribe(subscription, evidence(request)) else "nothing"
    )


ACTIONS = {"save": _save, "pause": _pause, "resume": _resume, "leave": _unsubscribe, "undo": _undo_unsubscribe}
