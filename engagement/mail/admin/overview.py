"""What the page “Email delivery” shows, in a fixed number of queries for each stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from engagement.mail.config import worker_config
from engagement.mail.models import (
    DeliveryState,
    OutgoingEmail,
    ProviderEvent,
    RateLimit,
    TransactionalEmail,
    WorkerStatus,
)
from engagement.mail.scheduler import last_runs
from engagement.mail.streams import STREAMS, MessageStream, by_priority

__all__ = [
    "EmailGroup",
    "UnknownEmail",
    "overview",
    "refused_groups",
    "unknown_emails",
    "unknown_groups",
    "warnings",
]

#: Rows shown of each list; how many there are is always said.
MAX_LISTED = 100
#: Groups of refused emails are offered to be sent again for so long. Later, nobody waits for them any more.
REFUSED_SINCE = timedelta(days=14)
#: The columns of the table of streams.
STATE_COLUMNS = (
    (DeliveryState.PENDING, DeliveryState.RETRY, "Waiting"),
    (DeliveryState.CLAIMED, DeliveryState.SENDING, "In hand"),
    (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, "Sent"),
    (DeliveryState.BOUNCED, DeliveryState.COMPLAINED, "Bounced or complained"),
    (DeliveryState.FAILED, DeliveryState.FAILED, "Refused"),
    (DeliveryState.SKIPPED, DeliveryState.SKIPPED, "Not sent, on purpose"),
    (DeliveryState.UNKNOWN, DeliveryState.UNKNOWN, "Not known"),
)


#: So an error of the rate limit begins when it isn't about single emails.
REFUSED_US = (*sorted(OutgoingEmail.SENDER_REFUSALS), "not-let-in")


@dataclass
class UnknownEmail:
    """An email of which nobody knows whether it was sent."""

    stream: str
    row: Any
    #: Whether it may be sent again.
    is_retryable: bool

    @property
    def address(self) -> str:
        """The recipient, where the row has it."""
        return str(getattr(self.row, "address", ""))


@dataclass
class EmailGroup:
    """Unknown or refused emails of one stream that belong together and are so for one reason."""

    stream: str
    #: The key of what they belong to, such as their bulletin, and its name; empty in a stream without ``group_field``.
    group: Any
    name: str
    reason: str
    number: int
    #: When the last of them became so: a decision about all is about those that were shown.
    last: datetime


def overview() -> dict[str, Any]:
    """The context of the page."""
    workers = list(WorkerStatus.objects.all()[:20])
    alive = [worker for worker in workers if worker.stopped_at is None and worker.seen_at > heartbeat_cutoff()]
    failed = TransactionalEmail.objects.filter(state=DeliveryState.FAILED)
    unmatched = ProviderEvent.objects.filter(stream="")
    groups = list(unknown_groups())
    return {
        "workers": workers,
        "alive": alive,
        "rate": sum(worker.rate for worker in alive),
        "limit": RateLimit.objects.first(),
        "streams": [stream_summary(stream) for stream in by_priority()],
        "tasks": last_runs(),
        "unknown": list(unknown_emails()),
        "unknown_count": sum(group.number for group in groups),
        "unknown_groups": [group for group in groups if group.number > 1],
        "refused_groups": list(refused_groups()),
        "failed": list(failed[:MAX_LISTED]),
        "failed_count": failed.count(),
        "unmatched": list(unmatched[:MAX_LISTED]),
        "unmatched_count": unmatched.count(),
        "warnings": warnings(),
    }


def stream_summary(stream: MessageStream) -> dict[str, Any]:
    """How many emails of a stream are in which state, and how long the first has been due."""
    by_state = dict(stream.emails.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    counts = [(label, sum(by_state.get(state, 0) for state in {*states})) for *states, label in STATE_COLUMNS]
    due = stream.due(timezone.now()).order_by().aggregate(due=Count("pk"), oldest=Min("due_at"))
    return {"name": stream.name, "counts": counts, **due}


def unknown_emails() -> Iterator[UnknownEmail]:
    """The unknown emails of all streams."""
    for name, stream in STREAMS.items():
        rows = list(stream.emails.filter(state=DeliveryState.UNKNOWN).order_by("pk")[:MAX_LISTED])
        listed = stream.emails.filter(pk__in=[row.pk for row in rows])
        retryable = set(stream.retryable(listed).values_list("pk", flat=True)) if rows else set()
        for row in rows:
            yield UnknownEmail(name, row, row.pk in retryable)


def unknown_groups() -> Iterator[EmailGroup]:
    """All unknown emails, counted by what they belong to and by reason."""
    for name, stream in STREAMS.items():
        yield from grouped(name, stream, stream.emails.filter(state=DeliveryState.UNKNOWN))


def refused_groups() -> Iterator[EmailGroup]:
    """The emails that were refused lately and that a person may send again, counted in the same way."""
    since = timezone.now() - REFUSED_SINCE
    for name, stream in STREAMS.items():
        refused = stream.emails.filter(state=DeliveryState.FAILED, settled_at__gte=since)
        yield from grouped(name, stream, stream.retryable(refused))


def grouped(name: str, stream: MessageStream, emails: QuerySet[Any]) -> Iterator[EmailGroup]:
    """Count emails of a stream by what they belong to and by reason."""
    fields = (stream.group_field, "reason") if stream.group_field else ("reason",)
    groups = list(emails.order_by(*fields).values(*fields).annotate(number=Count("pk"), last=Max("settled_at")))
    names = group_names(stream, {row[stream.group_field] for row in groups}) if stream.group_field and groups else {}
    for row in groups:
        group = row.get(stream.group_field)
        yield EmailGroup(name, group, names.get(group, ""), row["reason"], row["number"], row["last"])


def group_names(stream: MessageStream, keys: set[Any]) -> dict[Any, str]:
    """The names of what emails of a stream belong to."""
    related: Any = stream.model._meta.get_field(stream.group_field).related_model
    return {key: str(group) for key, group in related._default_manager.in_bulk(keys).items()}


def warnings() -> list[str]:
    """What somebody should look after now."""
    found = []
    now = timezone.now()
    # An email that is due this very moment is nobody's fault.
    waiting = sum(stream.due(heartbeat_cutoff()).count() for stream in by_priority())
    if waiting and not WorkerStatus.objects.filter(stopped_at=None, seen_at__gt=heartbeat_cutoff()).exists():
        emails = "1 email waits" if waiting == 1 else f"{waiting} emails wait"
        found.append(f"{emails}, and no worker has been seen for a minute. Email is not going out.")
    unknown = sum(stream.emails.filter(state=DeliveryState.UNKNOWN).count() for stream in STREAMS.values())
    if unknown:
        emails = "1 email was" if unknown == 1 else f"{unknown} emails were"
        found.append(f"It isn’t known whether {emails} sent. Somebody should find out and say so.")
    limit = RateLimit.objects.filter(setback_count__gt=0).first()
    if limit and limit.last_error.startswith(REFUSED_US):
        found.append(f"The mail server refuses us, and all email waits: {limit.last_error}")
    elif limit and limit.setback_count >= 3 and limit.blocked_until and limit.blocked_until > now:
        found.append("The mail server can’t be reached or asks us to slow down, for some time now.")
    return found


def heartbeat_cutoff() -> datetime:
    """A worker whose last heartbeat was before this is taken for dead."""
    return timezone.now() - timedelta(seconds=worker_config().dead_after)
