"""The steps of an outgoing email: claimed, being sent, settled. Each only changes a row that the worker still holds.

A row is held by the worker in ``claimed_by`` until ``lease_until``. Nothing here changes a row that somebody else holds
or has settled, so a worker that was suspended for an hour and wakes up does no harm.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, QuerySet, Value, When

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import DeliveryState, OutgoingEmail
from engagement.mail.streams import MessageStream
from engagement.mail.transports import Outcome

__all__ = ["DATABASE_ERRORS", "Outbox", "Settlement", "recover_expired"]

logger = logging.getLogger(__name__)

#: The database is away or too busy: nothing is wrong with what was asked of it.
DATABASE_ERRORS = (OperationalError, InterfaceError)
#: The states of a row that a worker has in hand.
IN_HAND = (DeliveryState.CLAIMED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How sending an email ended, or when it is tried again."""

    stream: MessageStream
    row: Any
    outcome: Outcome
    due_at: datetime | None = None
    #: Attempts to add now: those to send are counted by ``mark_sending``.
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class RowChange:
    """A change of a row that ``holder`` holds in one of ``states``.

    In SQL, because there are two for each email, and the ORM takes ten times as long to write one.
    """

    stream: MessageStream
    row: Any
    holder: str
    states: Sequence[str]
    changes: Mapping[str, Any]

    def sql(self) -> str:
        """The statement, with a marker for each of ``params``."""
        return (
            f"UPDATE {connection.ops.quote_name(self.stream.model._meta.db_table)}"  # noqa: S608
            f" SET {', '.join(f'{column} = %s' for column in self.changes)}"
            f" WHERE id = %s AND claimed_by = %s AND state IN ({', '.join(['%s'] * len(self.states))})"
        )

    def params(self) -> list[Any]:
        """The values, as the database takes them."""
        adapt = connection.ops.adapt_datetimefield_value
        values = [adapt(value) if isinstance(value, datetime) else value for value in self.changes.values()]
        return [*values, self.row.pk, self.holder, *map(str, self.states)]

    def apply(self) -> bool:
        """Make the change, in the database and in ``row``. Returns whether the row was still held so."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql(), self.params())
            return self.note(cursor.rowcount)

    def note(self, count: int) -> bool:
        """Change ``row`` in memory, if ``count`` rows were changed in the database. Returns whether any was."""
        if count:
            for name, value in self.changes.items():
                setattr(self.row, name, value)
        return bool(count)


def apply_both(first: RowChange, second: RowChange) -> tuple[bool, bool]:
    """Make two changes in one commit. Returns for each whether it was made."""
    if connection.vendor != "postgresql":
        with transaction.atomic():
            return first.apply(), second.apply()
    # As one statement it is a transaction of its own: one journey to the server in place of four.
    both = f"WITH first AS ({first.sql()} RETURNING 1), second AS ({second.sql()} RETURNING 1)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{both} SELECT (SELECT count(*) FROM first), (SELECT count(*) FROM second)",  # noqa: S608
            first.params() + second.params(),
        )
        counts = cursor.fetchone()
        return first.note(counts[0]), second.note(counts[1])


class Outbox:
    """The rows of all streams, as one worker claims, sends and settles them."""

    def __init__(self, holder: str, clock: Clock, config: WorkerConfig) -> None:
        self.holder, self.clock, self.config = holder, clock, config

    def claim(self, stream: MessageStream, count: int, *, urgent: bool = False) -> list[Any]:
        """Take up to ``count`` emails that are due, group by group, the longest waiting first.

        ``urgent``: only of groups that can't wait.
        """
        now, until = self.clock.now(), self.clock.in_seconds(self.config.lease)
        groups = list(stream.open_by_group(urgent=urgent))
        if not groups:
            return []
        rows: list[Any] = []
        with transaction.atomic():
            for emails, state in product(groups, (DeliveryState.RETRY, DeliveryState.PENDING)):
                if len(rows) < count:
                    # On PostgreSQL, past what others are taking. SQLite lets one write at a time.
                    waiting = emails.filter(state=state, due_at__lte=now).select_for_update(skip_locked=True)
                    rows += waiting.order_by("due_at")[: count - len(rows)]
            if rows:
                claimed = stream.emails.filter(pk__in=[row.pk for row in rows])
                claimed.update(state=DeliveryState.CLAIMED, claimed_by=self.holder, lease_until=until)
        for row in rows:
            row.state, row.claimed_by, row.lease_until = DeliveryState.CLAIMED, self.holder, until
        return rows

    def renew(self, stream: MessageStream, keys: Sequence[Any]) -> None:
        """Extend the lease of claimed rows."""
        self._held(stream, keys).update(lease_until=self.clock.in_seconds(self.config.lease))

    def still_sendable(self, stream: MessageStream, keys: Sequence[Any]) -> set[Any]:
        """The keys of claimed rows that are still ours and may still be sent."""
        return set(stream.sendable(self._held(stream, keys)).values_list("pk", flat=True))

    def release(
        self, stream: MessageStream, keys: Sequence[Any], states: Collection[str] = (DeliveryState.CLAIMED,)
    ) -> int:
        """Let other workers have rows that we know were not sent."""
        return _wait_again(self._held(stream, keys, states))

    def mark_sending(self, stream: MessageStream, row: Any, previous: Settlement | None = None) -> tuple[bool, bool]:
        """Commit that ``row`` is being sent and, in the same commit, how the ``previous`` email ended.

        Returns whether each was still ours. A row that isn't must not be sent.
        """
        now = self.clock.now()
        # As long as the server may take, and then as long as a claim: silence is an outcome that we note ourselves.
        until = now + timedelta(seconds=self.config.content_timeout + self.config.lease)
        changes = {"state": str(DeliveryState.SENDING), "sending_at": now, "lease_until": until}
        changes["attempts"] = row.attempts + 1
        begun = RowChange(stream, row, self.holder, (DeliveryState.CLAIMED,), changes)
        if previous is None:
            return begun.apply(), True
        if previous.stream.notifies(previous.outcome.state):
            with transaction.atomic():
                is_settled = self._settle(previous, now)
                return begun.apply(), is_settled
        is_settled, is_begun = apply_both(_change(previous, self.holder, now, IN_HAND), begun)
        return is_begun, is_settled or self._settle(previous, now)

    def settlement(self, stream: MessageStream, row: Any, outcome: Outcome, attempts: int = 0) -> Settlement:
        """Turn an outcome into a settlement: to be tried again later, or failed after too many attempts.

        Its age doesn't matter: its bulletin may have been paused, or the server away, nearly all the time.
        """
        if outcome.state != DeliveryState.RETRY:
            return Settlement(stream, row, outcome, attempts=attempts)
        tried = row.attempts + attempts
        if tried >= self.config.max_attempts:
            outcome = Outcome(DeliveryState.FAILED, "gave-up", outcome.response)
            return Settlement(stream, row, outcome, attempts=attempts)
        wait = min(self.config.retry_max, self.config.retry_first * 2 ** max(0, tried - 1))
        return Settlement(stream, row, outcome, self.clock.in_seconds(wait), attempts)

    def settle(self, settlement: Settlement) -> bool:
        """Commit how an email ended. False when it wasn't ours any more: a provider event or a person was quicker."""
        return self._settle(settlement, self.clock.now())

    def _settle(self, settlement: Settlement, now: datetime) -> bool:
        # Unknown: we were taken for dead, and know the outcome after all.
        return _settle(settlement, self.holder, now, (*IN_HAND, DeliveryState.UNKNOWN))

    def _held(
        self, stream: MessageStream, keys: Sequence[Any], states: Collection[str] = (DeliveryState.CLAIMED,)
    ) -> QuerySet[Any]:
        return stream.emails.filter(pk__in=keys, claimed_by=self.holder, state__in=states)


