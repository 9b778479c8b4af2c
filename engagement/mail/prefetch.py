"""What a runner sends next: it claims from the lanes in their order, and composes one mail ahead."""

import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from engagement.mail import outbox
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.envelope import Envelope, build_envelope
from engagement.mail.message import Defer, Skip
from engagement.mail.models import DeliveryState
from engagement.mail.outbox import DATABASE_ERRORS, Settlement
from engagement.mail.scheduling import error_location
from engagement.mail.streams import MessageStream, by_priority
from engagement.mail.transports.outcomes import Outcome

__all__ = ["Prefetcher", "PreparedEmail"]

logger = logging.getLogger(__name__)

#: A mail composed ahead is composed again when it had to wait for longer: its reader may have left meanwhile.
MAX_PREPARED_AGE = 2.0


@dataclass(slots=True)
class PreparedEmail:
    """A mail that is ready to go."""

    stream: MessageStream
    row: Any
    envelope: Envelope
    composed_at: float


class StreamQueue:
    """The rows of a lane that this runner has claimed."""

    def __init__(self, stream: MessageStream) -> None:
        self.stream = stream
        self.rows: deque[Any] = deque()
        self.renewed_at = self.rechecked_at = 0.0
        self.look_at = 0.0

    def keys(self) -> list[Any]:
        """Of its rows."""
        return [row.pk for row in self.rows]


class Prefetcher:
    """The mails that a runner has claimed, and the one that is ready."""

    def __init__(self, holder: str, clock: Clock, config: WorkerConfig) -> None:
        self.holder, self.clock, self.config = holder, clock, config
        self.queues = [StreamQueue(lane) for lane in by_priority()]
        #: Composed, and next to go.
        self.ahead: PreparedEmail | None = None

    def urgent(self, item: PreparedEmail) -> bool:
        """Whether somebody waits for it: it is of the first lane."""
        return item.stream is self.queues[0].stream

    def wake(self) -> None:
        """Look for new mail at once."""
        for queue in self.queues:
            queue.look_at = 0.0

    def anything_due(self) -> bool:
        """Whether any lane has mail that may go out now."""
        return any(outbox.due_emails(queue.stream, self.clock.now()).exists() for queue in self.queues)

    def anything_open(self) -> bool:
        """Whether any ledger has mail that may still go out by itself."""
        return any(
            lane.sendable(lane.model._default_manager.filter(state__in=lane.model.OPEN)).exists()
            for lane in (queue.stream for queue in self.queues)
        )

    def give_back(self) -> None:
        """Let others have all that is claimed."""
        if self.ahead is not None:
            self._queue_of(self.ahead).rows.appendleft(self.ahead.row)
            self.ahead = None
        for queue in self.queues:
            outbox.release(queue.stream, queue.keys(), self.holder)
            queue.rows.clear()

    def keep(self) -> None:
        """Keep our claims, and drop what may not be sent any more."""
        now = time.monotonic()
        for queue in self.queues:
            if not queue.rows:
                continue
            if now - queue.renewed_at >= self.config.lease / 3:
                outbox.renew(queue.stream, queue.keys(), self.holder, self.config.lease, self.clock)
                queue.renewed_at = now
            if now - queue.rechecked_at >= self.config.recheck:
                self._recheck(queue, queue.keys())
                queue.rechecked_at = now

    def _recheck(self, queue: StreamQueue, keys: list[Any]) -> None:
        """A bulletin may have been paused since its mails were claimed."""
        kept = outbox.still_sendable(queue.stream, keys, self.holder)
        if len(kept) < len(keys):
            outbox.release(queue.stream, [key for key in keys if key not in kept], self.holder)
            queue.rows = deque(row for row in queue.rows if row.pk in kept)

    def next(self) -> PreparedEmail | None:
        """The mail to send now. One that somebody waits for goes before one that is ready."""
        ready, self.ahead = self.ahead, None
        if ready is not None and time.monotonic() - ready.composed_at > MAX_PREPARED_AGE:
            self._queue_of(ready).rows.appendleft(ready.row)
            ready = None
        if ready is None:
            return self._prepare(self.queues)
        if ready.stream is not self.queues[0].stream:
            more_urgent = self.queues[: [queue.stream for queue in self.queues].index(ready.stream)]
            try:
                urgent = self._prepare(more_urgent)
            except BaseException:
                self.ahead = ready
                raise
            if urgent is not None:
                self.ahead = ready
                return urgent
        return ready

    def look_ahead(self) -> None:
        """Compose the next mail. What it raises is the database's absence, or a mistake of ours."""
        if self.ahead is None:
            self.ahead = self._prepare(self.queues)

    def _prepare(self, queues: list[StreamQueue]) -> PreparedEmail | None:
        """Claim, where there is something to claim, and compose."""
        for queue in queues:
            if not queue.rows and time.monotonic() >= queue.look_at:
                self._claim(queue)
            while queue.rows:
                row = queue.rows.popleft()
                try:
                    item = self._compose(queue.stream, row)
                except DATABASE_ERRORS:
                    queue.rows.appendleft(row)
                    raise
                if item is not None:
                    return item
        return None

    def _claim(self, queue: StreamQueue) -> None:
        queue.rows.extend(outbox.claim(queue.stream, self.holder, self.config.batch, self.config.lease, self.clock))
        now = time.monotonic()
        queue.renewed_at = queue.rechecked_at = now
        # After a full batch there may be more; after none, a glance now and then is enough.
        queue.look_at = now if queue.rows else now + self.config.glance

    def _compose(self, stream: MessageStream, row: Any) -> PreparedEmail | None:
        """The mail for a row. None when there is none to send: then the row says why."""
        try:
            made = stream.compose(row)
        except DATABASE_ERRORS:
            raise
        except Exception as error:
            logger.error("Lane %s: a mail could not be composed: %s", stream.name, error_location(error))
            self._not_sent(
                stream, row, Outcome(DeliveryState.RETRY, "not-composed", error_location(error)[:200]), attempts=1
            )
            return None
        if isinstance(made, Skip):
            self._not_sent(stream, row, Outcome(DeliveryState.SKIPPED, made.reason[:40]))
            return None
        if isinstance(made, Defer):
            later = Settlement(stream, row, Outcome(DeliveryState.RETRY, "later"), self.clock.in_seconds(made.seconds))
            outbox.settle(later, self.holder, self.clock)
            return None
        try:
            parcel = build_envelope(made, row.uuid, self.clock.now())
        except ValueError as error:
            logger.error("Lane %s: a letter is no proper mail: %s", stream.name, error_location(error))
            self._not_sent(stream, row, Outcome(DeliveryState.FAILED, "bad-letter", error_location(error)[:200]))
            return None
        return PreparedEmail(stream, row, parcel, time.monotonic())

    def _not_sent(self, stream: MessageStream, row: Any, outcome: Outcome, attempts: int = 0) -> None:
        settlement = outbox.plan_settlement(stream, row, outcome, self.clock, self.config, attempts)
        outbox.settle(settlement, self.holder, self.clock)

    def _queue_of(self, item: PreparedEmail) -> StreamQueue:
        return next(queue for queue in self.queues if queue.stream is item.stream)
