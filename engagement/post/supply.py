"""What a runner sends next: it claims from the lanes in their order, and composes one mail ahead."""

import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from engagement.post import ledger
from engagement.post.backoffice import where
from engagement.post.clock import Clock
from engagement.post.lanes import Lane, in_order
from engagement.post.ledger import DATABASE_GONE, Settlement
from engagement.post.letters import Later, Skip
from engagement.post.models import State
from engagement.post.outcomes import Outcome
from engagement.post.pace import Pace
from engagement.post.parcels import Parcel, pack

__all__ = ["Item", "Supply"]

logger = logging.getLogger(__name__)

#: A mail composed ahead is composed again when it had to wait for longer: its reader may have left meanwhile.
FRESH = 2.0


@dataclass(slots=True)
class Item:
    """A mail that is ready to go."""

    lane: Lane
    row: Any
    parcel: Parcel
    composed_at: float


class Queue:
    """The rows of a lane that this runner has claimed."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.rows: deque[Any] = deque()
        self.renewed_at = self.rechecked_at = 0.0
        self.look_at = 0.0

    def keys(self) -> list[Any]:
        """Of its rows."""
        return [row.pk for row in self.rows]


class Supply:
    """The mails that a runner has claimed, and the one that is ready."""

    def __init__(self, holder: str, clock: Clock, pace: Pace) -> None:
        self.holder, self.clock, self.pace = holder, clock, pace
        self.queues = [Queue(lane) for lane in in_order()]
        #: Composed, and next to go.
        self.ahead: Item | None = None

    def urgent(self, item: Item) -> bool:
        """Whether somebody waits for it: it is of the first lane."""
        return item.lane is self.queues[0].lane

    def wake(self) -> None:
        """Look for new mail at once."""
        for queue in self.queues:
            queue.look_at = 0.0

    def anything_due(self) -> bool:
        """Whether any lane has mail that may go out now."""
        return any(ledger.due_rows(queue.lane, self.clock.now()).exists() for queue in self.queues)

    def anything_open(self) -> bool:
        """Whether any ledger has mail that may still go out by itself."""
        return any(
            lane.open_rows(lane.model._default_manager.filter(state__in=lane.model.OPEN)).exists()
            for lane in (queue.lane for queue in self.queues)
        )

    def give_back(self) -> None:
        """Let others have all that is claimed."""
        if self.ahead is not None:
            self._queue_of(self.ahead).rows.appendleft(self.ahead.row)
            self.ahead = None
        for queue in self.queues:
            ledger.give_back(queue.lane, queue.keys(), self.holder)
            queue.rows.clear()

    def keep(self) -> None:
        """Keep our claims, and drop what may not be sent any more."""
        now = time.monotonic()
        for queue in self.queues:
            if not queue.rows:
                continue
            if now - queue.renewed_at >= self.pace.lease / 3:
                ledger.renew(queue.lane, queue.keys(), self.holder, self.pace.lease, self.clock)
                queue.renewed_at = now
            if now - queue.rechecked_at >= self.pace.recheck:
                self._recheck(queue, queue.keys())
                queue.rechecked_at = now

    def _recheck(self, queue: Queue, keys: list[Any]) -> None:
        """A bulletin may have been paused since its mails were claimed."""
        kept = ledger.still_open(queue.lane, keys, self.holder)
        if len(kept) < len(keys):
            ledger.give_back(queue.lane, [key for key in keys if key not in kept], self.holder)
            queue.rows = deque(row for row in queue.rows if row.pk in kept)

    def next(self) -> Item | None:
        """The mail to send now. One that somebody waits for goes before one that is ready."""
        ready, self.ahead = self.ahead, None
        if ready is not None and time.monotonic() - ready.composed_at > FRESH:
            self._queue_of(ready).rows.appendleft(ready.row)
            ready = None
        if ready is None:
            return self._prepare(self.queues)
        if ready.lane is not self.queues[0].lane:
            more_urgent = self.queues[: [queue.lane for queue in self.queues].index(ready.lane)]
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

    def _prepare(self, queues: list[Queue]) -> Item | None:
        """Claim, where there is something to claim, and compose."""
        for queue in queues:
            if not queue.rows and time.monotonic() >= queue.look_at:
                self._claim(queue)
            while queue.rows:
                row = queue.rows.popleft()
                try:
                    item = self._compose(queue.lane, row)
                except DATABASE_GONE:
                    queue.rows.appendleft(row)
                    raise
                if item is not None:
                    return item
        return None

    def _claim(self, queue: Queue) -> None:
        queue.rows.extend(ledger.claim(queue.lane, self.holder, self.pace.batch, self.pace.lease, self.clock))
        now = time.monotonic()
        queue.renewed_at = queue.rechecked_at = now
        # After a full batch there may be more; after none, a glance now and then is enough.
        queue.look_at = now if queue.rows else now + self.pace.glance

    def _compose(self, lane: Lane, row: Any) -> Item | None:
        """The mail for a row. None when there is none to send: then the row says why."""
        try:
            made = lane.compose(row)
        except DATABASE_GONE:
            raise
        except Exception as error:
            logger.error("Lane %s: a mail could not be composed: %s", lane.name, where(error))
            self._not_sent(lane, row, Outcome(State.RETRY, "not-composed", where(error)[:200]), attempts=1)
            return None
        if isinstance(made, Skip):
            self._not_sent(lane, row, Outcome(State.SKIPPED, made.reason[:40]))
            return None
        if isinstance(made, Later):
            later = Settlement(lane, row, Outcome(State.RETRY, "later"), self.clock.in_seconds(made.seconds))
            ledger.settle(later, self.holder, self.clock)
            return None
        try:
            parcel = pack(made, row.uuid, self.clock.now())
        except ValueError as error:
            logger.error("Lane %s: a letter is no proper mail: %s", lane.name, where(error))
            self._not_sent(lane, row, Outcome(State.FAILED, "bad-letter", where(error)[:200]))
            return None
        return Item(lane, row, parcel, time.monotonic())

    def _not_sent(self, lane: Lane, row: Any, outcome: Outcome, attempts: int = 0) -> None:
        settlement = ledger.settlement(lane, row, outcome, self.clock, self.pace, attempts)
        ledger.settle(settlement, self.holder, self.clock)

    def _queue_of(self, item: Item) -> Queue:
        return next(queue for queue in self.queues if queue.lane is item.lane)
