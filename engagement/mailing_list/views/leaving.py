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

from engagement.mailing_list import changes
from engagement.mailing_list.forms import in_months
from engagement.mailing_list.links import LEAVE, read_permanent_token, with_token
from engagement.mailing_list.models import ConsentEvent, Frequency, Subscription, Suppression
from engagement.mailing_list.views.pages import broken_link, evidence, page, token_of
from nelis.core.views.cookieless import personal

__all__ = ["back", "leave", "left", "newest_of", "undo"]

#: What can be had instead of leaving. Nobody gets more mails by it than before: whoever heard less often goes on so.
INSTEAD = {"weekly": Frequency.WEEKLY, "monthly": Frequency.MONTHLY, "pause": None, "all": None}
LESS = (Frequency.IMMEDIATE, Frequency.WEEKLY, Frequency.MONTHLY)
PAUSE_MONTHS = 3


def newest_of(half_hash: str) -> Subscription | None:
    """The subscription of the address whose hash begins so: the open one, else the last."""
    # A range and not a beginning, because every database can use its index for that.
    mine = Subscription.objects.filter(address_hash__gte=half_hash, address_hash__lt=half_hash + "g")
    return mine.open().first() or mine.order_by("-pk").first()


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """One button to leave. A mail program's own button (RFC 8058) posts here too: 200, no cookie, no redirect."""
    half = read_permanent_token(LEAVE, token_of(request))
    if half is None:
        return broken_link(request, "leave")
    if request.method != "POST":
        return page(request, "leave", {"token": token_of(request)})
    subscription = newest_of(half)
    if subscription is not None:
        changes.leave(subscription, evidence(request))
    else:
        _keep_out(half)
    if _was_pressed(request):
        return redirect(with_token("left", token_of(request)))
    return page(request, "left")


@personal
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """That they have left; what they could have instead; and the way back, while there is one."""
    half = read_permanent_token(LEAVE, token_of(request))
    if half is None:
        return broken_link(request, "leave")
    subscription = newest_of(half)
    can_undo = subscription is not None and changes.can_undo(subscription)
    return page(request, "left", {"token": token_of(request), "can_undo": can_undo})


@personal
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Back as it was, or with fewer mails."""
    half = read_permanent_token(LEAVE, token_of(request))
    if half is None:
        return broken_link(request, "leave")
    instead = request.POST.get("instead", "all")
    subscription = newest_of(half)
    if subscription is None or instead not in INSTEAD or not changes.undo(subscription, evidence(request)):
        return page(request, "too_late", status=410)
    _hear_less(request, subscription, instead)
    return redirect("mailing_list:back")


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """That they are on the list again."""
    return page(request, "back")


def _was_pressed(request: HttpRequest) -> bool:
    """Whether a person is looking: only our own button says so. Mail programs may send what is no form at all."""
    try:
        return "button" in request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation):
        return False


def _hear_less(request: HttpRequest, subscription: Subscription, instead: str) -> None:
    said: Any = evidence(request)
    frequency = INSTEAD[instead]
    if frequency and LESS.index(frequency) > LESS.index(subscription.frequency):
        changes.change(subscription, changes.Choices(list(subscription.topics.all()), frequency), said)
    elif instead == "pause":
        until = in_months(PAUSE_MONTHS)
        changes.pause(subscription, max(until, subscription.paused_until or until), said)


def _keep_out(half: str) -> None:
    """The rows are gone, perhaps with a backup that was put back: what was agreed once still names the address."""
    event = ConsentEvent.objects.filter(address_hash__gte=half, address_hash__lt=half + "g").first()
    if event is not None:
        changes.suppress(event.address_hash, Suppression.Reason.LEFT)
