"""The deliveries of a bulletin in numbers: how far it has come, how fast, and whether something is wrong."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Count, IntegerField, When
from django.utils import timezone

from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.mail.models import DeliveryState

__all__ = ["EXCEPTION_STATES", "DeliveryCounts", "SendingRate", "reason_to_pause", "skip_unsent"]

#: The mail server took the email, as far as anybody knows.
SENT_STATES = (
    DeliveryState.ACCEPTED,
    DeliveryState.DELIVERED,
    DeliveryState.BOUNCED,
    DeliveryState.COMPLAINED,
)
#: It didn't get through.
REFUSED_STATES = (DeliveryState.BOUNCED, DeliveryState.FAILED)
#: Somebody should look at these.
EXCEPTION_STATES = (
    DeliveryState.BOUNCED,
    DeliveryState.COMPLAINED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many deliveries are in each state, and how many were skipped for each reason."""

    by_state: Mapping[str, int]
    skipped: Mapping[str, int]

    @classmethod
    def of(cls, bulletin: Bulletin) -> "DeliveryCounts":
        """Count the deliveries of a bulletin. One query."""
        rows = Delivery.objects.filter(bulletin=bulletin).order_by().values_list("state", "reason")
        states: Counter[str] = Counter()
        skipped: dict[str, int] = {}
        for state, reason, count in rows.annotate(Count("pk")):
            states[state] += count
            if state == DeliveryState.SKIPPED:
                skipped[reason] = count
        return cls(states, skipped)

    def number(self, *states: str) -> int:
        """Return how many are in any of these states."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """All deliveries."""
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        """Deliveries to which something will still happen by itself."""
        return self.number(*Delivery.OPEN)

    @property
    def settled(self) -> int:
        """Deliveries that are done with."""
        return self.total - self.open

    @property
    def sent(self) -> int:
        """Deliveries that the mail server took."""
        return self.number(*SENT_STATES)

    @property
    def tried(self) -> int:
        """Deliveries that the mail server took or refused."""
        return self.sent + self.number(DeliveryState.FAILED)

    def share(self, *states: str) -> float:
        """Return which share of those tried is in any of these states; 0 as long as too few are to tell."""
        if not self.tried or self.tried < settings.BULLETIN_PAUSE_MINIMUM:
            return 0.0
        return self.number(*states) / self.tried

    @property
    def exceptions(self) -> int:
        """Deliveries that somebody should look at."""
        return self.number(*EXCEPTION_STATES)


@dataclass(frozen=True, slots=True)
class SendingRate:
    """How many emails a second were settled over the last minute, and how long the rest will take at that."""

    per_second: float
    time_left: timedelta | None

    @classmethod
    def of(cls, bulletin: Bulletin, counts: DeliveryCounts) -> "SendingRate":
        """Measure a bulletin that is being sent. One query."""
        now = timezone.now()
        since = max(now - timedelta(minutes=1), bulletin.started_at or now)
        settled = Delivery.objects.filter(bulletin=bulletin, settled_at__gte=since).count()
        rate = settled / max((now - since).total_seconds(), 1)
        return cls(rate, timedelta(seconds=round(counts.open / rate)) if rate and counts.open else None)

    @property
    def time_left_in_words(self) -> str:
        """The time that is left, as exactly as it can be told."""
        seconds = self.time_left.total_seconds() if self.time_left else 0
        if seconds < 60:
            return f"{seconds:.0f} seconds"
        return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"


def skip_unsent(bulletin: Bulletin, reason: str) -> int:
    """Settle as skipped every delivery that no worker has sent, or is just sending; return how many."""
    states = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.RETRY)
    return Delivery.objects.filter(bulletin=bulletin, state__in=states).update(
        state=DeliveryState.SKIPPED, reason=reason, settled_at=timezone.now(), claimed_by="", lease_until=None
    )


def reason_to_pause(bulletin: Bulletin) -> str:
    """Return why sending should stop until somebody has looked; empty when all is well.

    What was settled before a person resumed it isn't held against it again; and who resumed it has accepted that so
    many are refused or complain: from then on only twice that share stops it. Three queries.
    """
    resumptions = BulletinEvent.objects.filter(bulletin=bulletin, action="resumed").order_by("pk")
    resumed_at = list(resumptions.values_list("at", flat=True))
    *earlier, current = counts_between(bulletin, resumed_at)
    # However many there are in all: each of these is work for somebody.
    unknown = current.number(DeliveryState.UNKNOWN)
    if unknown >= settings.BULLETIN_PAUSE_UNKNOWN:
        return f"It isn’t known of {unknown} mails whether they were sent."
    if (held_back := refused_for_us(bulletin, *resumed_at[-1:])) >= settings.BULLETIN_PAUSE_REFUSED:
        return f"The mail server refuses us, whoever the mail is for: {held_back} mails wait to be tried again."
    for states, limit, what in (
        ((DeliveryState.COMPLAINED,), settings.BULLETIN_PAUSE_COMPLAINED, "recipients reported it as unwanted"),
        (REFUSED_STATES, settings.BULLETIN_PAUSE_BOUNCED, "mails bounced or were refused"),
    ):
        accepted = max((counts.share(*states) for counts in earlier), default=0.0)
        if current.share(*states) > max(limit, 2 * accepted):
            return f"{current.number(*states)} of {current.tried} {what}."
    return ""


def counts_between(bulletin: Bulletin, moments: list[datetime]) -> list[DeliveryCounts]:
    """Count the settled deliveries of the times before, between and after these moments. One query."""
    part = Case(
        *(When(settled_at__gt=moment, then=number) for number, moment in reversed(list(enumerate(moments, start=1)))),
        default=0,
        output_field=IntegerField(),
    )
    counts: list[dict[str, int]] = [{} for _ in range(len(moments) + 1)]
    settled = Delivery.objects.filter(bulletin=bulletin, settled_at__isnull=False).order_by()
    for number, state, count in settled.annotate(part=part).values_list("part", "state").annotate(Count("pk")):
        counts[number][state] = count
    return [DeliveryCounts(by_state, {}) for by_state in counts]


def refused_for_us(bulletin: Bulletin, since: datetime | None = None) -> int:
    """Count the deliveries that wait because the server refuses us, and were tried ``since`` then."""
    waiting = Delivery.objects.filter(bulletin=bulletin, state=DeliveryState.RETRY, settled_at__isnull=True)
    waiting = waiting.filter(reason__in=Delivery.SENDER_REFUSALS)
    if since is not None:
        waiting = waiting.filter(sending_at__gt=since)
    return waiting.count()
