"""What staff see of the post room: gathered in a fixed number of queries for each lane."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone

from engagement.mail.config import worker_config
from engagement.mail.models import DeliveryState, ProviderEvent, RateLimit, TaskRun, TransactionalEmail, WorkerStatus
from engagement.mail.outbox import due_emails
from engagement.mail.scheduling import last_runs
from engagement.mail.streams import STREAMS, MessageStream, by_priority

__all__ = [
    "DeliveryOverview",
    "StreamSummary",
    "UnknownEmail",
    "UnknownGroup",
    "overview",
    "unknown_emails",
    "unknown_groups",
    "warnings",
]

#: So many of each list are shown; how many there are is always said.
MAX_LISTED = 100
#: In words, in this order.
STATE_COLUMNS = (
    (DeliveryState.PENDING, DeliveryState.RETRY, "Waiting"),
    (DeliveryState.CLAIMED, DeliveryState.SENDING, "In hand"),
    (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, "Sent"),
    (DeliveryState.BOUNCED, DeliveryState.COMPLAINED, "Bounced or complained"),
    (DeliveryState.FAILED, DeliveryState.FAILED, "Refused"),
    (DeliveryState.SKIPPED, DeliveryState.SKIPPED, "Not sent, on purpose"),
    (DeliveryState.UNKNOWN, DeliveryState.UNKNOWN, "Not known"),
)


@dataclass
class StreamSummary:
    """A lane: how many mails of it stand where, and how long the first has been waiting."""

    stream: MessageStream
    counts: list[tuple[str, int]]
    due: int
    oldest: datetime | None


@dataclass
class UnknownEmail:
    """A mail of which nobody knows whether it was sent."""

    stream: str
    row: Any
    #: Whether it may be sent again.
    may_go_again: bool = True

    @property
    def address(self) -> str:
        """To whom, where the ledger says it."""
        return str(getattr(self.row, "address", ""))


@dataclass
class UnknownGroup:
    """Mails in doubt of one lane that belong together, and are in doubt for one reason."""

    stream: str
    #: The key of what they are copies of, and its name; nothing in a lane without.
    batch: Any
    name: str
    reason: str
    number: int
    #: When the last of them got into doubt: what is said of all of them is said of those that were shown.
    last: datetime


@dataclass
class DeliveryOverview:
    """The whole page."""

    runners: list[WorkerStatus]
    alive: list[WorkerStatus]
    rate: float
    limit: RateLimit | None
    lanes: list[StreamSummary]
    jobs: dict[str, TaskRun | None]
    doubts: list[UnknownEmail]
    doubts_count: int
    doubt_groups: list[UnknownGroup]
    failed: list[TransactionalEmail]
    failed_count: int
    strangers: list[ProviderEvent]
    strangers_count: int
    warnings: list[str]


def overview() -> DeliveryOverview:
    """Everything, as it is now."""
    runners = list(WorkerStatus.objects.all()[:20])
    alive = [runner for runner in runners if runner.stopped_at is None and runner.seen_at > heartbeat_cutoff()]
    failed = TransactionalEmail.objects.filter(state=DeliveryState.FAILED)
    strangers = ProviderEvent.objects.filter(stream="")
    groups = list(unknown_groups())
    return DeliveryOverview(
        runners=runners,
        alive=alive,
        rate=sum(runner.rate for runner in alive),
        limit=RateLimit.objects.first(),
        lanes=[stream_summary(lane) for lane in by_priority()],
        jobs=last_runs(),
        doubts=list(unknown_emails()),
        doubts_count=sum(group.number for group in groups),
        doubt_groups=[group for group in groups if group.number > 1],
        failed=list(failed[:MAX_LISTED]),
        failed_count=failed.count(),
        strangers=list(strangers[:MAX_LISTED]),
        strangers_count=strangers.count(),
        warnings=warnings(),
    )


def stream_summary(stream: MessageStream) -> StreamSummary:
    """One lane."""
    by_state = dict(
        stream.model._default_manager.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    counts = [(label, sum(by_state.get(state, 0) for state in {*states})) for *states, label in STATE_COLUMNS]
    due = due_emails(stream, timezone.now()).order_by().aggregate(n=Count("pk"), oldest=Min("due_at"))
    return StreamSummary(stream, counts, due["n"], due["oldest"])


def unknown_emails() -> Iterator[UnknownEmail]:
    """The mails in doubt, of all lanes."""
    for name, lane in STREAMS.items():
        rows = list(lane.model._default_manager.filter(state=DeliveryState.UNKNOWN).order_by("pk")[:MAX_LISTED])
        shown = lane.model._default_manager.filter(pk__in=[row.pk for row in rows])
        again = set(lane.retryable(shown).values_list("pk", flat=True)) if rows else set()
        for row in rows:
            yield UnknownEmail(name, row, row.pk in again)


def unknown_groups() -> Iterator[UnknownGroup]:
    """All of them, counted by what they belong to and why they are in doubt."""
    for name, lane in STREAMS.items():
        fields = (lane.group_field, "reason") if lane.group_field else ("reason",)
        rows = lane.model._default_manager.filter(state=DeliveryState.UNKNOWN).order_by(*fields).values(*fields)
        found = list(rows.annotate(number=Count("pk"), last=Max("settled_at")))
        names = group_names(lane, {row[lane.group_field] for row in found}) if lane.group_field and found else {}
        for row in found:
            batch = row.get(lane.group_field)
            yield UnknownGroup(name, batch, names.get(batch, ""), row["reason"], row["number"], row["last"])


def group_names(stream: MessageStream, keys: set[Any]) -> dict[Any, str]:
    """What the rows of a lane belong to, in words."""
    related: Any = stream.model._meta.get_field(stream.group_field).related_model
    return {key: str(made) for key, made in related._default_manager.in_bulk(keys).items()}


def warnings() -> list[str]:
    """What somebody should look after now."""
    found = []
    now = timezone.now()
    # A mail that is due this very moment is nobody's fault.
    waiting = sum(due_emails(lane, now - timedelta(seconds=worker_config().gone)).count() for lane in by_priority())
    if waiting and not WorkerStatus.objects.filter(stopped_at=None, seen_at__gt=heartbeat_cutoff()).exists():
        mails = "1 mail waits" if waiting == 1 else f"{waiting} mails wait"
        found.append(f"{mails}, and no runner has been seen for a minute. Mail is not going out.")
    unknown = sum(lane.model._default_manager.filter(state=DeliveryState.UNKNOWN).count() for lane in STREAMS.values())
    if unknown:
        they = "1 mail was" if unknown == 1 else f"{unknown} mails were"
        found.append(f"It isn’t known whether {they} sent. Somebody should find out and say so.")
    limit = RateLimit.objects.filter(blocked_until__gt=now, setback_count__gte=3).first()
    if limit:
        found.append("The mail server can’t be reached or asks us to slow down, for some time now.")
    return found


def heartbeat_cutoff() -> datetime:
    """A runner that was last heard of before this is taken for dead."""
    return timezone.now() - timedelta(seconds=worker_config().gone)
