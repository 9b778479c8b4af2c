"""Every change of a subscription, each with its consent event in the same transaction. Nothing else changes one.

pending → active ⇄ paused → ended; pending → expired. Functions that return a bool return False if nothing was changed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import OutgoingEmail
from engagement.mail.streams import was_refused_before
from engagement.mail.transactional import queue_email
from engagement.mailing_list.links import LIFETIMES, Purpose
from engagement.mailing_list.models import ConsentEvent, ConsentWording, Subscription, Suppression, Token, Topic

Action = ConsentEvent.Action
Reason = Suppression.Reason
State = Subscription.State

#: How long somebody may take to confirm: as long as the link to do it works. Emails and pages say it in words.
CONFIRM_WITHIN = LIFETIMES[Purpose.CONFIRM]
#: How long unsubscribing can be undone by whoever has the email it was done from.
UNDO_WITHIN = timedelta(hours=24)
#: The kind of email that tells an address that its holder is written to at another.
ADDRESS_CHANGED = "address-changed"
#: The end reason of a subscription that its holder ended.
BY_HOLDER = "asked"


#: Sent in the transaction in which an address is suppressed, with ``suppression``; and in which that is undone by its
#: holder, with ``address_hash``.
suppressed, suppression_undone = Signal(), Signal()


@dataclass(frozen=True, slots=True)
class Preferences:
    """Topics, and how often to hear about them."""

    topics: Collection[Topic]
    frequency: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """How we know that somebody wanted something: on which page, with which wording shown, by what method."""

    method: str
    page: str = ""
    wording: ConsentWording | None = None
    privacy_notice: str = ""
    evidence: str = ""
    #: When it was done.
    at: Any = field(default_factory=timezone.now)


def record_event(subscription: Subscription, action: str, evidence: Evidence) -> ConsentEvent:
    """Record a consent event, in the caller's transaction."""
    return ConsentEvent.objects.create(
        subscription=subscription.uuid,
        address_hash=subscription.address_hash,
        action=action,
        topics=sorted(subscription.topics.values_list("slug", flat=True)),
        frequency=subscription.frequency,
        wording=evidence.wording,
        privacy_notice=evidence.privacy_notice,
        page=evidence.page,
        method=evidence.method,
        evidence=evidence.evidence,
        at=evidence.at,
    )


@transaction.atomic
def create_pending(
    address: str, preferences: Preferences, evidence: Evidence, *, name: str = "", organisation: str = ""
) -> Subscription:
    """Create a pending subscription for an address without an active or paused one. It replaces a pending one."""
    hashed = address_hash(address)
    for pending in Subscription.objects.select_for_update().filter(address_hash=hashed, state=State.PENDING):
        # What is confirmed is always what was chosen last, and what the last email says.
        _end(pending, State.EXPIRED, "replaced")
        record_event(pending, Action.EXPIRED, Evidence("site"))
    subscription = Subscription.objects.create(
        address=address,
        address_hash=hashed,
        name=name,
        organisation=organisation,
        frequency=preferences.frequency,
    )
    subscription.topics.set(preferences.topics)
    record_event(subscription, Action.REQUESTED, evidence)
    return subscription


@transaction.atomic
def confirm(token: Token, evidence: Evidence) -> bool:
    """Activate a pending subscription, and use up the token. Not if the address may never be written to.

    The wording agreed to is that beside the form: the page to confirm on doesn't show any.
    """
    assert token.subscription_id is not None  # noqa: S101 - links to confirm are made for subscriptions alone
    subscription = _lock(token.subscription_id)
    used = Token.objects.filter(pk=token.pk, used_at=None, expires_at__gt=timezone.now())
    if subscription.state != State.PENDING or is_suppressed(subscription.address_hash, Suppression.FINAL):
        return False
    if not used.update(used_at=timezone.now()):
        return False
    subscription.state = State.ACTIVE
    subscription.confirmed_at = timezone.now()
    subscription.save(update_fields=["state", "confirmed_at"])
    # Who comes back by themselves is no longer suppressed; and that they could confirm shows that email arrives.
    Suppression.objects.filter(address_hash=subscription.address_hash).exclude(reason__in=Suppression.FINAL).delete()
    requested = ConsentEvent.objects.filter(subscription=subscription.uuid, action=Action.REQUESTED)
    request = requested.select_related("wording").first()
    record_event(subscription, Action.CONFIRMED, replace(evidence, wording=request.wording if request else None))
    return True


@transaction.atomic
def update_preferences(subscription: Subscription, preferences: Preferences, evidence: Evidence) -> bool:
    """Change topics and frequency."""
    current = _lock(subscription.pk)
    if current.state not in (State.ACTIVE, State.PAUSED):
        return False
    wanted = {topic.pk for topic in preferences.topics}
    if wanted == set(current.topics.values_list("pk", flat=True)) and preferences.frequency == current.frequency:
        return False
    current.frequency = preferences.frequency
    current.save(update_fields=["frequency"])
    current.topics.set(preferences.topics)
    record_event(current, Action.CHANGED, evidence)
    return True


