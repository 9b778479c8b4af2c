"""The steps of an outgoing email: claimed, being sent, settled. Each only changes a row that the worker still holds.

A row is held by the worker in ``claimed_by`` until ``lease_until``. Nothing here changes a row that somebody else holds
or has settled, so a worker that was suspended for an hour and wakes up does no harm.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class Settlement:
    """How sending an email ended, or when it is tried again."""

    stream: MessageStream
    row: Any
    outcome: Outcome
    due_at: datetime | None = None
    #: Attempts to add now: those to send are counted by ``mark_sending``.
    attempts: int = 0


class Outbox:
    """The rows of all streams, as one worker claims, sends and settles them."""

    def __init__(self, holder: str, clock: Clock, config: WorkerConfig) -> None:
        self.holder, self.clock, self.config = holder, clock, config

    def claim(self, stream: MessageStream, count: int) -> list[Any]:
        """Take up to ``count`` emails that are due, the longest waiting first."""
        now, until = self.clock.now(), self.clock.in_seconds(self.config.lease)
        rows: list[Any] = []
        with transaction.atomic():
            for state in (DeliveryState.RETRY, DeliveryState.PENDING):
                if len(rows) < count:
                    waiting = stream.sendable(stream.emails.filter(state=state, due_at__lte=now))
                    # On PostgreSQL, past what others are taking. SQLite lets one write at a time.
                    waiting = waiting.select_for_update(skip_locked=True, of=("self",))
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
        now, until = self.clock.now(), self.clock.in_seconds(self.config.lease)
        with transaction.atomic():
            is_settled = previous is None or self._settle(previous, now)
            changes = {"state": str(DeliveryState.SENDING), "sending_at": now, "lease_until": until}
            changes["attempts"] = row.attempts + 1
            return _update_row(stream, row, self.holder, [DeliveryState.CLAIMED], changes), is_settled

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
        states = (DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
        return _settle(settlement, self.holder, now, states)

    def _held(
        self, stream: MessageStream, keys: Sequence[Any], states: Collection[str] = (DeliveryState.CLAIMED,)
    ) -> QuerySet[Any]:
        return stream.emails.filter(pk__in=keys, claimed_by=self.holder, state__in=states)


def recover_expired(stream: MessageStream, clock: Clock) -> tuple[int, int]:
    """Recover what dead workers left: claimed emails wait again, those being sent become unknown. Returns how many."""
    expired = stream.emails.filter(lease_until__lt=clock.now())
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
        if _update(settlement, holder, now, [state for state in states if state != DeliveryState.UNKNOWN]):
            return True
        # The stream counts it as unknown, so it hears that it isn't.
        states = [state for state in states if state == DeliveryState.UNKNOWN]
    try:
        with transaction.atomic():
            is_settled = bool(states) and _update(settlement, holder, now, states)
            if is_settled:
                stream.on_settled(settlement.row)
            return is_settled
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        # The record of what was sent must stand, whatever the stream makes of it.
        logger.error("The stream %s failed to take note of an email: %s", stream.name, type(error).__name__)
        return _update(settlement, holder, now, states)


def _update(settlement: Settlement, holder: str, now: datetime, states: Sequence[str]) -> bool:
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
    return _update_row(settlement.stream, row, holder, states, changes)


def _update_row(
    stream: MessageStream, row: Any, holder: str, states: Sequence[str], changes: Mapping[str, Any]
) -> bool:
    """Change a row that ``holder`` holds in one of ``states``. Returns whether it did.

    In SQL, because these are two statements for each email, and the ORM takes ten times as long to write one.
    """
    values = [
        connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        for value in changes.values()
    ]
    sql = (
        f"UPDATE {connection.ops.quote_name(stream.model._meta.db_table)}"  # noqa: S608
        f" SET {', '.join(f'{column} = %s' for column in changes)}"
        f" WHERE id = %s AND claimed_by = %s AND state IN ({', '.join(['%s'] * len(states))})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk, holder, *map(str, states)])
        if not cursor.rowcount:
            return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True
