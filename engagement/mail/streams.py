"""The lanes that mail travels in: each has a ledger of its own, and none waits behind another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import OutgoingEmail

__all__ = ["STREAMS", "MessageStream", "by_priority", "is_notified", "notify", "register_stream"]


def _all(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _nothing(*args: Any) -> None:
    return None


@dataclass(frozen=True)
class MessageStream:
    """A ledger, and what a runner needs to know to send from it."""

    name: str
    model: type[OutgoingEmail]
    #: Makes the mail at the moment of sending, or says why there is none.
    compose: Callable[[Any], Message | Skip | Defer]
    #: Narrows the rows of the ledger to those that may be sent at present: of a bulletin that isn't paused, say.
    sendable: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called by a runner every few seconds: begins what is due, completes what is done. Must be safe to run twice.
    housekeep: Callable[[], None] = _nothing
    #: Called in the transaction that settles a row, with the row: by the runner, or when the provider reports.
    on_settled: Callable[[Any], None] = _nothing
    #: Which states ``settled`` wants to hear of; None for all. Leaving out ``accepted`` makes sending faster.
    notify_on: frozenset[str] | None = None
    #: Narrows rows in doubt to those that a person may let wait again: not those of what was cancelled, say.
    retryable: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called in the transaction in which a person lets a row wait again, with the row.
    on_retry: Callable[[Any], None] = _nothing
    #: The field that says what rows belong together, such as the bulletin they are copies of.
    group_field: str = ""
    #: Lanes with a lower number are looked at first, after every mail.
    priority: int = 100


STREAMS: dict[str, MessageStream] = {}


def register_stream(stream: MessageStream) -> None:
    """Add a lane. Modules called ``lanes`` of our apps are imported at start."""
    if stream.name in STREAMS:
        raise LookupError(f"There are two lanes called {stream.name!r}.")
    STREAMS[stream.name] = stream


def notify(stream: MessageStream, row: Any) -> None:
    """Let the lane know that ``row`` is settled, in the caller's transaction."""
    if is_notified(stream, row.state):
        stream.on_settled(row)


def is_notified(stream: MessageStream, state: str) -> bool:
    """Whether the lane wants to know of a row in ``state``."""
    return stream.on_settled is not _nothing and (stream.notify_on is None or state in stream.notify_on)


def by_priority() -> list[MessageStream]:
    """All lanes, the most urgent first."""
    return sorted(STREAMS.values(), key=lambda lane: (lane.priority, lane.name))
