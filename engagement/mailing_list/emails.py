"""Emails of the mailing list. What each says is decided when it is sent, and its secrets are made then."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import automatic_message
from engagement.mail.transactional import composer, failure_handler
from engagement.mailing_list import abuse, circuit_breaker, personal_data, subscription_service
from engagement.mailing_list.links import UNSUBSCRIBE, permanent_url, token_url
from engagement.mailing_list.models import CircuitBreaker, ConsentWording, Subscription, Suppression, Token, Topic
from nelis.core.site_address import absolute_url

Purpose = Token.Purpose
State = Subscription.State

#: The button of each email that has one.
LABELS = {
    "confirm": "Open the page to confirm",
    "already_subscribed": "See or change your choices",
    "preferences": "See your choices",
    "data_held": "See what we hold",
    "added": "See your choices",
    "new_address": "Open the page to confirm",
    "address_changed": "Join again with this address",
    "circuit_breaker_notice": "Look at the sign-ups",
}
#: Emails that are about what is held of somebody rather than about the list.
ABOUT_PERSONAL_DATA = ("added", "data_held", "no_data_held")


# Whoever has no mailbox any more, or reported the email as unwanted, is not written to again.
failure_handler(subscription_service.apply_delivery_outcome)


@composer(abuse.SIGNUP)
def signup(email: TransactionalEmail) -> Message | Skip | Defer:
    """Answer a sign-up: with a link to confirm; or, to somebody on the list already, with a link to their preferences.

    The subscription is created here and not by the form, which thereby does the same whoever it is about.
    """
    with transaction.atomic():
        _refresh_and_lock(email)
        if email.object_id:  # Composed before, and tried again.
            pending = Subscription.objects.filter(uuid=email.object_id, state=State.PENDING).first()
            return _confirmation(pending) if pending else Skip("answered")
        if reason := _refusal_reason(email):
            return _skip(email, reason)
        if abuse.domain_is_rate_limited(email):
            return Defer(abuse.RETRY_SECONDS)
        subscription = Subscription.objects.open().filter(address_hash=email.address_hash).first()
        if subscription and subscription.state != State.PENDING:
            _record_outcome(email, "already")
            return _to_subscriber("already_subscribed", "You are on our mailing list already", subscription)
        if "topics" not in email.data:
            # Answered before as somebody on the list, put off by the server, and they have left meanwhile.
            return _skip(email, "answered")
        if circuit_breaker.is_open(email.data.get("network", "")):
            return Defer(abuse.RETRY_SECONDS)
        pending = _create_pending(email)
        _record_outcome(email, circuit_breaker.CONFIRM, object_id=str(pending.uuid))
        return _confirmation(pending)


@composer(abuse.PREFERENCES)
def preferences(email: TransactionalEmail) -> Message | Skip | Defer:
    """Send the link to everything held about an address and to its preferences; or say that nothing is held."""
    with transaction.atomic():
        _refresh_and_lock(email)
        if reason := _refusal_reason(email):
            return _skip(email, reason)
        if abuse.domain_is_rate_limited(email):
            return Defer(abuse.RETRY_SECONDS)
        # Somebody who left may see and erase what is still held.
        subscription = Subscription.objects.newest(email.address_hash)
        is_held_elsewhere = subscription is None and personal_data.is_held_elsewhere(email.address_hash)
        if not (subscription or is_held_elsewhere) and abuse.strangers_are_rate_limited(email):
            return _skip(email, "capped")
        _record_outcome(email, "link" if subscription or is_held_elsewhere else abuse.NOTHING)
        if subscription:
            return _to_subscriber("preferences", "Your link to your mailing list choices", subscription)
        if is_held_elsewhere:
            link = token_url(email, Purpose.PREFERENCES)
            return _message("data_held", email.address, "Your link to what we hold about you", {"link": link})
        return _message("no_data_held", email.address, "We hold nothing under this address", {})


@composer(abuse.NEW_ADDRESS)
def new_address(email: TransactionalEmail) -> Message | Skip | Defer:
    """Ask whoever has a new address to confirm that a subscription is to move there.

    Who is on the list with it by themselves is told so instead.
    """
    with transaction.atomic():
        _refresh_and_lock(email)
        is_repeated = bool(email.object_id)  # Composed before, and tried again.
        if not is_repeated:
            if reason := _refusal_reason(email):
                return _skip(email, reason)
            if abuse.domain_is_rate_limited(email):
                return Defer(abuse.RETRY_SECONDS)
        key = email.object_id or email.data["subscription"]
        moving = Subscription.objects.filter(uuid=key, state__in=(State.ACTIVE, State.PAUSED)).first()
        if moving is None or not email.address:
            return Skip("left") if is_repeated else _skip(email, "left")
        there = Subscription.objects.open().filter(address_hash=email.address_hash).exclude(state=State.PENDING).first()
        if there is not None:
            if not is_repeated:
                _record_outcome(email, "already")
            return _to_subscriber("already_subscribed", "You are on our mailing list already", there)
        if not is_repeated:
            if circuit_breaker.is_open(email.data.get("network", "")):
                return Defer(abuse.RETRY_SECONDS)
            _record_outcome(email, circuit_breaker.CONFIRM, object_id=str(moving.uuid))
        link = token_url(email, Purpose.NEW_ADDRESS)
        return _message("new_address", email.address, "Confirm your new address", {"link": link})


@composer(subscription_service.ADDRESS_CHANGED)
def address_changed(email: TransactionalEmail) -> Message | Skip:
    """Tell the old address that mails go to another from now on. It doesn't say to which."""
    if not email.address:
        return Skip("erased")
    link = absolute_url(reverse("mailing_list:signup"))
    return _message("address_changed", email.address, "Our emails go to your new address", {"link": link})


