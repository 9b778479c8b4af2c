"""What staff do with subscriptions: through the same functions as their holders, with a ``StaffAction`` for each."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.transactional import queue_email
from engagement.mailing_list import circuit_breaker, erasure_log, personal_data, subscription_service
from engagement.mailing_list.consent_wording import privacy_notice
from engagement.mailing_list.models import ConsentEvent, StaffAction, Subscription, Suppression
from engagement.mailing_list.subscription_service import Evidence, Preferences

Action = StaffAction.Action
#: The method of staff's consent events.
STAFF = "staff"
#: The kind of email that tells somebody that they were added by hand.
ADDED = "added"


class RefusedError(ValueError):
    """Why somebody can't be added, in words for staff."""


@transaction.atomic
def end(subscription: Subscription, by: Any, reason: str) -> bool:
    """End a subscription, as if its holder had left: no import brings the address back. False if it was over."""
    done = subscription_service.unsubscribe(subscription, Evidence(STAFF))
    if done:
        StaffAction.write(subscription.uuid, Action.ENDED, by, reason)
    return done


@transaction.atomic
def pause(subscription: Subscription, until: date, by: Any, reason: str) -> bool:
    """Pause a subscription until a day. False if it can't be paused."""
    done = subscription_service.pause(subscription, until, Evidence(STAFF))
    if done:
        StaffAction.write(subscription.uuid, Action.PAUSED, by, reason)
    return done


@transaction.atomic
def suppress(subscription: Subscription, by: Any, reason: str) -> None:
    """End a subscription, and suppress its address for good, even against its own sign-up."""
    subscription_service.unsubscribe(subscription, Evidence(STAFF))
    subscription_service.suppress(subscription.address_hash, Suppression.Reason.NEVER)
    StaffAction.write(subscription.uuid, Action.SUPPRESSED, by, reason)


@transaction.atomic
def suppress_address(address: str, by: Any, reason: str) -> bool:
    """Suppress an address for good, whether or not it is on the list. False if it is suppressed for good already."""
    hashed = address_hash(address)
    if subscription_service.is_suppressed(hashed, Suppression.FINAL):
        return False
    if newest := Subscription.objects.newest(hashed):
        suppress(newest, by, reason)
    else:
        subscription_service.suppress(hashed, Suppression.Reason.NEVER)
        StaffAction.write(None, Action.SUPPRESSED, by, reason)
    return True


def lift_suppression(address: str, by: Any, reason: str) -> bool:
    """Let the holder of an address sign up again that is suppressed for good. False if it isn't."""
    hashed = address_hash(address)
    with transaction.atomic():
        if not subscription_service.lift_suppression(hashed):
            return False
        newest = Subscription.objects.newest(hashed)
        StaffAction.write(newest.uuid if newest else None, Action.LIFTED, by, reason)
    # Once that is committed, so that the erasure log never knows of it too soon.
    erasure_log.lift_from_log(hashed)
    return True


@transaction.atomic
def erase(subscription: Subscription, by: Any, reason: str) -> dict[str, int]:
    """Erase the holder of a subscription."""
    uuid = subscription.uuid
    erased = personal_data.erase(subscription.address, evidence=Evidence(STAFF))
    StaffAction.write(uuid, Action.ERASED, by, reason)
    return erased


@transaction.atomic
def reset_circuit_breaker(by: Any, network_hash: str = circuit_breaker.GENERAL) -> int:
    """Let confirmations go out again: all, or those for one network. How many were held back."""
    released = circuit_breaker.reset(by, network_hash)
    StaffAction.write(None, Action.RESET, by, "Of one network" if network_hash else "", people=released)
    return released


@transaction.atomic
def discard_network(network_hash: str, by: Any, reason: str) -> int:
    """Drop the sign-ups of one network that wait. How many."""
    discarded = circuit_breaker.discard(network_hash)
    if discarded:
        StaffAction.write(None, Action.DISCARDED, by, reason, people=discarded)
    return discarded


def refusal_reason(hashed: str) -> str:
    """Why the address with this hash can't be added, in words for staff; empty if it can."""
    suppression = Suppression.objects.filter(address_hash=hashed).first()
    if suppression:
        reason = suppression.get_reason_display().lower()
        return f"This address is suppressed: {reason} on {suppression.at:%-d %B %Y}"
    subscription = Subscription.objects.open().filter(address_hash=hashed).first()
    if subscription is None:
        return ""
    if subscription.state == Subscription.State.PENDING:
        return "This address has asked to join and has not confirmed yet"
    return "This address is on the list already"


def add(
    address: str,
    preferences: Preferences,
    evidence: str,
    consent_date: date,
    by: Any,
    *,
    name: str = "",
    organisation: str = "",
) -> Subscription:
    """Add somebody who agreed on paper, and queue the email that tells them. Raises RefusedError."""
    hashed = address_hash(address)
    if reason := refusal_reason(hashed):
        raise RefusedError(reason)
    try:
        with transaction.atomic():
            subscription = Subscription.objects.create(
                address=address,
                address_hash=hashed,
                name=name,
                organisation=organisation,
                state=Subscription.State.ACTIVE,
                frequency=preferences.frequency,
                method=Subscription.Method.PAPER,
                confirmed_at=timezone.now(),
            )
            subscription.topics.set(preferences.topics)
            proof = Evidence(
                "paper", privacy_notice=privacy_notice(), evidence=f"{consent_date.isoformat()}: {evidence}"[:200]
            )
            subscription_service.record_event(subscription, ConsentEvent.Action.ADDED, proof)
            StaffAction.write(subscription.uuid, Action.ADDED, by, evidence)
            queue_email(ADDED, address, object_id=str(subscription.uuid))
    except IntegrityError:
        # They signed up themselves at the same moment.
        raise RefusedError(refusal_reason(hashed) or "This address is on the list already") from None
    return subscription
