"""The ledger of a bulletin in numbers: how far it has come, how fast, and whether something is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.mail.models import DeliveryState

__all__ = ["DeliveryCounts", "SendingRate", "reason_to_pause", "skip_unsent"]

#: Handed over to the mail server, as far as anybody knows.
SENT_STATES = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.BOUNCED, DeliveryState.COMPLAINED)
#: Somebody should look at these.
EXCEPTION_STATES = (DeliveryState.BOUNCED, DeliveryState.COMPLAINED, DeliveryState.FAILED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many rows are in each state, and how many were skipped for each reason."""

    by_state: Mapping[str, int]
    skipped: Mapping[str, int]

    @classmethod
    def of(cls, bulletin: Bulletin) -> "DeliveryCounts":
        """Count. One query."""
        rows = Delivery.objects.filter(bulletin=bulletin).order_by().values_list("state", "reason")
        states: dict[str, int] = {}
        skipped: dict[str, int] = {}
        for state, reason, count in rows.annotate(Count("pk")):
            states[state] = states.get(state, 0) + count
            if state == DeliveryState.SKIPPED:
                skipped[reason] = skipped.get(reason, 0) + count
        return cls(states, skipped)

    def number(self, *states: str) -> int:
        """Rows in any of these states."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """Rows in all."""
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        """Rows to which something will still happen by itself."""
        return self.number(*Delivery.OPEN)

    @property
    def handed_over(self) -> int:
        """Rows that the mail server took."""
        return self.number(*SENT_STATES)

    @property
    def exceptions(self) -> int:
        """Rows that somebody should look at."""
        return self.number(*EXCEPTION_STATES)

    @property
    def settled(self) -> int:
        """Rows that are done with."""
        return self.total - self.open


@dataclass(frozen=True, slots=True)
class SendingRate:
    """How many mails a second over the last minute, and how long the rest will take at that."""

    per_second: float
    left: timedelta | None

    @classmethod
    def of(cls, bulletin: Bulletin, counts: DeliveryCounts) -> "SendingRate":
        """Measure. One query."""
        now = timezone.now()
        since = now - timedelta(minutes=1)
        if bulletin.started_at and bulletin.started_at > since:
            since = bulletin.started_at
        settled = Delivery.objects.filter(bulletin=bulletin, settled_at__gte=since).count()
        seconds = max((now - since).total_seconds(), 1)
        rate = settled / seconds
        return cls(rate, timedelta(seconds=round(counts.open / rate)) if rate and counts.open else None)

    @property
    def in_words(self) -> str:
        """The time that is left, as exactly as it can be told."""
        seconds = self.left.total_seconds() if self.left else 0
        if seconds < 60:
            return f"{seconds:.0f} seconds"
        return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"


def skip_unsent(bulletin: Bulletin, reason: str) -> int:
    """Settle every row that no runner has handed over, or is just handing over, as skipped; give how many."""
    waiting = Delivery.objects.filter(
        bulletin=bulletin, state__in=(DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.RETRY)
    )
    return waiting.update(
        state=DeliveryState.SKIPPED, reason=reason, settled_at=timezone.now(), claimed_by="", lease_until=None
    )


def reason_to_pause(bulletin: Bulletin) -> str:
    """Why sending should stop until somebody has looked; empty when all is well.

    What was settled before a person resumed it isn't held against it again.
    """
    resumed = BulletinEvent.objects.filter(bulletin=bulletin, action="resumed").order_by("-pk")
    since: datetime | None = resumed.values_list("at", flat=True).first()
    rows = Delivery.objects.filter(bulletin=bulletin)
    if since:
        rows = rows.filter(settled_at__gt=since)
    counted = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    refused = counted.get(DeliveryState.BOUNCED, 0) + counted.get(DeliveryState.FAILED, 0)
    complained = counted.get(DeliveryState.COMPLAINED, 0)
    unknown = counted.get(DeliveryState.UNKNOWN, 0)
    # However many there are in all: each of these is work for somebody.
    if unknown >= settings.BULLETIN_PAUSE_UNKNOWN:
        return f"It isn’t known of {unknown} mails whether they were sent."
    tried = sum(counted.get(state, 0) for state in (*SENT_STATES, DeliveryState.FAILED))
    if tried < settings.BULLETIN_PAUSE_MINIMUM:
        return ""
    if complained / tried > settings.BULLETIN_PAUSE_COMPLAINED:
        return f"{complained} of {tried} recipients reported it as unwanted."
    if refused / tried > settings.BULLETIN_PAUSE_BOUNCED:
        return f"{refused} of {tried} mails bounced or were refused."
    return ""
