"""What a worker sends next: it claims emails from the streams in order of priority, and composes one ahead."""

import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from engagement.mail.message import Defer, Envelope, Skip, build_envelope
from engagement.mail.models import DeliveryState
from engagement.mail.outbox import DATABASE_ERRORS, Outbox, Settlement
from engagement.mail.scheduler import error_location
from engagement.mail.streams import MessageStream, by_priority
from engagement.mail.transports import Outcome

__all__ = ["Prefetcher", "PreparedEmail"]

logger = logging.getLogger(__name__)

#: An email composed ahead is composed again if it had to wait for longer: its reader may have left meanwhile.
MAX_PREPARED_AGE = 2.0


class StreamQueue:
    """The rows of a stream that this worker has claimed; ``urgent``: those of its groups that can't wait."""

    def __init__(self, stream: MessageStream, *, urgent: bool = False) -> None:
        self.stream, self.urgent = stream, urgent
        self.rows: deque[Any] = deque()
        self.renewed_at = self.checked_at = 0.0
        #: No rows are claimed before this.
        self.claim_at = 0.0

    @property
    def keys(self) -> list[Any]:
        """The primary keys of the rows."""
        return [row.pk for row in self.rows]


@dataclass(slots=True)
class PreparedEmail:
    """An email that is composed and encoded."""

    queue: StreamQueue
    row: Any
    envelope: Envelope
    composed_at: float

    @property
    def stream(self) -> MessageStream:
        """The stream it belongs to."""
        return self.queue.stream


class Prefetcher:
    """The emails that a worker has claimed, and the one that is composed."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox, self.clock, self.config = outbox, outbox.clock, outbox.config
        self.streams = by_priority()
        first, *others = (StreamQueue(stream) for stream in self.streams)
        #: In the order in which they are looked at.
        self.queues = [first, *(StreamQueue(s, urgent=True) for s in self.streams if s.urgent_groups), *others]
        #: Composed, and next to be sent.
        self.ahead: PreparedEmail | None = None

    def is_urgent(self, email: PreparedEmail) -> bool:
        """Whether it is of the first stream."""
        return email.queue is self.queues[0]

    def look_now(self) -> None:
        """Look for new emails at once."""
        for queue in self.queues:
            queue.claim_at = 0.0

    def has_due(self) -> bool:
        """Whether any stream has an email that may be sent now."""
        return any(stream.due(self.clock.now()).exists() for stream in self.streams)

    def has_open(self) -> bool:
        """Whether any stream has an email that will be sent without anybody doing anything."""
        return any(stream.sendable(stream.open_emails).exists() for stream in self.streams)

    def release(self) -> None:
        """Let other workers have all that is claimed."""
        self._step_back()
        for queue in self.queues:
            self.outbox.release(queue.stream, queue.keys)
            queue.rows.clear()

    def keep_claims(self) -> None:
        """Renew the leases, and release what may not be sent any more: a bulletin may have been paused."""
        now = time.monotonic()
        for queue in self.queues:
            if not queue.rows:
                continue
            if now - queue.renewed_at >= self.config.lease / 3:
                self.outbox.renew(queue.stream, queue.keys)
                queue.renewed_at = now
            if now - queue.checked_at >= self.config.recheck:
                sendable = self.outbox.still_sendable(queue.stream, queue.keys)
                if len(sendable) < len(queue.rows):
                    self.outbox.release(queue.stream, [key for key in queue.keys if key not in sendable])
                    queue.rows = deque(row for row in queue.rows if row.pk in sendable)
                queue.checked_at = now

    def next(self) -> PreparedEmail | None:
        """The email to send now: one of a more urgent stream before the one that is composed."""
        if self.ahead is not None and time.monotonic() - self.ahead.composed_at > MAX_PREPARED_AGE:
            self._step_back()
        if self.ahead is None:
            return self._prepare(self.queues)
        urgent = self._prepare(self.queues[: self.queues.index(self.ahead.queue)])
        if urgent is not None:
            return urgent
        email, self.ahead = self.ahead, None
        return email

    def look_ahead(self) -> None:
        """Compose the next email. Raises one of DATABASE_ERRORS."""
        if self.ahead is None:
            self.ahead = self._prepare(self.queues)

    def put_back(self, email: PreparedEmail) -> None:
        """Let ``email``, which couldn't be sent yet, be the next."""
        self._step_back()
        self.ahead = email

    def _step_back(self) -> None:
        """Put the composed email back among the claimed ones."""
        if self.ahead is not None:
            self.ahead.queue.rows.appendleft(self.ahead.row)
            self.ahead = None

    def _prepare(self, queues: list[StreamQueue]) -> PreparedEmail | None:
        """Claim, where there is something to claim, and compose."""
        for queue in queues:
            if not queue.rows and time.monotonic() >= queue.claim_at:
                self._claim(queue)
            while queue.rows:
                row = queue.rows.popleft()
                try:
                    envelope = self._compose(queue.stream, row)
                except DATABASE_ERRORS:
                    queue.rows.appendleft(row)
                    raise
                if envelope is not None:
                    return PreparedEmail(queue, row, envelope, time.monotonic())
        return None

    def _claim(self, queue: StreamQueue) -> None:
        queue.rows.extend(self.outbox.claim(queue.stream, self.config.batch_size, urgent=queue.urgent))
        now = time.monotonic()
        queue.renewed_at = queue.checked_at = now
        # After a full batch there may be more; after none, looking now and then is enough.
        queue.claim_at = now if queue.rows else now + self.config.poll_urgent

    def _compose(self, stream: MessageStream, row: Any) -> Envelope | None:
        """The message for a row. None when there is none to send: then the row says why."""
        try:
            composed = stream.compose(row)
        except DATABASE_ERRORS:
            raise
        except Exception as error:
            logger.error("Stream %s: an email could not be composed: %s", stream.name, error_location(error))
            outcome = Outcome(DeliveryState.RETRY, "not-composed", error_location(error)[:200])
            self.outbox.settle(self.outbox.settlement(stream, row, outcome, attempts=1))
            return None
        if isinstance(composed, Skip):
            self.outbox.settle(Settlement(stream, row, Outcome(DeliveryState.SKIPPED, composed.reason[:40])))
            return None
        if isinstance(composed, Defer):
            due_at = self.clock.in_seconds(composed.seconds)
            self.outbox.settle(Settlement(stream, row, Outcome(DeliveryState.RETRY, "later"), due_at))
            return None
        try:
            return build_envelope(composed, row.uuid, self.clock.now())
        except ValueError as error:
            logger.error("Stream %s: a message can't be encoded: %s", stream.name, error_location(error))
            outcome = Outcome(DeliveryState.FAILED, "bad-message", error_location(error)[:200])
            self.outbox.settle(Settlement(stream, row, outcome))
            return None
