"""Every change of state of a subscription, each with its consent event in the same transaction. Nothing else does it.

pending → active ⇄ paused → ended; pending → expired.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import OutgoingEmail
from engagement.mailing_list.models import ConsentEvent, ConsentWording, Subscription, Suppression, Token, Topic

__all__ = [
    "CONFIRM_WITHIN",
    "UNDO_WITHIN",
    "Evidence",
    "Preferences",
    "apply_delivery_outcome",
    "can_undo",
    "confirm",
    "create_pending",
    "due_to_expire",
    "end_for_bounce",
    "end_for_complaint",
    "expire_due",
    "is_suppressed",
    "lift_suppression",
    "pause",
    "record_event",
    "resume",
    "resume_due",
    "suppress",
    "undo_unsubscribe",
    "unsubscribe",
    "update_preferences",
]

Action = ConsentEvent.Action
Reason = Suppression.Reason
State = Subscription.State

#: How long somebody may take to confirm.
CONFIRM_WITHIN = timedelta(days=7)
#: How long leaving can be undone by whoever holds the mail it was done from.
UNDO_WITHIN = timedelta(hours=24)
#: Why a subscription ended because its holder wanted it to.
BY_HOLDER = "asked"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody wants to hear about, and how often."""

    topics: Collection[Topic]
    frequency: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """How we know that somebody wanted it: on which page, with which words before them, by what means."""

    method: str
    page: str = ""
    wording: ConsentWording | None = None
    privacy_notice: str = ""
    evidence: str = ""
    #: When it was done; now, unless said.
    at: Any = field(default_factory=timezone.now)


def record_event(
    subscription: Subscription, action: str, evidence: Evidence, topics: Iterable[str] | None = None
) -> ConsentEvent:
    """Write down that something was done, in the caller's transaction. Topics are those chosen after it."""
    slugs = subscription.topics.values_list("slug", flat=True) if topics is None else topics
    return ConsentEvent.objects.create(
        subscription=subscription.uuid,
        address_hash=subscription.address_hash,
        action=action,
        topics=sorted(slugs),
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
    address: str, choices: Preferences, evidence: Evidence, *, name: str = "", organisation: str = ""
) -> Subscription:
    """Somebody asked to join: a new pending row, in the place of one that still waits for its confirmation.

    Call it for an address that has no active or paused subscription.
    """
    hashed = address_hash(address)
    for waiting in Subscription.objects.select_for_update().filter(address_hash=hashed, state=State.PENDING):
        # What is confirmed is always what was chosen last, and what the last mail says.
        _end(waiting, State.EXPIRED, "replaced")
        record_event(waiting, Action.EXPIRED, Evidence("site"))
    made = Subscription.objects.create(
        address=address,
        address_hash=hashed,
        name=name,
        organisation=organisation,
        frequency=choices.frequency,
    )
    made.topics.set(choices.topics)
    record_event(made, Action.REQUESTED, evidence, [topic.slug for topic in choices.topics])
    return made


@transaction.atomic
def confirm(token: Token, evidence: Evidence) -> bool:
    """The holder of an address confirms. False if somebody was quicker, or the address may never be written to.

    The words agreed to are those that stood beside the form: the page to confirm on doesn't show any.
    """
    assert token.subscription_id is not None  # noqa: S101 - links to confirm are minted for subscriptions alone
    subscription = _lock(token.subscription_id)
    used = Token.objects.filter(pk=token.pk, used_at=None, expires_at__gt=timezone.now())
    if subscription.state != State.PENDING or is_suppressed(subscription.address_hash, Suppression.FINAL):
        return False
    if not used.update(used_at=timezone.now()):
        return False
    subscription.state = State.ACTIVE
    subscription.confirmed_at = timezone.now()
    subscription.save(update_fields=["state", "confirmed_at"])
    # Who comes back by themselves is no longer kept out; and that they could confirm shows that their mail arrives.
    Suppression.objects.filter(address_hash=subscription.address_hash).exclude(reason__in=Suppression.FINAL).delete()
    requested = ConsentEvent.objects.filter(subscription=subscription.uuid, action=Action.REQUESTED)
    asked = requested.select_related("wording").first()
    record_event(subscription, Action.CONFIRMED, replace(evidence, wording=asked.wording if asked else None))
    return True


@transaction.atomic
def update_preferences(subscription: Subscription, choices: Preferences, evidence: Evidence) -> bool:
    """Other topics, or another frequency. False, and no event, if that is what it was or the subscription is over."""
    current = _lock(subscription.pk)
    if current.state not in (State.ACTIVE, State.PAUSED):
        return False
    wanted = {topic.pk for topic in choices.topics}
    if wanted == set(current.topics.values_list("pk", flat=True)) and choices.frequency == current.frequency:
        return False
    current.frequency = choices.frequency
    current.save(update_fields=["frequency"])
    current.topics.set(choices.topics)
    record_event(current, Action.CHANGED, evidence, [topic.slug for topic in choices.topics])
    return True


@transaction.atomic
def pause(subscription: Subscription, until: date, evidence: Evidence) -> bool:
    """Nothing is sent before ``until``; then it goes on by itself. False if it can't be paused."""
    current = _lock(subscription.pk)
    if current.state not in (State.ACTIVE, State.PAUSED):
        return False
    current.state, current.paused_until = State.PAUSED, until
    current.save(update_fields=["state", "paused_until"])
    record_event(current, Action.PAUSED, evidence)
    return True