@transaction.atomic
def change_address(token: Token, evidence: Evidence) -> bool:
    """Move a subscription to the address that the token's email went to, use up the token, and tell the old address.

    Not if the new address is on the list by itself, or may never be written to. Permanent links in emails to the old
    address go on working (``for_link``); those that expire don't.
    """
    assert token.mail is not None  # noqa: S101 - links to confirm an address hang on the email that went there
    address, hashed = token.mail.address, address_hash(token.mail.address)
    current = Subscription.objects.select_for_update().filter(uuid=token.mail.object_id).first()
    if current is None or current.state not in (State.ACTIVE, State.PAUSED) or current.address_hash == hashed:
        return False
    if is_suppressed(hashed, Suppression.FINAL):
        return False
    unused = Token.objects.filter(pk=token.pk, used_at=None, expires_at__gt=timezone.now())
    if not unused.update(used_at=timezone.now()):
        return False
    old_address, old_hash = current.address, current.address_hash
    try:
        with transaction.atomic():
            _move(current, address, hashed, evidence)
    except IntegrityError:
        # The new address is on the list by itself.
        Token.objects.filter(pk=token.pk).update(used_at=None)
        return False
    current.tokens.all().delete()
    # Its holder came by themselves, and mail arrives there. No import brings the old one back.
    Suppression.objects.filter(address_hash=hashed).exclude(reason__in=Suppression.FINAL).delete()
    suppress(old_hash, Reason.LEFT)
    queue_email(ADDRESS_CHANGED, old_address, object_id=str(current.uuid))
    return True


def _move(subscription: Subscription, address: str, hashed: str, evidence: Evidence) -> None:
    """Change the address. Raises IntegrityError if another open subscription has it, unless nobody confirmed that."""
    for pending in Subscription.objects.select_for_update().filter(address_hash=hashed, state=State.PENDING):
        _end(pending, State.EXPIRED, "replaced")
        record_event(pending, Action.EXPIRED, Evidence("site"))
    # Under both addresses, so that each leads to the subscription.
    record_event(subscription, Action.MOVED, evidence)
    subscription.address, subscription.address_hash = address, hashed
    subscription.save(update_fields=["address", "address_hash"])
    record_event(subscription, Action.MOVED, evidence)


def for_link(half_hash: str) -> Subscription | None:
    """The subscription that a permanent link is about: under its address, or where its holder has moved from there."""
    newest = Subscription.objects.newest(half_hash)
    if newest is not None and newest.state in Subscription.OPEN:
        return newest
    moves = ConsentEvent.objects.filter(
        address_hash__gte=half_hash, address_hash__lt=half_hash + "g", action=Action.MOVED
    )
    move = moves.order_by("-pk").first()
    moved = Subscription.objects.filter(uuid=move.subscription).first() if move else None
    return moved or newest


@transaction.atomic
def pause(subscription: Subscription, until: date, evidence: Evidence) -> bool:
    """Pause a subscription until a day, when it resumes by itself."""
    current = _lock(subscription.pk)
    if current.state not in (State.ACTIVE, State.PAUSED):
        return False
    current.state, current.paused_until = State.PAUSED, until
    current.save(update_fields=["state", "paused_until"])
    record_event(current, Action.PAUSED, evidence)
    return True


@transaction.atomic
def resume(subscription: Subscription, evidence: Evidence) -> bool:
    """Resume a paused subscription."""
    current = _lock(subscription.pk)
    if current.state != State.PAUSED:
        return False
    current.state, current.paused_until = State.ACTIVE, None
    current.save(update_fields=["state", "paused_until"])
    record_event(current, Action.RESUMED, evidence)
    return True


@transaction.atomic
def unsubscribe(subscription: Subscription, evidence: Evidence) -> bool:
    """End a subscription because its holder wants it, and suppress the address against imports."""
    current = _lock(subscription.pk)
    if current.state not in Subscription.OPEN:
        return False
    _end(current, State.ENDED, BY_HOLDER)
    current.tokens.filter(purpose=Token.Purpose.CONFIRM).delete()
    suppress(current.address_hash, Reason.LEFT)
    record_event(current, Action.ENDED, evidence)
    return True


def can_undo(subscription: Subscription) -> bool:
    """Whether unsubscribing can be undone: its holder did it, had confirmed before, and it is not long ago."""
    return (
        subscription.state == State.ENDED
        and subscription.end_reason == BY_HOLDER
        and subscription.confirmed_at is not None
        and subscription.ended_at is not None
        and timezone.now() - subscription.ended_at < UNDO_WITHIN
    )


def was_undone(subscription: Subscription) -> bool:
    """Whether unsubscribing was undone not long ago, and the subscription goes on."""
    events = ConsentEvent.objects.filter(subscription=subscription.uuid, at__gt=timezone.now() - UNDO_WITHIN)
    is_on = subscription.state in (State.ACTIVE, State.PAUSED)
    return is_on and events.filter(action=Action.UNDONE).exists()


