"""The circuit breakers: confirmations are held back while too many sign-ups go unconfirmed.

Every network has one of its own, which opens far sooner than the general one, so that a script in one place holds back
what comes from there and nothing else (decision 80). An open one stays open until a person has looked. What is held
back waits in the outbox.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import notify_staff
from engagement.mailing_list.abuse import NEW_ADDRESS, SIGNUP
from engagement.mailing_list.models import CircuitBreaker, FormAttempt, Subscription

#: Whoever may let confirmations go out is told that some are held back.
PERMISSION = "mailing_list.change_circuitbreaker"
#: The kind of email that tells them.
NOTICE = "circuit-breaker-notice"
#: The outcome of a form whose email asks for a confirmation.
CONFIRM = "confirm"
#: The kinds of email that ask for one.
HELD_KINDS = (SIGNUP, NEW_ADDRESS)
#: The ``network_hash`` of the general circuit breaker.
GENERAL = ""

#: They look at confirmations of the last day, except those so fresh that nobody could be blamed.
WINDOW = timedelta(days=1)
CONFIRMATION_GRACE = timedelta(minutes=30)
#: The share of older ones above which too many are unconfirmed.
UNCONFIRMED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a circuit breaker opens: at a burst of fresh ones, or at a share of no fewer older ones than a minimum."""

    burst: int
    minimum: int


#: A hall of 350 people shares a network, and all of them may sign up within minutes.
NETWORK_THRESHOLD = Threshold(burst=400, minimum=50)
#: Three such halls. No one network comes near either of the two.
GENERAL_THRESHOLD = Threshold(burst=1200, minimum=100)


def is_tripped(network_hash: str) -> bool:
    """Whether confirmations for sign-ups from a network are held back already. One query."""
    return CircuitBreaker.objects.filter(network_hash__in={GENERAL, network_hash}, tripped_at__isnull=False).exists()


def is_open(network_hash: str) -> bool:
    """Whether confirmations for sign-ups from a network are held back: since before, or from now on.

    Where a network isn't known, the general circuit breaker alone decides.
    """
    if is_tripped(network_hash):
        return True
    now = timezone.now()
    general = CircuitBreaker.objects.filter(network_hash=GENERAL).first() or CircuitBreaker()
    # Whoever reset it has judged what happened before.
    mailed = _mailed_since(max(now - WINDOW, general.reset_at or now - WINDOW))
    if network_hash and (reason := _reason(mailed.filter(network_hash=network_hash), NETWORK_THRESHOLD, now)):
        _trip(network_hash, f"From one network: {reason}", now)
        return True
    if not _reason(mailed, GENERAL_THRESHOLD, now):
        return False
    # A network's own would open if anybody came from there: what it caused is held against nobody elsewhere.
    busy = {name: mailed.filter(network_hash=name) for name in _busy_networks(mailed)}
    heavy = [name for name, own in busy.items() if _reason(own, NETWORK_THRESHOLD, now)]
    if reason := _reason(mailed.exclude(network_hash__in=heavy), GENERAL_THRESHOLD, now):
        _trip(GENERAL, reason, now)
    return bool(reason)


def was_open_since(moment: datetime) -> bool:
    """Whether confirmations are held back, or were until after ``moment``: then old ones may still be wanted."""
    return CircuitBreaker.objects.filter(Q(tripped_at__isnull=False) | Q(reset_at__gt=moment)).exists()


@transaction.atomic
def reset(by: Any, network_hash: str = GENERAL) -> int:
    """Let confirmations go out again, those held back first. How many were."""
    breaker, _ = CircuitBreaker.objects.select_for_update().get_or_create(network_hash=network_hash)
    breaker.tripped_at, breaker.reason = None, ""
    breaker.reset_by, breaker.reset_at = by, timezone.now()
    breaker.save()
    return held_confirmations(network_hash).update(due_at=timezone.now())


