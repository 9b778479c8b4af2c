"""Leaving, by a link that never expires; and coming back, for a day, with the same link.

The link's authority is that of the mail it stands in. Whoever has a bulletin may end the subscription it was sent to,
and may take that back for a day, or take it back and hear less: no more than what was before, and nothing is shown.
"""

from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagement.mailing_list import subscription_service
from engagement.mailing_list.forms import months_from_today
from engagement.mailing_list.links import UNSUBSCRIBE, path_with_token, read_permanent_token
from engagement.mailing_list.models import ConsentEvent, Frequency, Subscription, Suppression
from engagement.mailing_list.views.base import broken_link, evidence, render_page, token_from
from nelis.core.views.decorators import private_page

__all__ = ["newest_subscription", "resubscribed", "undo_unsubscribe", "unsubscribe", "unsubscribed"]

#: What can be had instead of leaving. Nobody gets more mails by it than before: whoever heard less often goes on so.
ALTERNATIVES = {"weekly": Frequency.WEEKLY, "monthly": Frequency.MONTHLY, "pause": None, "all": None}
FREQUENCIES = (Frequency.IMMEDIATE, Frequency.WEEKLY, Frequency.MONTHLY)
PAUSE_MONTHS = 3


def newest_subscription(half_hash: str) -> Subscription | None:
    """The subscription of the address whose hash begins so: the open one, else the last."""
    # A range and not a beginning, because every database can use its index for that.
    mine = Subscription.objects.filter(address_hash__gte=half_hash, address_hash__lt=half_hash + "g")
    return mine.open().first() or mine.order_by("-pk").first()


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """One button to leave. A mail program's own button (RFC 8058) posts here too: 200, no cookie, no redirect."""
    half = read_permanent_token(UNSUBSCRIBE, token_from(request))
    if half is None:
        return broken_link(request, "unsubscribe")
    if request.method != "POST":
        return render_page(request, "unsubscribe", {"token": token_from(request)})
    subscription = newest_subscription(half)
    if subscription is not None:
        subscription_service.unsubscribe(subscription, evidence(request))
    else:
        _suppress_by_consent_event(half)
    if _is_person(request):
        return redirect(path_with_token("unsubscribed", token_from(request)))
    return render_page(request, "unsubscribed")


@private_page
@require_safe
def unsubscribed(request: HttpRequest) -> HttpResponse:
    """That they have left; what they could have instead; and the way back, while there is one."""
    half = read_permanent_token(UNSUBSCRIBE, token_from(request))
    if half is None:
        return broken_link(request, "unsubscribe")
    subscription = newest_subscription(half)
    can_undo = subscription is not None and subscription_service.can_undo(subscription)
    return render_page(request, "unsubscribed", {"token": token_from(request), "can_undo": can_undo})


@private_page
@require_POST
def undo_unsubscribe(request: HttpRequest) -> HttpResponse:
    """Back as it was, or with fewer mails."""
    half = read_permanent_token(UNSUBSCRIBE, token_from(request))
    if half is None:
        return broken_link(request, "unsubscribe")
    instead = request.POST.get("instead", "all")
    subscription = newest_subscription(half)
    if (
        subscription is None
        or instead not in ALTERNATIVES
        or not subscription_service.undo_unsubscribe(subscription, evidence(request))
    ):
        return render_page(request, "undo_expired", status=410)
    _reduce(request, subscription, instead)
    return redirect("mailing_list:resubscribed")


@require_safe
def resubscribed(request: HttpRequest) -> HttpResponse:
    """That they are on the list again."""
    return render_page(request, "resubscribed")


def _is_person(request: HttpRequest) -> bool:
    """Whether a person is looking: only our own button says so. Mail programs may send what is no form at all."""
    try:
        return "button" in request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation):
        return False


def _reduce(request: HttpRequest, subscription: Subscription, instead: str) -> None:
    said: Any = evidence(request)
    frequency = ALTERNATIVES[instead]
    if frequency and FREQUENCIES.index(frequency) > FREQUENCIES.index(subscription.frequency):
        subscription_service.update_preferences(
            subscription, subscription_service.Preferences(list(subscription.topics.all()), frequency), said
        )
    elif instead == "pause":
        until = months_from_today(PAUSE_MONTHS)
        subscription_service.pause(subscription, max(until, subscription.paused_until or until), said)


def _suppress_by_consent_event(half: str) -> None:
    """The rows are gone, perhaps with a backup that was put back: what was agreed once still names the address."""
    event = ConsentEvent.objects.filter(address_hash__gte=half, address_hash__lt=half + "g").first()
    if event is not None:
        subscription_service.suppress(event.address_hash, Suppression.Reason.LEFT)
