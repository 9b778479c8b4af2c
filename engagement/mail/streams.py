"""Message streams: each has an outbox of its own, and the urgent ones never wait behind the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import OutgoingEmail

__all__ = ["STREAMS", "MessageStream", "by_priority", "register_stream", "was_refused_before"]


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
    #: Called by a worker every few seconds: starts what is due, completes what is done. Must be safe to run twice.
    housekeep: Callable[[], None] = _nothing
    #: Called with an email in the transaction that settles it, by a worker or a provider event.
    on_settled: Callable[[Any], None] = _nothing
    #: The states for which ``on_settled`` is called; None for all. Leaving out ``accepted`` makes sending faster.
    notify_on: frozenset[str] | None = None
    #: Filters emails to those that a person may send again: not those of a cancelled bulletin, say.
    retryable: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called with an email in the transaction in which a person sends it again.
    on_retry: Callable[[Any], None] = _nothing
    #: The foreign key by which emails belong together, such as their bulletin.
    group_field: str = ""
    #: Returns the keys of the groups that may be sent at present, in the order in which they go: those of bulletins
    #: that aren't paused, say. None: everything may be sent.
    sendable_groups: Callable[[], Sequence[Any]] | None = None
    #: Returns those among them that can't wait. They go before the emails of every stream but the first.
    urgent_groups: Callable[[], Sequence[Any]] | None = None
    #: The lookup that finds the emails to an address, by its hash and by an index.
    address_field: str = "address_hash"
    #: Streams with a lower number are looked at first, after every email.
    priority: int = 100

    @property
    def emails(self) -> QuerySet[Any]:
        """All emails of the stream."""
        return self.model._default_manager.all()

    @property
    def open_emails(self) -> QuerySet[Any]:
        """The emails that aren't settled, by the index that finds them."""
        return self.emails.filter(settled_at__isnull=True)

    def sendable(self, emails: QuerySet[Any]) -> QuerySet[Any]:
        """Those of ``emails`` that may be sent at present."""
        if self.sendable_groups is None:
            return emails
        return emails.filter(**{f"{self.group_field}__in": self.sendable_groups()})

    def open_by_group(self, *, urgent: bool) -> Iterator[QuerySet[Any]]:
        """The open emails that may be sent at present, group by group; ``urgent``: only those that can't wait."""
        groups = self.urgent_groups if urgent else self.sendable_groups
        if groups is None:
            yield self.open_emails
            return
        for key in groups():
            yield self.open_emails.filter(**{self.group_field: key})

    def due(self, now: Any) -> QuerySet[Any]:
        """The emails that may be sent at ``now``."""
        waiting = (OutgoingEmail.State.PENDING, OutgoingEmail.State.RETRY)
        return self.sendable(self.open_emails.filter(state__in=waiting, due_at__lte=now))

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


def was_refused_before(email: Any) -> bool:
    """Whether the address of ``email``, in any stream, was refused before for itself, and has had no email since."""
    outcomes = []
    arrived = Q(state__in=(OutgoingEmail.State.ACCEPTED, OutgoingEmail.State.DELIVERED))
    refused = Q(state=OutgoingEmail.State.FAILED, reason__in=OutgoingEmail.HARD_REFUSALS)
    for stream in STREAMS.values():
        others = stream.emails.filter(arrived | refused, settled_at__isnull=False)
        others = others.filter(**{stream.address_field: email.address_hash})
        if isinstance(email, stream.model):
            others = others.exclude(pk=email.pk)
        outcomes += others.order_by("-settled_at")[:1]
    return bool(outcomes) and bool(max(outcomes, key=lambda other: other.settled_at).is_hard_refusal)
