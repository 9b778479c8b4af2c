"""Preferences: asking for a link to them, and what can be done with it: see, change, pause, leave, download, erase."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mail.addresses import address_hash
from engagement.mailing_list import abuse, personal_data, subscription_service
from engagement.mailing_list.forms import AddressForm, PauseForm, PreferencesForm, truncated
from engagement.mailing_list.links import PREFERENCES_LINK, path_with_token
from engagement.mailing_list.models import Subscription, Token, Topic
from engagement.mailing_list.views.base import (
    evidence,
    permanent_token_required,
    render_page,
    token_from,
    token_required,
)
from engagement.mailing_list.views.signup import refuse, render_protected_form
from nelis.core.views.decorators import public_form

#: What the page says after something was done, by the word in its URL.
MESSAGES = {
    "saved": "Your choices are saved.",
    "paused": "Your mails are paused.",
    "resumed": "Your mails go on.",
    "left": "You have left the list.",
    "undone": "You are on the list again.",
    "nothing": "Nothing has changed.",
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
    subscription = Subscription.objects.newest(half_hash)
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
    proof = evidence(request)
    match request.POST.get("do", ""):
        case "save":
            offered = Topic.objects.filter(is_open=True) | subscription.topics.all()
            form = PreferencesForm(offered.distinct(), truncated(request.POST))
            if not form.is_valid():
                return _page(request, subscription, form=form)
            message, is_done = "saved", subscription_service.update_preferences(subscription, form.preferences, proof)
        case "pause":
            pausing = PauseForm(truncated(request.POST))
            if not pausing.is_valid():
                return _page(request, subscription, pausing=pausing)
            message, is_done = "paused", subscription_service.pause(subscription, pausing.until, proof)
        case "resume":
            message, is_done = "resumed", subscription_service.resume(subscription, proof)
        case "leave":
            message, is_done = "left", subscription_service.unsubscribe(subscription, proof)
        case "undo":
            message, is_done = "undone", subscription_service.undo_unsubscribe(subscription, proof)
        case _:
            message, is_done = "nothing", False
    return redirect(f"{path_with_token('preferences', token_from(request))}&done={message if is_done else 'nothing'}")


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
) -> HttpResponse:
    chosen = list(subscription.topics.all())
    initial = {"topics": [topic.slug for topic in chosen], "frequency": subscription.frequency}
    # A topic that nobody new is offered stays with those who have it.
    offered = {topic.slug: topic for topic in [*Topic.objects.filter(is_open=True), *chosen]}
    form = form or PreferencesForm(offered.values(), initial=initial)
    pausing = pausing or PauseForm()
    wrong: Any = pausing if pausing.errors else form
    context = {
        "form": form,
        "subscription": subscription,
        "pausing": pausing,
        "wrong": wrong,
        "token": token_from(request),
        "done": MESSAGES.get(request.GET.get("done", ""), ""),
        "can_undo": subscription_service.can_undo(subscription),
    }
    return render_page(request, "preferences", context, status=422 if wrong.errors else 200)
