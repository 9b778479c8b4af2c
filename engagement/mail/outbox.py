"""The steps of a row: claimed, being sent, settled. Each is one statement that only moves a row that we still hold.

A row is held by whoever its ``claimed_by`` names, until ``lease_until``. Nothing here can move a row that somebody
else holds or has settled, so a runner that was stopped for an hour and wakes up does no harm.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, QuerySet, Value, When

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import DeliveryState, OutgoingEmail
from engagement.mail.streams import MessageStream, is_notified
from engagement.mail.transports.outcomes import Outcome

__all__ = [
    "DATABASE_ERRORS",
    "Settlement",
    "claim",
    "due_emails",
    "mark_sending",
    "plan_settlement",
    "recover_expired",
    "release",
    "renew",
    "settle",
    "still_sendable",
]

logger = logging.getLogger(__name__)

#: The database is away or too busy: nothing is wrong with what was asked of it.
DATABASE_ERRORS = (OperationalError, InterfaceError)
WAITING_STATES = (DeliveryState.PENDING, DeliveryState.RETRY)
#: A mail whose runner was taken for dead, and whose end that runner knows after all.
REPORTABLE = (DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a row ends, or when it is tried again."""

    stream: MessageStream
    row: Any
    outcome: Outcome
    due_at: datetime | None = None
    #: Attempts to count now: hand-overs are counted when they begin.
    attempts: int = 0


def due_emails(stream: MessageStream, now: datetime) -> Any:
    """The rows that may be sent at ``now``."""
    return stream.sendable(stream.model._default_manager.filter(state__in=WAITING_STATES, due_at__lte=now))


def claim(stream: MessageStream, holder: str, count: int, lease: float, clock: Clock) -> list[Any]:
    """Take up to ``count`` rows that are due, the longest waiting first, for so many seconds."""
    now = clock.now()
    until = now + timedelta(seconds=lease)
    rows: list[Any] = []
    with transaction.atomic():
        for state in (DeliveryState.RETRY, DeliveryState.PENDING):
            if len(rows) < count:
                waiting = stream.sendable(stream.model._default_manager.filter(state=state, due_at__lte=now))
                # On PostgreSQL, past what others are taking. SQLite lets one write at a time.
                waiting = waiting.select_for_update(skip_locked=True, of=("self",))
                rows += waiting.order_by("due_at")[: count - len(rows)]
        if rows:
            held = stream.model._default_manager.filter(pk__in=[row.pk for row in rows])
            held.update(state=DeliveryState.CLAIMED, claimed_by=holder, lease_until=until)
    for row in rows:
        row.state, row.claimed_by, row.lease_until = DeliveryState.CLAIMED, holder, until
    return rows


def renew(stream: MessageStream, keys: Sequence[Any], holder: str, lease: float, clock: Clock) -> None:
    """Keep rows for longer."""
    held = stream.model._default_manager.filter(pk__in=keys, claimed_by=holder, state=DeliveryState.CLAIMED)
    held.update(lease_until=clock.in_seconds(lease))


def still_sendable(stream: MessageStream, keys: Sequence[Any], holder: str) -> set[Any]:
    """Which of the claimed rows are still ours, and may still be sent."""
    held = stream.model._default_manager.filter(pk__in=keys, claimed_by=holder, state=DeliveryState.CLAIMED)
    return set(stream.sendable(held).values_list("pk", flat=True))


def release(
    stream: MessageStream, keys: Sequence[Any], holder: str, *, states: Iterable[str] = (DeliveryState.CLAIMED,)
) -> int:
    """Let others have rows that we know were not sent."""
    held = stream.model._default_manager.filter(pk__in=keys, claimed_by=holder, state__in=list(states))
    return _wait_on(held)


def mark_sending(
    stream: MessageStream, row: Any, holder: str, lease: float, clock: Clock, before: Settlement | None = None
) -> tuple[bool, bool]:
    """Commit that ``row`` is being sent and, in the same commit, how the one ``before`` it ended.

    Gives whether each was still ours. A row that isn't must not be sent.
    """
    now = clock.now()
    until = now + timedelta(seconds=lease)
    if before is None:
        return _begin(stream, row, holder, now, until), True
    quick = (
        before.stream is stream
        and before.outcome.state == DeliveryState.ACCEPTED
        and not is_notified(stream, DeliveryState.ACCEPTED)
    )
    if quick and (moved := _both(before, row, holder, clock, now, until)):
        return moved
    with transaction.atomic():
        settled = settle(before, holder, clock)
        return _begin(stream, row, holder, now, until), settled


def settle(settlement: Settlement, holder: str, clock: Clock, states: tuple[str, ...] = REPORTABLE) -> bool:
    """Commit how a row ended. False when it wasn't ours any more: a report or a person was quicker."""
    lane, row, outcome = settlement.stream, settlement.row, settlement.outcome
    if not is_notified(lane, outcome.state):
        known = tuple(state for state in states if state != DeliveryState.UNKNOWN)
        if _settle(settlement, holder, clock.now(), known):
            return True
        # We were taken for dead: whoever counted it among the unknown hears that it isn't.
        states = tuple(state for state in states if state not in known)
    try:
        with transaction.atomic():
            done = bool(states) and _settle(settlement, holder, clock.now(), states)
            if done:
                lane.on_settled(row)
            return done
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        # What the lane makes of it comes second: the account of what was sent must stand.
        logger.error("The lane %s could not take note of a settled mail: %s", lane.name, type(error).__name__)
        return _settle(settlement, holder, clock.now(), states)