@composer("added")
def added(email: TransactionalEmail) -> Message | Skip:
    """Tell somebody whom staff added from a paper form, with a link to leave."""
    with transaction.atomic():
        subscription = Subscription.objects.filter(uuid=email.object_id, state=State.ACTIVE).first()
        if subscription is None:
            return Skip("left")
        leave = permanent_url(UNSUBSCRIBE, subscription.address_hash)
        return _to_subscriber("added", "You are on our mailing list", subscription, leave=leave)


@composer(circuit_breaker.NOTICE)
def circuit_breaker_notice(email: TransactionalEmail) -> Message | Skip:
    """Tell staff that sign-ups are held back: from everywhere, or from how many networks."""
    breakers = list(CircuitBreaker.objects.exclude(tripped_at=None).order_by("network_hash"))
    if not breakers or not email.address:
        return Skip("gone")
    context = {
        "general": next((breaker for breaker in breakers if not breaker.network_hash), None),
        "networks": [breaker for breaker in breakers if breaker.network_hash],
        "held": circuit_breaker.held_confirmations().count(),
        "link": absolute_url(reverse("mailing_list_admin:overview")),
    }
    return _message("circuit_breaker_notice", email.address, "Sign-ups are held back", context)


def _refresh_and_lock(email: TransactionalEmail) -> None:
    """Read what the row says now, and lock it: whoever was erased since the worker claimed it has no address in it."""
    email.refresh_from_db(
        fields=["address", "object_id", "data"], from_queryset=TransactionalEmail.objects.select_for_update()
    )


def _refusal_reason(email: TransactionalEmail) -> str:
    """Why nothing is sent to this address, whatever was asked for; empty if something may be."""
    if not email.address:
        return "erased"
    since = timezone.now() - subscription_service.CONFIRM_WITHIN
    can_be_held = email.kind in circuit_breaker.HELD_KINDS
    if email.created_at < since and not (can_be_held and circuit_breaker.was_open_since(since)):
        # No worker ran for so long: by now it would only puzzle.
        return "stale"
    if subscription_service.is_suppressed(email.address_hash, Suppression.FINAL):
        return "suppressed"
    return "capped" if abuse.address_is_rate_limited(email) else ""


def _create_pending(email: TransactionalEmail) -> Subscription:
    """Create the pending subscription that a sign-up asks for."""
    data = email.data
    evidence = subscription_service.Evidence(
        "web",
        page=data["page"],
        wording=ConsentWording.objects.get(pk=data["wording"]),
        privacy_notice=data["privacy_notice"],
        at=email.created_at,
    )
    chosen = subscription_service.Preferences(list(Topic.objects.filter(slug__in=data["topics"])), data["frequency"])
    return subscription_service.create_pending(
        email.address, chosen, evidence, name=data["name"], organisation=data["organisation"]
    )


def _confirmation(subscription: Subscription) -> Message:
    return _to_subscriber("confirm", "Confirm that you want to hear from us", subscription, purpose=Purpose.CONFIRM)


def _to_subscriber(
    template: str, subject: str, subscription: Subscription, *, purpose: Purpose = Purpose.PREFERENCES, **context: Any
) -> Message:
    """An email to the holder of a subscription, with a new link."""
    context |= {
        "subscription": subscription,
        "topics": list(subscription.topics.all()),
        "link": token_url(subscription, purpose),
    }
    return _message(template, subscription.address, subject, context)


def _message(template: str, address: str, subject: str, context: dict[str, Any]) -> Message:
    """An email from a template. Nothing in it was typed into a form."""
    context = {"label": LABELS.get(template, ""), **context}
    if template in ABOUT_PERSONAL_DATA:
        return automatic_message(address, subject, template, context, kicker="Personal data")
    return automatic_message(address, subject, template, context)


def _skip(email: TransactionalEmail, reason: str) -> Skip:
    _record_outcome(email, reason)
    return Skip(reason)


def _record_outcome(email: TransactionalEmail, outcome: str, *, object_id: str = "") -> None:
    """Record what came of a form, and delete what was typed into it: the subscription has it, or nobody wants it."""
    abuse.record_outcome(email, outcome)
    email.object_id, email.data = object_id, {"attempt": email.data.get("attempt")}
    TransactionalEmail.objects.filter(pk=email.pk).update(object_id=object_id, data=email.data)
