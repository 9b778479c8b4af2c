"""The deliveries of a bulletin in numbers: how far it has come, how fast, and whether something is wrong."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
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

    What was settled before a person resumed it isn't held against it again.
    """
    deliveries = Delivery.objects.filter(bulletin=bulletin)
    resumed = BulletinEvent.objects.filter(bulletin=bulletin, action="resumed").order_by("-pk")
    if since := resumed.values_list("at", flat=True).first():
        deliveries = deliveries.filter(settled_at__gt=since)
    counts = DeliveryCounts(dict(deliveries.order_by().values_list("state").annotate(Count("pk"))), {})
    # However many there are in all: each of these is work for somebody.
    unknown = counts.number(DeliveryState.UNKNOWN)
    if unknown >= settings.BULLETIN_PAUSE_UNKNOWN:
        return f"It isn’t known of {unknown} mails whether they were sent."
    tried = counts.sent + counts.number(DeliveryState.FAILED)
    if tried < settings.BULLETIN_PAUSE_MINIMUM:
        return ""
    complained = counts.number(DeliveryState.COMPLAINED)
    if complained / tried > settings.BULLETIN_PAUSE_COMPLAINED:
        return f"{complained} of {tried} recipients reported it as unwanted."
    refused = counts.number(DeliveryState.BOUNCED, DeliveryState.FAILED)
    if refused / tried > settings.BULLETIN_PAUSE_BOUNCED:
        return f"{refused} of {tried} mails bounced or were refused."
    return ""
