"""What staff see of the post room: gathered in a fixed number of queries for each lane."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone

from engagement.post.backoffice import last_runs
from engagement.post.lanes import LANES, Lane, in_order
from engagement.post.ledger import due_rows
from engagement.post.models import JobRun, ProviderEvent, RateLimit, Runner, ServiceMail, State
from engagement.post.pace import pace

__all__ = ["Doubt", "DoubtGroup", "LaneView", "Overview", "doubt_groups", "doubts", "overview", "warnings"]

#: So many of each list are shown; how many there are is always said.
SHOWN = 100
#: In words, in this order.
COUNTED = (
    (State.PENDING, State.RETRY, "Waiting"),
    (State.CLAIMED, State.SENDING, "In hand"),
    (State.ACCEPTED, State.DELIVERED, "Sent"),
    (State.BOUNCED, State.COMPLAINED, "Bounced or complained"),
    (State.FAILED, State.FAILED, "Refused"),
    (State.SKIPPED, State.SKIPPED, "Not sent, on purpose"),
    (State.UNKNOWN, State.UNKNOWN, "Not known"),
)


@dataclass
class LaneView:
    """A lane: how many mails of it stand where, and how long the first has been waiting."""

    lane: Lane
    counts: list[tuple[str, int]]
    due: int
    oldest: datetime | None


@dataclass
class Doubt:
    """A mail of which nobody knows whether it was sent."""

    lane: str
    row: Any
    #: Whether it may be sent again.
    may_go_again: bool = True

    @property
    def address(self) -> str:
        """To whom, where the ledger says it."""
        return str(getattr(self.row, "address", ""))


@dataclass
class DoubtGroup:
    """Mails in doubt of one lane that belong together, and are in doubt for one reason."""

    lane: str
    #: The key of what they are copies of, and its name; nothing in a lane without.
    batch: Any
    name: str
    reason: str
    number: int
    #: When the last of them got into doubt: what is said of all of them is said of those that were shown.
    last: datetime


@dataclass
class Overview:
    """The whole page."""

    runners: list[Runner]
    alive: list[Runner]
    rate: float
    limit: RateLimit | None
    lanes: list[LaneView]
    jobs: dict[str, JobRun | None]
    doubts: list[Doubt]
    doubts_count: int
    doubt_groups: list[DoubtGroup]
    failed: list[ServiceMail]
    failed_count: int
    strangers: list[ProviderEvent]
    strangers_count: int
    warnings: list[str]


def overview() -> Overview:
    """Everything, as it is now."""
    runners = list(Runner.objects.all()[:20])
    alive = [runner for runner in runners if runner.stopped_at is None and runner.seen_at > silent_since()]
    failed = ServiceMail.objects.filter(state=State.FAILED)
    strangers = ProviderEvent.objects.filter(lane="")
    groups = list(doubt_groups())
    return Overview(
        runners=runners,
        alive=alive,
        rate=sum(runner.rate for runner in alive),
        limit=RateLimit.objects.first(),
        lanes=[view(lane) for lane in in_order()],
        jobs=last_runs(),
        doubts=list(doubts()),
        doubts_count=sum(group.number for group in groups),
        doubt_groups=[group for group in groups if group.number > 1],
        failed=list(failed[:SHOWN]),
        failed_count=failed.count(),
        strangers=list(strangers[:SHOWN]),
        strangers_count=strangers.count(),
        warnings=warnings(),
    )


def view(lane: Lane) -> LaneView:
    """One lane."""
    by_state = dict(
        lane.model._default_manager.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    counts = [(label, sum(by_state.get(state, 0) for state in {*states})) for *states, label in COUNTED]
    due = due_rows(lane, timezone.now()).order_by().aggregate(n=Count("pk"), oldest=Min("due_at"))
    return LaneView(lane, counts, due["n"], due["oldest"])


def doubts() -> Iterator[Doubt]:
    """The mails in doubt, of all lanes."""
    for name, lane in LANES.items():
        rows = list(lane.model._default_manager.filter(state=State.UNKNOWN).order_by("pk")[:SHOWN])
        shown = lane.model._default_manager.filter(pk__in=[row.pk for row in rows])
        again = set(lane.again_rows(shown).values_list("pk", flat=True)) if rows else set()
        for row in rows:
            yield Doubt(name, row, row.pk in again)


def doubt_groups() -> Iterator[DoubtGroup]:
    """All of them, counted by what they belong to and why they are in doubt."""
    for name, lane in LANES.items():
        fields = (lane.batch, "reason") if lane.batch else ("reason",)
        rows = lane.model._default_manager.filter(state=State.UNKNOWN).order_by(*fields).values(*fields)
        found = list(rows.annotate(number=Count("pk"), last=Max("settled_at")))
        names = names_of(lane, {row[lane.batch] for row in found}) if lane.batch and found else {}
        for row in found:
            batch = row.get(lane.batch)
            yield DoubtGroup(name, batch, names.get(batch, ""), row["reason"], row["number"], row["last"])


def names_of(lane: Lane, keys: set[Any]) -> dict[Any, str]:
    """What the rows of a lane belong to, in words."""
    related: Any = lane.model._meta.get_field(lane.batch).related_model
    return {key: str(made) for key, made in related._default_manager.in_bulk(keys).items()}


def warnings() -> list[str]:
    """What somebody should look after now."""
    found = []
    now = timezone.now()
    # A mail that is due this very moment is nobody's fault.
    waiting = sum(due_rows(lane, now - timedelta(seconds=pace().gone)).count() for lane in in_order())
    if waiting and not Runner.objects.filter(stopped_at=None, seen_at__gt=silent_since()).exists():
        mails = "1 mail waits" if waiting == 1 else f"{waiting} mails wait"
        found.append(f"{mails}, and no runner has been seen for a minute. Mail is not going out.")
    unknown = sum(lane.model._default_manager.filter(state=State.UNKNOWN).count() for lane in LANES.values())
    if unknown:
        they = "1 mail was" if unknown == 1 else f"{unknown} mails were"
        found.append(f"It isn’t known whether {they} sent. Somebody should find out and say so.")
    limit = RateLimit.objects.filter(blocked_until__gt=now, setbacks__gte=3).first()
    if limit:
        found.append("The mail server can’t be reached or asks us to slow down, for some time now.")
    return found


def silent_since() -> datetime:
    """A runner that was last heard of before this is taken for dead."""
    return timezone.now() - timedelta(seconds=pace().gone)
