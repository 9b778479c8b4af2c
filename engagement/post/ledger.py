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

from engagement.post.clock import Clock
from engagement.post.lanes import Lane, heard
from engagement.post.models import Outgoing, State
from engagement.post.outcomes import Outcome
from engagement.post.pace import Pace

__all__ = [
    "DATABASE_GONE",
    "Settlement",
    "begin",
    "claim",
    "due_rows",
    "give_back",
    "recover",
    "renew",
    "settle",
    "settlement",
    "still_open",
]

logger = logging.getLogger(__name__)

#: The database is away or too busy: nothing is wrong with what was asked of it.
DATABASE_GONE = (OperationalError, InterfaceError)
WAITING = (State.PENDING, State.RETRY)
#: A mail whose runner was taken for dead, and whose end that runner knows after all.
STILL_OURS = (State.CLAIMED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a row ends, or when it is tried again."""

    lane: Lane
    row: Any
    outcome: Outcome
    due_at: datetime | None = None
    #: Attempts to count now: hand-overs are counted when they begin.
    attempts: int = 0


def due_rows(lane: Lane, now: datetime) -> Any:
    """The rows that may be sent at ``now``."""
    return lane.open_rows(lane.model._default_manager.filter(state__in=WAITING, due_at__lte=now))


def claim(lane: Lane, holder: str, count: int, lease: float, clock: Clock) -> list[Any]:
    """Take up to ``count`` rows that are due, the longest waiting first, for so many seconds."""
    now = clock.now()
    until = now + timedelta(seconds=lease)
    rows: list[Any] = []
    with transaction.atomic():
        for state in (State.RETRY, State.PENDING):
            if len(rows) < count:
                waiting = lane.open_rows(lane.model._default_manager.filter(state=state, due_at__lte=now))
                # On PostgreSQL, past what others are taking. SQLite lets one write at a time.
                waiting = waiting.select_for_update(skip_locked=True, of=("self",))
                rows += waiting.order_by("due_at")[: count - len(rows)]
        if rows:
            held = lane.model._default_manager.filter(pk__in=[row.pk for row in rows])
            held.update(state=State.CLAIMED, claimed_by=holder, lease_until=until)
    for row in rows:
        row.state, row.claimed_by, row.lease_until = State.CLAIMED, holder, until
    return rows


def renew(lane: Lane, keys: Sequence[Any], holder: str, lease: float, clock: Clock) -> None:
    """Keep rows for longer."""
    held = lane.model._default_manager.filter(pk__in=keys, claimed_by=holder, state=State.CLAIMED)
    held.update(lease_until=clock.in_seconds(lease))


def still_open(lane: Lane, keys: Sequence[Any], holder: str) -> set[Any]:
    """Which of the claimed rows are still ours, and may still be sent."""
    held = lane.model._default_manager.filter(pk__in=keys, claimed_by=holder, state=State.CLAIMED)
    return set(lane.open_rows(held).values_list("pk", flat=True))


def give_back(lane: Lane, keys: Sequence[Any], holder: str, *, states: Iterable[str] = (State.CLAIMED,)) -> int:
    """Let others have rows that we know were not sent."""
    held = lane.model._default_manager.filter(pk__in=keys, claimed_by=holder, state__in=list(states))
    return _wait_on(held)


def begin(
    lane: Lane, row: Any, holder: str, lease: float, clock: Clock, before: Settlement | None = None
) -> tuple[bool, bool]:
    """Commit that ``row`` is being sent and, in the same commit, how the one ``before`` it ended.

    Gives whether each was still ours. A row that isn't must not be sent.
    """
    now = clock.now()
    until = now + timedelta(seconds=lease)
    if before is None:
        return _begin(lane, row, holder, now, until), True
    quick = before.lane is lane and before.outcome.state == State.ACCEPTED and not heard(lane, State.ACCEPTED)
    if quick and (moved := _both(before, row, holder, clock, now, until)):
        return moved
    with transaction.atomic():
        settled = settle(before, holder, clock)
        return _begin(lane, row, holder, now, until), settled


def settle(settlement: Settlement, holder: str, clock: Clock, states: tuple[str, ...] = STILL_OURS) -> bool:
    """Commit how a row ended. False when it wasn't ours any more: a report or a person was quicker."""
    lane, row, outcome = settlement.lane, settlement.row, settlement.outcome
    if not heard(lane, outcome.state):
        known = tuple(state for state in states if state != State.UNKNOWN)
        if _settle(settlement, holder, clock.now(), known):
            return True
        # We were taken for dead: whoever counted it among the unknown hears that it isn't.
        states = tuple(state for state in states if state not in known)
    try:
        with transaction.atomic():
            done = bool(states) and _settle(settlement, holder, clock.now(), states)
            if done:
                lane.settled(row)
            return done
    except DATABASE_GONE:
        raise
    except Exception as error:
        # What the lane makes of it comes second: the account of what was sent must stand.
        logger.error("The lane %s could not take note of a settled mail: %s", lane.name, type(error).__name__)
        return _settle(settlement, holder, clock.now(), states)


def recover(lane: Lane, clock: Clock) -> tuple[int, int]:
    """What runners left behind: mails they had claimed wait again, those they were sending are unknown. How many."""
    expired = lane.model._default_manager.filter(lease_until__lt=clock.now())
    back = _wait_on(expired.filter(state=State.CLAIMED))
    lost = 0
    for row in expired.filter(state=State.SENDING):
        died = Settlement(lane, row, Outcome(State.UNKNOWN, "runner-died"))
        lost += settle(died, row.claimed_by, clock, (State.SENDING,))
    return back, lost


def settlement(lane: Lane, row: Any, outcome: Outcome, clock: Clock, pace: Pace, attempts: int = 0) -> Settlement:
    """``outcome`` for ``row``: a mail that was tried too often has failed.

    How long ago it was queued says nothing: its bulletin may have been paused, or its server away, nearly all the time.
    """
    if outcome.state != State.RETRY:
        return Settlement(lane, row, outcome, attempts=attempts)
    tried = row.attempts + attempts
    if tried >= pace.attempts:
        return Settlement(lane, row, Outcome(State.FAILED, "gave-up", outcome.response), attempts=attempts)
    wait = min(pace.retry_longest, pace.retry_first * 2 ** max(0, tried - 1))
    return Settlement(lane, row, outcome, clock.in_seconds(wait), attempts)


def _wait_on(rows: QuerySet[Any]) -> int:
    """Let rows wait as they did before they were claimed: one that was tried is still to be tried again."""
    before = Case(When(attempts=0, reason="", then=Value(State.PENDING)), default=Value(State.RETRY))
    return rows.update(state=before, claimed_by="", lease_until=None, sending_at=None)


def _begin(lane: Lane, row: Any, holder: str, now: datetime, until: datetime) -> bool:
    table = connection.ops.quote_name(lane.model._meta.db_table)
    done = _execute(
        f"UPDATE {table} SET state = 'sending', sending_at = %s, lease_until = %s, attempts = attempts + 1"  # noqa: S608
        " WHERE id = %s AND state = 'claimed' AND claimed_by = %s",
        (_moment(now), _moment(until), row.pk, holder),
    )
    return _has_begun(row, now) if done else False


def _has_begun(row: Any, now: datetime) -> bool:
    row.state, row.sending_at, row.attempts = State.SENDING, now, row.attempts + 1
    return True


def _settle(settlement: Settlement, holder: str, now: datetime, states: tuple[str, ...]) -> bool:
    row, outcome = settlement.row, settlement.outcome
    over = outcome.state in Outgoing.SETTLED
    # The runner of an unknown mail keeps its claim: it may know the end after all.
    kept = holder if outcome.state == State.UNKNOWN else ""
    table = connection.ops.quote_name(settlement.lane.model._meta.db_table)
    done = _execute(
        f"UPDATE {table} SET state = %s, reason = %s, response = %s, provider_id = %s, settled_at = %s,"  # noqa: S608
        " due_at = COALESCE(%s, due_at), attempts = attempts + %s, claimed_by = %s, lease_until = NULL"
        f" WHERE id = %s AND claimed_by = %s AND state IN ({', '.join(['%s'] * len(states))})",
        (
            *(str(outcome.state), outcome.reason, outcome.response, outcome.provider_id),
            *(_moment(now) if over else None, _moment(settlement.due_at), settlement.attempts),
            *(kept, row.pk, holder, *map(str, states)),
        ),
    )
    if done:
        row.state, row.reason, row.response = outcome.state, outcome.reason, outcome.response
        row.provider_id, row.settled_at = outcome.provider_id, now if over else None
        row.attempts += settlement.attempts
    return bool(done)


def _both(
    before: Settlement, row: Any, holder: str, clock: Clock, now: datetime, until: datetime
) -> tuple[bool, bool] | None:
    """The end of one mail and the beginning of the next as one statement: that is one commit, and one way there.

    None when it moved neither.
    """
    table = connection.ops.quote_name(before.lane.model._meta.db_table)
    last = "CASE id WHEN %s THEN"
    moment, ended, begun = _moment(now), before.row.pk, row.pk
    sql = (
        f"UPDATE {table} SET"  # noqa: S608
        f" state = {last} 'accepted' ELSE 'sending' END,"
        f" response = {last} %s ELSE '' END, reason = '', provider_id = {last} %s ELSE provider_id END,"
        f" settled_at = {last} %s ELSE NULL END, sending_at = {last} sending_at ELSE %s END,"
        f" attempts = attempts + {last} 0 ELSE 1 END, claimed_by = {last} '' ELSE claimed_by END,"
        f" lease_until = {last} NULL ELSE %s END"
        " WHERE claimed_by = %s AND ((id = %s AND state = 'sending') OR (id = %s AND state = 'claimed'))"
    )
    values = (
        *(ended, ended, before.outcome.response, ended, before.outcome.provider_id),
        *(ended, moment, ended, moment, ended, ended, ended, _moment(until)),
        *(holder, ended, begun),
    )
    done = _execute(sql, values)
    if done == 0:
        return None
    if done == 1:
        # Somebody took one of the two in this very moment. Was it the one that is to be sent?
        now_held = before.lane.model._default_manager.filter(pk=begun, claimed_by=holder, state=State.SENDING)
        return (_has_begun(row, now), settle(before, holder, clock)) if now_held.exists() else (False, True)
    before.row.state, before.row.settled_at = State.ACCEPTED, now
    return _has_begun(row, now), True


def _execute(sql: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _moment(moment: datetime | None) -> Any:
    return None if moment is None else connection.ops.adapt_datetimefield_value(moment)
