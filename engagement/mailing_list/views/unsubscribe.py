"""Unsubscribing by a link that never expires; and undoing it, for a day, with the same link.

The link's authority is that of the email it stands in. Whoever has a bulletin may end the subscription it was sent to,
and may undo that for a day, or undo it and hear less: no more than what was before, and nothing is shown.
"""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagement.mailing_list import subscription_service
from engagement.mailing_list.forms import months_from_today
from engagement.mailing_list.links import UNSUBSCRIBE, path_with_token
from engagement.mailing_list.models import ConsentEvent, Frequency, Suppression
from engagement.mailing_list.views.base import evidence, permanent_token_required, render_page, token_from

#: What can be had instead of leaving. Nobody gets more emails by it than before: whoever heard less often goes on so.
ALTERNATIVES = {"weekly": Frequency.WEEKLY, "monthly": Frequency.MONTHLY, "pause": None, "all": None}
#: From more emails to fewer.
FREQUENCIES = (Frequency.IMMEDIATE, Frequency.WEEKLY, Frequency.MONTHLY)
PAUSE_MONTHS = 3


@permanent_token_required(UNSUBSCRIBE)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, half_hash: str) -> HttpResponse:
    """Show a button that unsubscribes. Email programs (RFC 8058) post here too: 200, no cookie, no redirect."""
    if request.method != "POST":
        return render_page(request, "unsubscribe", {"token": token_from(request)})
    subscription = subscription_service.for_link(half_hash)
    if subscription is not None:
        subscription_service.unsubscribe(subscription, evidence(request))
    else:
        _suppress_by_consent_event(half_hash)
    if _is_our_button(request):
        return redirect(path_with_token("unsubscribed", token_from(request)))
    return render_page(request, "unsubscribed")


@permanent_token_required(UNSUBSCRIBE)
@require_safe
def unsubscribed(request: HttpRequest, half_hash: str) -> HttpResponse:
    """Say that it is done, offer fewer emails instead, and undoing it while that is possible."""
    subscription = subscription_service.for_link(half_hash)
    can_undo = subscription is not None and subscription_service.can_undo(subscription)
    return render_page(request, "unsubscribed", {"token": token_from(request), "can_undo": can_undo})


@permanent_token_required(UNSUBSCRIBE)
@require_POST
def undo_unsubscribe(request: HttpRequest, half_hash: str) -> HttpResponse:
    """Restore the subscription as it was, or with fewer emails."""
    instead = request.POST.get("instead", "all")
    subscription = subscription_service.for_link(half_hash)
    is_done = (
        subscription is not None
        and instead in ALTERNATIVES
        and subscription_service.undo_unsubscribe(subscription, evidence(request))
    )
    if subscription is None or not is_done:
        if subscription is not None and subscription_service.was_undone(subscription):
            # The button was pressed twice.
            return redirect("mailing_list:resubscribed")
        return render_page(request, "undo_expired", status=410)
    frequency = ALTERNATIVES[instead]
    if frequency and FREQUENCIES.index(frequency) > FREQUENCIES.index(subscription.frequency):
        preferences = subscription_service.Preferences(list(subscription.topics.all()), frequency)
        subscription_service.update_preferences(subscription, preferences, evidence(request))
    elif instead == "pause":
        until = months_from_today(PAUSE_MONTHS)
        subscription_service.pause(subscription, max(until, subscription.paused_until or until), evidence(request))
    return redirect("mailing_list:resubscribed")


@require_safe
def resubscribed(request: HttpRequest) -> HttpResponse:
    """Say that they are on the list again."""
    return render_page(request, "resubscribed")


def _is_our_button(request: HttpRequest) -> bool:
    """Whether a person pressed the button of our page. Mail programs may send what is no form at all."""
    try:
        return "button" in request.POST
    except (BadRequest, MultiPartParserError, SuspiciousOperation):
        return False


def _suppress_by_consent_event(half_hash: str) -> None:
    """Suppress an address whose subscriptions are gone, perhaps with a restored backup: a consent event names it."""
    event = ConsentEvent.objects.filter(address_hash__gte=half_hash, address_hash__lt=half_hash + "g").first()
    if event is not None:
        subscription_service.suppress(event.address_hash, Suppression.Reason.LEFT)