@transaction.atomic
def resume(subscription: Subscription, evidence: Evidence) -> bool:
    """A paused subscription goes on. False if it isn't paused."""
    current = _lock(subscription.pk)
    if current.state != State.PAUSED:
        return False
    current.state, current.paused_until = State.ACTIVE, None
    current.save(update_fields=["state", "paused_until"])
    record_event(current, Action.RESUMED, evidence)
    return True


@transaction.atomic
def unsubscribe(subscription: Subscription, evidence: Evidence) -> bool:
    """It ends because its holder wants it to, and no import may bring the address back. False if it was over."""
    current = _lock(subscription.pk)
    if current.state not in Subscription.OPEN:
        return False
    _end(current, State.ENDED, BY_HOLDER)
    current.tokens.filter(purpose=Token.Purpose.CONFIRM).delete()
    suppress(current.address_hash, Reason.LEFT)
    record_event(current, Action.ENDED, evidence)
    return True


def can_undo(subscription: Subscription) -> bool:
    """Whether leaving can still be undone: its holder wanted it, had confirmed before, and it is not long ago."""
    return (
        subscription.state == State.ENDED
        and subscription.end_reason == BY_HOLDER
        and subscription.confirmed_at is not None
        and subscription.ended_at is not None
        and timezone.now() - subscription.ended_at < UNDO_WITHIN
    )


@transaction.atomic
def undo_unsubscribe(subscription: Subscription, evidence: Evidence) -> bool:
    """As if they hadn't left: a pause that isn't over goes on.

    False if it is too late, or they have joined anew meanwhile.
    """
    current = _lock(subscription.pk)
    others = Subscription.objects.open().filter(address_hash=current.address_hash)
    if not can_undo(current) or is_suppressed(current.address_hash, Suppression.NO_MAIL) or others.exists():
        return False
    is_paused = current.paused_until is not None and current.paused_until > timezone.localdate()
    current.state, current.ended_at, current.end_reason = State.PAUSED if is_paused else State.ACTIVE, None, ""
    current.paused_until = current.paused_until if is_paused else None
    current.save(update_fields=["state", "ended_at", "end_reason", "paused_until"])
    Suppression.objects.filter(address_hash=current.address_hash, reason=Reason.LEFT).delete()
    record_event(current, Action.UNDONE, evidence)
    return True


def apply_delivery_outcome(mail: Any) -> None:
    """What became of a mail, of any ledger, may say that its address is not to be written to again."""
    if mail.is_hard_bounce:
        end_for_bounce(mail.address_hash)
    elif mail.state == OutgoingEmail.State.COMPLAINED:
        end_for_complaint(mail.address_hash)


def end_for_bounce(address_hash: str) -> int:
    """There is no such mailbox: nothing is sent there unless its holder joins anew. How many subscriptions ended."""
    return _end_and_suppress(address_hash, "bounced", Reason.BOUNCED)


def end_for_complaint(address_hash: str) -> int:
    """Somebody reported our mail as unwanted: they are never written to again."""
    return _end_and_suppress(address_hash, "complained", Reason.COMPLAINED)


def suppress(address_hash: str, reason: str) -> None:
    """Keep an address out, in the caller's transaction. What is final stays, whatever comes after it."""
    made, is_new = Suppression.objects.get_or_create(address_hash=address_hash, defaults={"reason": reason})
    if not is_new and made.reason not in Suppression.FINAL and made.reason != reason:
        made.reason, made.at = reason, timezone.now()
        made.save(update_fields=["reason", "at"])


def lift_suppression(address_hash: str) -> bool:
    """Let the holder of an address sign up again that was kept out for good. False if it wasn't.

    It stays kept out as one who left is: no import brings it back.
    """
    final = Suppression.objects.filter(address_hash=address_hash, reason__in=Suppression.FINAL)
    return bool(final.update(reason=Reason.LEFT, at=timezone.now()))


def resume_due() -> int:
    """Pauses that are over end. Gives their number."""
    due = Subscription.objects.filter(state=State.PAUSED, paused_until__lte=timezone.localdate())
    return sum(resume(subscription, Evidence("site")) for subscription in due[:500])


def due_to_expire(now: datetime) -> QuerySet[Subscription]:
    """What nobody confirmed in time: no link to confirm it works any more. A mail tried again had a newer one."""
    links = Token.objects.filter(subscription=OuterRef("pk"), purpose=Token.Purpose.CONFIRM, expires_at__gt=now)
    old = Subscription.objects.filter(state=State.PENDING, created_at__lt=now - CONFIRM_WITHIN)
    return old.filter(~Exists(links))


def expire_due() -> int:
    """What nobody confirmed in time expires. Gives the number."""
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
def _end_and_suppress(hashed: str, why: str, reason: str) -> int:
    suppress(hashed, reason)
    ended = list(Subscription.objects.select_for_update().open().filter(address_hash=hashed))
    for subscription in ended:
        _end(subscription, State.ENDED, why)
        subscription.tokens.all().delete()
        record_event(subscription, Action.ENDED, Evidence("provider"))
    return len(ended)


def _end(subscription: Subscription, state: str, why: str) -> None:
    subscription.state, subscription.end_reason, subscription.ended_at = state, why, timezone.now()
    subscription.save(update_fields=["state", "end_reason", "ended_at"])


def _lock(key: int) -> Subscription:
    return Subscription.objects.select_for_update().get(pk=key)


def is_suppressed(hashed: str, reasons: Iterable[str]) -> bool:
    """Whether the address with this hash is kept out for any of these reasons."""
    return Suppression.objects.filter(address_hash=hashed, reason__in=reasons).exists()