@transaction.atomic
def undo_unsubscribe(subscription: Subscription, evidence: Evidence) -> bool:
    """Restore a subscription that its holder has ended, with what is left of a pause. Not if they joined anew."""
    current = _lock(subscription.pk)
    others = Subscription.objects.open().filter(address_hash=current.address_hash)
    if not can_undo(current) or is_suppressed(current.address_hash, Suppression.NO_MAIL) or others.exists():
        return False
    is_paused = current.paused_until is not None and current.paused_until > timezone.localdate()
    current.state, current.ended_at, current.end_reason = State.PAUSED if is_paused else State.ACTIVE, None, ""
    current.paused_until = current.paused_until if is_paused else None
    current.save(update_fields=["state", "ended_at", "end_reason", "paused_until"])
    Suppression.objects.filter(address_hash=current.address_hash, reason=Reason.LEFT).delete()
    suppression_undone.send(Suppression, address_hash=current.address_hash)
    record_event(current, Action.UNDONE, evidence)
    return True


def apply_delivery_outcome(mail: Any) -> None:
    """Suppress the address after a hard bounce, a second refusal of it or a spam complaint; do nothing otherwise.

    A single refusal in the dialogue with the server may be the server's mistake: one that lost its list of mailboxes
    refuses everybody.
    """
    if mail.is_hard_bounce or (mail.is_hard_refusal and was_refused_before(mail)):
        end_for_bounce(mail.address_hash)
    elif mail.state == OutgoingEmail.State.COMPLAINED:
        end_for_complaint(mail.address_hash)


def end_for_bounce(address_hash: str) -> int:
    """End the subscriptions of a mailbox that doesn't exist. How many. Its holder may join anew."""
    return _end_and_suppress(address_hash, "bounced", Reason.BOUNCED)


def end_for_complaint(address_hash: str) -> int:
    """End the subscriptions of somebody who reported our email as unwanted. How many. They stay suppressed."""
    return _end_and_suppress(address_hash, "complained", Reason.COMPLAINED)


def is_suppressed(address_hash: str, reasons: Iterable[str]) -> bool:
    """Whether the address with this hash is suppressed for any of these reasons."""
    return Suppression.objects.filter(address_hash=address_hash, reason__in=reasons).exists()


def suppress(address_hash: str, reason: str) -> None:
    """Suppress an address, in the caller's transaction. A final reason stays, whatever comes after it."""
    suppression, is_new = Suppression.objects.get_or_create(address_hash=address_hash, defaults={"reason": reason})
    others = Suppression.objects.filter(address_hash=address_hash).exclude(reason__in=(*Suppression.FINAL, reason))
    now = timezone.now()
    if not is_new and others.update(reason=reason, at=now):
        suppression.reason, suppression.at = reason, now
    suppressed.send(Suppression, suppression=suppression)


def lift_suppression(address_hash: str) -> bool:
    """Let the holder of an address sign up again that is suppressed for good. It stays suppressed against imports."""
    final = Suppression.objects.filter(address_hash=address_hash, reason__in=Suppression.FINAL)
    return bool(final.update(reason=Reason.LEFT, at=timezone.now()))


def resume_due() -> int:
    """Resume subscriptions whose pause is over. How many."""
    due = Subscription.objects.filter(state=State.PAUSED, paused_until__lte=timezone.localdate())
    return sum(resume(subscription, Evidence("site")) for subscription in due[:500])


def due_to_expire(now: datetime) -> QuerySet[Subscription]:
    """Pending subscriptions with no link that still works. An email that was tried again has a newer one."""
    links = Token.objects.filter(subscription=OuterRef("pk"), purpose=Token.Purpose.CONFIRM, expires_at__gt=now)
    old = Subscription.objects.filter(state=State.PENDING, created_at__lt=now - CONFIRM_WITHIN)
    return old.filter(~Exists(links))


def expire_due() -> int:
    """Expire subscriptions that nobody confirmed in time. How many."""
    return sum(_expire(key) for key in due_to_expire(timezone.now()).values_list("pk", flat=True)[:500])


@transaction.atomic
def _expire(key: int) -> bool:
    current = _lock(key)
    if current.state != State.PENDING:
        return False
    _end(current, State.EXPIRED, "unconfirmed")
    record_event(current, Action.EXPIRED, Evidence("site"))
    return True


@transaction.atomic
def _end_and_suppress(address_hash: str, end_reason: str, reason: str) -> int:
    suppress(address_hash, reason)
    ended = list(Subscription.objects.select_for_update().open().filter(address_hash=address_hash))
    for subscription in ended:
        _end(subscription, State.ENDED, end_reason)
        subscription.tokens.all().delete()
        record_event(subscription, Action.ENDED, Evidence("provider"))
    return len(ended)


def _end(subscription: Subscription, state: str, reason: str) -> None:
    subscription.state, subscription.end_reason, subscription.ended_at = state, reason, timezone.now()
    subscription.save(update_fields=["state", "end_reason", "ended_at"])


def _lock(key: int) -> Subscription:
    return Subscription.objects.select_for_update().get(pk=key)