def recover_expired(stream: MessageStream, clock: Clock) -> tuple[int, int]:
    """What runners left behind: mails they had claimed wait again, those they were sending are unknown. How many."""
    expired = stream.model._default_manager.filter(lease_until__lt=clock.now())
    back = _wait_on(expired.filter(state=DeliveryState.CLAIMED))
    lost = 0
    for row in expired.filter(state=DeliveryState.SENDING):
        died = Settlement(stream, row, Outcome(DeliveryState.UNKNOWN, "worker-died"))
        lost += settle(died, row.claimed_by, clock, (DeliveryState.SENDING,))
    return back, lost


def plan_settlement(
    stream: MessageStream, row: Any, outcome: Outcome, clock: Clock, config: WorkerConfig, attempts: int = 0
) -> Settlement:
    """``outcome`` for ``row``: a mail that was tried too often has failed.

    How long ago it was queued says nothing: its bulletin may have been paused, or its server away, nearly all the time.
    """
    if outcome.state != DeliveryState.RETRY:
        return Settlement(stream, row, outcome, attempts=attempts)
    tried = row.attempts + attempts
    if tried >= config.attempts:
        return Settlement(stream, row, Outcome(DeliveryState.FAILED, "gave-up", outcome.response), attempts=attempts)
    wait = min(config.retry_longest, config.retry_first * 2 ** max(0, tried - 1))
    return Settlement(stream, row, outcome, clock.in_seconds(wait), attempts)


def _wait_on(rows: QuerySet[Any]) -> int:
    """Let rows wait as they did before they were claimed: one that was tried is still to be tried again."""
    before = Case(When(attempts=0, reason="", then=Value(DeliveryState.PENDING)), default=Value(DeliveryState.RETRY))
    return rows.update(state=before, claimed_by="", lease_until=None, sending_at=None)


def _begin(stream: MessageStream, row: Any, holder: str, now: datetime, until: datetime) -> bool:
    table = connection.ops.quote_name(stream.model._meta.db_table)
    done = _execute(
        f"UPDATE {table} SET state = 'sending', sending_at = %s, lease_until = %s, attempts = attempts + 1"  # noqa: S608
        " WHERE id = %s AND state = 'claimed' AND claimed_by = %s",
        (_moment(now), _moment(until), row.pk, holder),
    )
    return _has_begun(row, now) if done else False


def _has_begun(row: Any, now: datetime) -> bool:
    row.state, row.sending_at, row.attempts = DeliveryState.SENDING, now, row.attempts + 1
    return True


def _settle(settlement: Settlement, holder: str, now: datetime, states: tuple[str, ...]) -> bool:
    row, outcome = settlement.row, settlement.outcome
    over = outcome.state in OutgoingEmail.SETTLED
    # The runner of an unknown mail keeps its claim: it may know the end after all.
    kept = holder if outcome.state == DeliveryState.UNKNOWN else ""
    table = connection.ops.quote_name(settlement.stream.model._meta.db_table)
    done = _execute(
        f"UPDATE {table} SET state = %s, reason = %s, response = %s, provider_message_id = %s, settled_at = %s,"  # noqa: S608
        " due_at = COALESCE(%s, due_at), attempts = attempts + %s, claimed_by = %s, lease_until = NULL"
        f" WHERE id = %s AND claimed_by = %s AND state IN ({', '.join(['%s'] * len(states))})",
        (
            *(str(outcome.state), outcome.reason, outcome.response, outcome.provider_message_id),
            *(_moment(now) if over else None, _moment(settlement.due_at), settlement.attempts),
            *(kept, row.pk, holder, *map(str, states)),
        ),
    )
    if done:
        row.state, row.reason, row.response = outcome.state, outcome.reason, outcome.response
        row.provider_message_id, row.settled_at = outcome.provider_message_id, now if over else None
        row.attempts += settlement.attempts
    return bool(done)


def _both(
    before: Settlement, row: Any, holder: str, clock: Clock, now: datetime, until: datetime
) -> tuple[bool, bool] | None:
    """The end of one mail and the beginning of the next as one statement: that is one commit, and one way there.

    None when it moved neither.
    """
    table = connection.ops.quote_name(before.stream.model._meta.db_table)
    last = "CASE id WHEN %s THEN"
    moment, ended, begun = _moment(now), before.row.pk, row.pk
    sql = (
        f"UPDATE {table} SET"  # noqa: S608
        f" state = {last} 'accepted' ELSE 'sending' END,"
        f" response = {last} %s ELSE '' END, reason = '', provider_message_id = {last} %s ELSE provider_message_id END,"
        f" settled_at = {last} %s ELSE NULL END, sending_at = {last} sending_at ELSE %s END,"
        f" attempts = attempts + {last} 0 ELSE 1 END, claimed_by = {last} '' ELSE claimed_by END,"
        f" lease_until = {last} NULL ELSE %s END"
        " WHERE claimed_by = %s AND ((id = %s AND state = 'sending') OR (id = %s AND state = 'claimed'))"
    )
    values = (
        *(ended, ended, before.outcome.response, ended, before.outcome.provider_message_id),
        *(ended, moment, ended, moment, ended, ended, ended, _moment(until)),
        *(holder, ended, begun),
    )
    done = _execute(sql, values)
    if done == 0:
        return None
    if done == 1:
        # Somebody took one of the two in this very moment. Was it the one that is to be sent?
        now_held = before.stream.model._default_manager.filter(pk=begun, claimed_by=holder, state=DeliveryState.SENDING)
        return (_has_begun(row, now), settle(before, holder, clock)) if now_held.exists() else (False, True)
    before.row.state, before.row.settled_at = DeliveryState.ACCEPTED, now
    return _has_begun(row, now), True


def _execute(sql: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _moment(moment: datetime | None) -> Any:
    return None if moment is None else connection.ops.adapt_datetimefield_value(moment)