@transaction.atomic
def discard(network_hash: str) -> int:
    """Drop the sign-ups of a network that wait, with what was typed. How many.

    Its circuit breaker stays open: what comes from there after this waits for a person, too.
    """
    State = TransactionalEmail.State  # noqa: N806
    waiting = held_confirmations(network_hash, states=(State.PENDING, State.RETRY))
    attempts = [data.get("attempt") for data in waiting.select_for_update().values_list("data", flat=True)]
    dropped = waiting.update(
        state=State.SKIPPED, reason="discarded", address="", data={}, settled_at=timezone.now(), claimed_by=""
    )
    FormAttempt.objects.filter(pk__in=attempts).update(outcome="discarded")
    return dropped


def held_confirmations(
    network_hash: str = GENERAL, *, states: tuple[str, ...] = (TransactionalEmail.State.RETRY,)
) -> QuerySet[TransactionalEmail]:
    """The emails of sign-ups that are held back: all, or those from one network."""
    held = TransactionalEmail.objects.filter(kind__in=HELD_KINDS, object_id="", state__in=states)
    return held.filter(data__network=network_hash) if network_hash else held


def open_networks() -> QuerySet[CircuitBreaker]:
    """The circuit breakers of single networks that are open, the longest first."""
    return CircuitBreaker.objects.exclude(network_hash=GENERAL).exclude(tripped_at=None).order_by("tripped_at", "pk")


def _mailed_since(since: datetime) -> QuerySet[FormAttempt]:
    """What asked for a confirmation, and whether it got one. Not what a network's own circuit breaker has settled."""
    confirmed = Subscription.objects.filter(address_hash=OuterRef("address_hash"), confirmed_at__isnull=False)
    judged = CircuitBreaker.objects.filter(
        Q(tripped_at__isnull=False) | Q(reset_at__gte=OuterRef("mailed_at")), network_hash=OuterRef("network_hash")
    ).exclude(network_hash=GENERAL)
    mailed = FormAttempt.objects.filter(outcome=CONFIRM, mailed_at__gt=since)
    return mailed.exclude(Exists(judged)).annotate(is_confirmed=Exists(confirmed))


def _busy_networks(mailed: QuerySet[FormAttempt]) -> list[str]:
    """The networks that had enough confirmations to be judged by them."""
    counts = mailed.exclude(network_hash="").order_by().values("network_hash").annotate(number=Count("pk"))
    return list(counts.filter(number__gte=NETWORK_THRESHOLD.minimum).values_list("network_hash", flat=True))


def _reason(mailed: QuerySet[FormAttempt], threshold: Threshold, now: datetime) -> str:
    """Why a circuit breaker opens at this, in a sentence for staff; empty if it doesn't. An address counts once."""
    is_fresh = Q(mailed_at__gt=now - CONFIRMATION_GRACE)

    def addresses(condition: Q) -> Count:
        return Count("address_hash", filter=condition, distinct=True)

    found = mailed.aggregate(
        fresh=addresses(is_fresh & Q(is_confirmed=False)),
        settled=addresses(~is_fresh),
        unconfirmed=addresses(~is_fresh & Q(is_confirmed=False)),
    )
    if found["fresh"] >= threshold.burst:
        return f"{found['fresh']} sign-ups within half an hour wait for their confirmation."
    if found["settled"] >= threshold.minimum and found["unconfirmed"] > UNCONFIRMED_SHARE * found["settled"]:
        return f"{found['unconfirmed']} of the last {found['settled']} sign-ups were not confirmed."
    return ""


@transaction.atomic
def _trip(network_hash: str, reason: str, now: datetime) -> None:
    """Open a circuit breaker, unless another worker was quicker, and tell staff."""
    breaker, _ = CircuitBreaker.objects.select_for_update().get_or_create(network_hash=network_hash)
    if breaker.tripped_at is None:
        breaker.tripped_at, breaker.reason = now, reason
        breaker.save()
        notify_staff(NOTICE, PERMISSION)
