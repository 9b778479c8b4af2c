"""Preferences: asking for a link to them, and what can be done with it: see, change, move, pause, leave,
download, erase."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mail.addresses import address_hash
from engagement.mailing_list import abuse, personal_data, subscription_service
from engagement.mailing_list.forms import AddressForm, NewAddressForm, PauseForm, PreferencesForm, truncated
from engagement.mailing_list.links import PREFERENCES_LINK, LinkError, path_with_token
from engagement.mailing_list.models import Subscription, Token, Topic
from engagement.mailing_list.views.base import (
    evidence,
    permanent_token_required,
    render_page,
    token_from,
    token_required,
)
from engagement.mailing_list.views.signup import RATE_LIMITED, refuse, render_protected_form
from nelis.core.views.decorators import public_form

#: What the page says after something was done, by the word in its URL.
MESSAGES = {
    "saved": "Your choices are saved.",
    "paused": "Your emails are paused.",
    "resumed": "Your emails go on.",
    "left": "You have left the list.",
    "undone": "You are on the list again.",
    "asked": (
        "We write to the new address, unless it had several such emails today or its holder asked us never to write. "
        "Open the link there within two days. Until then, everything stays as it is."
    ),
    "nothing": "Nothing has changed.",
}
#: The message after each action, if it was done.
MESSAGE_AFTER = {
    "save": "saved",
    "pause": "paused",
    "move": "asked",
    "resume": "resumed",
    "leave": "left",
    "undo": "undone",
}
#: What needs no form.
SIMPLE_ACTIONS = {
    "resume": subscription_service.resume,
    "leave": subscription_service.unsubscribe,
    "undo": subscription_service.undo_unsubscribe,
}
#: The states in which a message is true even if this press changed nothing: the button was pressed before.
IS_SO = {
    "saved": (Subscription.State.ACTIVE, Subscription.State.PAUSED),
    "resumed": (Subscription.State.ACTIVE,),
    "left": (Subscription.State.ENDED,),
    "undone": (Subscription.State.ACTIVE, Subscription.State.PAUSED),
}


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request: HttpRequest) -> HttpResponse:
    """Show a form for the address, and mail a link there. The answer is the same whether or not it is on the list."""
    if request.method != "POST":
        return render_protected_form(request, "request_link", AddressForm())
    form = AddressForm(truncated(request.POST))
    if refusal := refuse(request, "request_link", form):
        return refusal
    abuse.queue_request(abuse.PREFERENCES, form.cleaned_data["address"], request)
    return redirect("mailing_list:link_sent")


@permanent_token_required(PREFERENCES_LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences_link(request: HttpRequest, half_hash: str) -> HttpResponse:
    """Show the button behind the permanent link in bulletins, which mails a link that works for two hours.

    Nothing else is shown, because bulletins are passed on.
    """
    if request.method != "POST":
        return render_page(request, "preferences_link", {"token": token_from(request)})
    subscription = subscription_service.for_link(half_hash)
    if subscription is not None:
        abuse.queue_request(abuse.PREFERENCES, subscription.address, request)
    return redirect("mailing_list:link_sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next. Names no address, and is the same for everybody."""
    return render_page(request, "link_sent")


@token_required(Token.Purpose.PREFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: Token) -> HttpResponse:
    """Show a subscription and take the actions on it. Whoever has none is led to what is held otherwise."""
    subscription = token.subscription
    if subscription is None:
        return redirect(path_with_token("your_data", token_from(request)))
    if request.method != "POST":
        return _page(request, subscription)
    done = _perform(request, subscription)
    if isinstance(done, HttpResponse):
        return done
    return redirect(f"{path_with_token('preferences', token_from(request))}&done={done}")


def _perform(request: HttpRequest, subscription: Subscription) -> str | HttpResponse:
    """Take the action that the request names. The word of its message; or the page again, where a form is wrong."""
    proof = evidence(request)
    action = request.POST.get("do", "")
    match action:
        case "save":
            offered = Topic.objects.filter(is_open=True) | subscription.topics.all()
            form = PreferencesForm(offered.distinct(), truncated(request.POST))
            if not form.is_valid():
                return _page(request, subscription, form=form)
            is_done = subscription_service.update_preferences(subscription, form.preferences, proof)
        case "pause":
            pausing = PauseForm(truncated(request.POST))
            if not pausing.is_valid():
                return _page(request, subscription, pausing=pausing)
            is_done = subscription_service.pause(subscription, pausing.until, proof)
        case "move":
            moving = NewAddressForm(subscription, truncated(request.POST))
            if refusal := _refuse_move(request, subscription, moving):
                return refusal
            abuse.queue_request(
                abuse.NEW_ADDRESS, moving.cleaned_data["address"], request, subscription=str(subscription.uuid)
            )
            is_done = True
        case "resume" | "leave" | "undo":
            is_done = SIMPLE_ACTIONS[action](subscription, proof)
        case _:
            return "nothing"
    subscription.refresh_from_db(fields=["state"])
    message = MESSAGE_AFTER[action]
    return message if is_done or subscription.state in IS_SO.get(message, ()) else "nothing"