def recover_expired(stream: MessageStream, clock: Clock) -> tuple[int, int]:
    """Recover what dead workers left: claimed emails wait again, those being sent become unknown. Returns how many."""
    expired = stream.open_emails.filter(lease_until__lt=clock.now())
    waiting = _wait_again(expired.filter(state=DeliveryState.CLAIMED))
    outcome = Outcome(DeliveryState.UNKNOWN, "worker-died")
    unknown = sum(
        _settle(Settlement(stream, row, outcome), row.claimed_by, clock.now(), (DeliveryState.SENDING,))
        for row in expired.filter(state=DeliveryState.SENDING)
    )
    return waiting, unknown


def _wait_again(rows: QuerySet[Any]) -> int:
    """Let rows wait in the state they were claimed from."""
    state = Case(When(attempts=0, reason="", then=Value(DeliveryState.PENDING)), default=Value(DeliveryState.RETRY))
    return rows.update(state=state, claimed_by="", lease_until=None, sending_at=None)


def _settle(settlement: Settlement, holder: str, now: datetime, states: Sequence[str]) -> bool:
    """Settle a row that ``holder`` holds in one of ``states``, and call ``on_settled`` where the stream wants it."""
    stream = settlement.stream
    if not stream.notifies(settlement.outcome.state):
        if _change(settlement, holder, now, [state for state in states if state != DeliveryState.UNKNOWN]).apply():
            return True
        # The stream counts it as unknown, so it hears that it isn't.
        states = [state for state in states if state == DeliveryState.UNKNOWN]
    try:
        with transaction.atomic():
            is_settled = bool(states) and _change(settlement, holder, now, states).apply()
            if is_settled:
                stream.on_settled(settlement.row)
            return is_settled
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        # The record of what was sent must stand, whatever the stream makes of it.
        logger.error("The stream %s failed to take note of an email: %s", stream.name, type(error).__name__)
        return _change(settlement, holder, now, states).apply()


def _change(settlement: Settlement, holder: str, now: datetime, states: Sequence[str]) -> RowChange:
    row, outcome = settlement.row, settlement.outcome
    changes = {
        "state": str(outcome.state),
        "reason": outcome.reason,
        "response": outcome.response,
        "provider_message_id": outcome.provider_message_id,
        "settled_at": now if outcome.state in OutgoingEmail.SETTLED else None,
        "due_at": settlement.due_at or row.due_at,
        "attempts": row.attempts + settlement.attempts,
        # The worker of an unknown email keeps its claim: it may know the outcome after all.
        "claimed_by": holder if outcome.state == DeliveryState.UNKNOWN else "",
        "lease_until": None,
    }
    return RowChange(settlement.stream, row, holder, states, changes)
