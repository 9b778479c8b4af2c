"""What staff do with people's subscriptions: through the same functions as the people themselves, and written down."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.mailing_list import changes, erasures, guards, people
from engagement.mailing_list.changes import Choices, Evidence
from engagement.mailing_list.models import ConsentEvent, StaffAct, Subscription, Suppression
from engagement.mailing_list.wording import privacy_notice
from engagement.post.addresses import address_hash
from engagement.post.service import queue

__all__ = [
    "ADDED",
    "Refused",
    "add",
    "end",
    "erase",
    "keep_out",
    "lift",
    "pause",
    "reset_breaker",
    "standing",
    "suppress",
]

What = StaffAct.What
#: How it was done, as consent events say it.
STAFF = "staff"
#: The kind of mail that tells somebody that they were added by hand.
ADDED = "added"


class Refused(ValueError):  # noqa: N818 - what it says
    """Why somebody can't be added, in words for staff."""


@transaction.atomic
def end(subscription: Subscription, by: Any, reason: str) -> bool:
    """End it, as if its holder had left: no import brings the address back. False if it was over."""
    done = changes.leave(subscription, Evidence(STAFF))
    if done:
        StaffAct.write(What.ENDED, by, subscription=subscription.uuid, reason=reason)
    return done


@transaction.atomic
def pause(subscription: Subscription, until: date, by: Any, reason: str) -> bool:
    """Send nothing before ``until``. False if it can't be paused."""
    done = changes.pause(subscription, until, Evidence(STAFF))
    if done:
        StaffAct.write(What.PAUSED, by, subscription=subscription.uuid, reason=reason)
    return done


@transaction.atomic
def suppress(subscription: Subscription, by: Any, reason: str) -> None:
    """End it, and never write to the address again, even if it signs up."""
    changes.leave(subscription, Evidence(STAFF))
    changes.suppress(subscription.address_hash, Suppression.Reason.NEVER)
    StaffAct.write(What.SUPPRESSED, by, subscription=subscription.uuid, reason=reason)


@transaction.atomic
def keep_out(address: str, by: Any, reason: str) -> bool:
    """The same for an address, whether or not it is on the list. False if it is kept out for good already."""
    hashed = address_hash(address)
    if changes.is_kept_out(hashed, Suppression.FINAL):
        return False
    if newest := _newest(hashed):
        suppress(newest, by, reason)
    else:
        changes.suppress(hashed, Suppression.Reason.NEVER)
        StaffAct.write(What.SUPPRESSED, by, reason=reason)
    return True


def lift(address: str, by: Any, reason: str) -> bool:
    """Let the holder of an address sign up again that was kept out for good. False if it isn't."""
    hashed = address_hash(address)
    with transaction.atomic():
        if not changes.lift(hashed):
            return False
        newest = _newest(hashed)
        StaffAct.write(What.LIFTED, by, subscription=newest.uuid if newest else None, reason=reason)
    # After it, so that the list by which a backup is put right never knows of it too soon.
    erasures.lighten(hashed)
    return True


def _newest(hashed: str) -> Subscription | None:
    """The open subscription with the address of a hash, else the last."""
    mine = Subscription.objects.filter(address_hash=hashed)
    return mine.open().first() or mine.order_by("-pk").first()


@transaction.atomic
def erase(subscription: Subscription, by: Any, reason: str) -> dict[str, int]:
    """Delete everything that names the person."""
    key = subscription.uuid
    erased = people.erase(subscription.address, evidence=Evidence(STAFF))
    StaffAct.write(What.ERASED, by, subscription=key, reason=reason)
    return erased


@transaction.atomic
def reset_breaker(by: Any) -> int:
    """Let confirmations go out again. How many were held back."""
    released = guards.release(by)
    StaffAct.write(What.RESET, by, people=released)
    return released


def standing(hashed: str) -> str:
    """Why the address with this hash can't be added, in words for staff; empty if it can."""
    kept_out = Suppression.objects.filter(address_hash=hashed).first()
    if kept_out:
        return f"This address is suppressed: {kept_out.get_reason_display().lower()} on {kept_out.at:%-d %B %Y}"
    subscription = Subscription.objects.open().filter(address_hash=hashed).first()
    if subscription is None:
        return ""
    if subscription.state == Subscription.State.PENDING:
        return "This address has asked to join and has not confirmed yet"
    return "This address is on the list already"


def add(
    address: str, choices: Choices, evidence: str, consented: date, by: Any, *, name: str = "", organisation: str = ""
) -> Subscription:
    """Put somebody on the list who agreed on paper, and queue the mail that tells them. Raises Refused."""
    hashed = address_hash(address)
    if why := standing(hashed):
        raise Refused(why)
    try:
        with transaction.atomic():
            made = Subscription.objects.create(
                address=address,
                address_hash=hashed,
                name=name,
                organisation=organisation,
                state=Subscription.State.ACTIVE,
                frequency=choices.frequency,
                method=Subscription.Method.PAPER,
                confirmed_at=timezone.now(),
            )
            made.topics.set(choices.topics)
            how = Evidence(
                "paper", privacy_notice=privacy_notice(), evidence=f"{consented.isoformat()}: {evidence}"[:200]
            )
            changes.write_event(made, ConsentEvent.Action.ADDED, how, [topic.slug for topic in choices.topics])
            StaffAct.write(What.ADDED, by, subscription=made.uuid, reason=evidence)
            queue(ADDED, address, about=str(made.uuid))
    except IntegrityError:
        # They signed up themselves at the same moment.
        raise Refused(standing(hashed) or "This address is on the list already") from None
    return made