def _refuse_move(request: HttpRequest, subscription: Subscription, moving: NewAddressForm) -> HttpResponse | None:
    """The page again, if the new address is wrong or the network used up its limit; None if not."""
    if not moving.is_valid():
        return _page(request, subscription, moving=moving)
    if not abuse.network_is_rate_limited(request):
        return None
    moving.add_error("address", RATE_LIMITED)
    response = _page(request, subscription, moving=moving)
    response.status_code = 429
    return response


@token_required(Token.Purpose.NEW_ADDRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: HttpRequest, token: Token) -> HttpResponse:
    """Show a button that moves a subscription to the address that the link was mailed to."""
    if request.method != "POST":
        return render_page(request, "new_address", {"token": token_from(request), "address": token.address})
    if subscription_service.change_address(token, evidence(request)):
        return redirect("mailing_list:address_changed")
    token.refresh_from_db(fields=["used_at"])
    if token.used_at is not None:
        # The button was pressed twice.
        raise LinkError("used", token)
    return render_page(request, "address_not_changed", status=409)


@require_safe
def address_changed(request: HttpRequest) -> HttpResponse:
    """Say that it is done. Names no address."""
    return render_page(request, "address_changed")


@token_required(Token.Purpose.PREFERENCES)
@require_safe
def your_data(request: HttpRequest, token: Token) -> HttpResponse:
    """Show everything held about the address."""
    held = personal_data.collect_data(token.address, for_link=True)
    names = dict(Topic.objects.values_list("slug", "name"))
    for row in (*held["subscriptions"], *held["consent"]):
        # A topic that is gone was called something: its permanent name says what.
        row["topics"] = [names.get(slug, slug) for slug in row["topics"]]
    return render_page(request, "your_data", {"held": held, "token": token_from(request)})


@token_required(Token.Purpose.PREFERENCES)
@require_safe
def download_data(request: HttpRequest, token: Token) -> HttpResponse:
    """Download everything held about the address."""
    held = personal_data.collect_data(token.address, for_link=True)
    response = JsonResponse(held, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mailing-list-data.json"'
    return response


@token_required(Token.Purpose.PREFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, token: Token) -> HttpResponse:
    """Say what erasing means, and show a button that does it."""
    if request.method != "POST":
        held = personal_data.collect_data(token.address, for_link=True)
        context = {"answers": held.get("feedback"), "complaints": held.get("complaints")}
        return render_page(request, "erase", {"token": token_from(request), **context})
    hashed = address_hash(token.address)
    personal_data.erase(token.address, with_answers="words" in request.POST, evidence=evidence(request))
    query = "?complaint=1" if personal_data.retained_by(hashed) else ""
    return redirect(f"{reverse('mailing_list:erased')}{query}")


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Say that it is done. Names no address."""
    return render_page(request, "erased", {"complaint": "complaint" in request.GET})


def _page(
    request: HttpRequest,
    subscription: Subscription,
    form: PreferencesForm | None = None,
    pausing: PauseForm | None = None,
    moving: NewAddressForm | None = None,
) -> HttpResponse:
    chosen = list(subscription.topics.all())
    initial = {"topics": [topic.slug for topic in chosen], "frequency": subscription.frequency}
    # A topic that nobody new is offered stays with those who have it.
    offered = {topic.slug: topic for topic in [*Topic.objects.filter(is_open=True), *chosen]}
    form = form or PreferencesForm(offered.values(), initial=initial)
    pausing, moving = pausing or PauseForm(), moving or NewAddressForm(subscription)
    wrong: Any = next((given for given in (pausing, moving) if given.errors), form)
    context = {
        "form": form,
        "subscription": subscription,
        "pausing": pausing,
        "moving": moving,
        "wrong": wrong,
        "token": token_from(request),
        "done": MESSAGES.get(request.GET.get("done", ""), ""),
        "can_undo": subscription_service.can_undo(subscription),
    }
    return render_page(request, "preferences", context, status=422 if wrong.errors else 200)
