"""Message streams: each has an outbox of its own, and the urgent ones never wait behind the others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import OutgoingEmail

__all__ = ["STREAMS", "MessageStream", "by_priority", "register_stream"]


def _all(emails: QuerySet[Any]) -> QuerySet[Any]:
    return emails


def _nothing(*args: Any) -> None:
    return None


@dataclass(frozen=True)
class MessageStream:
    """A table of outgoing emails, and what a worker needs to know to send from it."""

    name: str
    model: type[OutgoingEmail]
    #: Writes the message at the moment of sending, or says why there is none.
    compose: Callable[[Any], Message | Skip | Defer]
    #: Filters emails to those that may be sent at present: not those of a paused bulletin, say.
    sendable: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called by a worker every few seconds: starts what is due, completes what is done. Must be safe to run twice.
    housekeep: Callable[[], None] = _nothing
    #: Called with an email in the transaction that settles it, by a worker or a provider event.
    on_settled: Callable[[Any], None] = _nothing
    #: The states for which ``on_settled`` is called; None for all. Leaving out ``accepted`` makes sending faster.
    notify_on: frozenset[str] | None = None
    #: Filters ``unknown`` emails to those that a person may send again: not those of a cancelled bulletin, say.
    retryable: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called with an email in the transaction in which a person sends it again.
    on_retry: Callable[[Any], None] = _nothing
    #: The foreign key by which emails belong together, such as their bulletin.
    group_field: str = ""
    #: Streams with a lower number are looked at first, after every email.
    priority: int = 100

    @property
    def emails(self) -> QuerySet[Any]:
        """All emails of the stream."""
        return self.model._default_manager.all()

    def due(self, now: Any) -> QuerySet[Any]:
        """The emails that may be sent at ``now``."""
        waiting = (OutgoingEmail.State.PENDING, OutgoingEmail.State.RETRY)
        return self.sendable(self.emails.filter(state__in=waiting, due_at__lte=now))

    def notifies(self, state: str) -> bool:
        """Whether ``on_settled`` is called for an email in ``state``."""
        return self.on_settled is not _nothing and (self.notify_on is None or state in self.notify_on)


STREAMS: dict[str, MessageStream] = {}


def register_stream(stream: MessageStream) -> None:
    """Add a stream. Modules called ``streams`` in our apps are imported at start."""
    if stream.name in STREAMS:
        raise LookupError(f"There are two streams called {stream.name!r}.")
    STREAMS[stream.name] = stream


def by_priority() -> list[MessageStream]:
    """All streams, the most urgent first."""
    return sorted(STREAMS.values(), key=lambda stream: (stream.priority, stream.name))
