"""Alerts and digests, drafted from what was published and sent. Staff read, approve and send them as any bulletin.

Each thing is reported once in each kind of bulletin, by a constraint and not by the clock: a change that is published
late, after the digest of its week was drafted, is in the next one.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as date_format

from engagement.bulletins import workflow
from engagement.bulletins.models import Bulletin, BulletinState, NewsItem
from nelis.core.models import ChangeEntry

__all__ = ["add_items", "create_draft", "draft_alert", "draft_digest", "previous_period", "set_subject"]

Kind = Bulletin.Kind
#: An alert waits so long after the last change for another one.
QUIET_TIME = timedelta(minutes=30)
#: And no longer than this after it was drafted.
LONGEST_WAIT = timedelta(hours=4)
#: Older changes are no news for an alert. Digests leave out nothing.
MAX_AGE = timedelta(days=2)
SUBJECT_LENGTH = 60


# --- alerts ----------------------------------------------------------------------------------------


def draft_alert(now: datetime | None = None) -> str:
    """Draft an alert of new changes, or add them to the open one; submit those that have waited long enough."""
    now = now or timezone.now()
    submitted = submit_due_alerts(now)
    changes = unreported_changes(Kind.ALERT).filter(at__gte=now - MAX_AGE, at__lte=now)
    if not changes:
        return f"{submitted} handed in; nothing new."
    with transaction.atomic():
        alert = open_alert(now) or create_draft(Kind.ALERT, f"alert-{timezone.localtime(now):%Y-%m-%d}")
        add_items(alert, changes=changes)
        entries = [item.change for item in alert.items.select_related("change") if item.change]
        set_subject(alert, alert_subject(entries), contents_summary(len(entries)))
    return f"{submitted} handed in; {len(changes)} changes gathered."


def open_alert(now: datetime) -> Bulletin | None:
    """Return the alert that still takes changes in: a draft that nobody has touched, locked."""
    alerts = Bulletin.objects.select_for_update().filter(kind=Kind.ALERT, state=BulletinState.DRAFT)
    recent = [alert for alert in alerts if alert.created_at > now - LONGEST_WAIT]
    return next((alert for alert in recent if is_untouched(alert)), None)


def submit_due_alerts(now: datetime) -> int:
    """Submit the alerts that have waited long enough, so that somebody can approve them; return how many."""
    drafts = Bulletin.objects.filter(kind=Kind.ALERT, state=BulletinState.DRAFT).annotate(last=Max("items__change__at"))
    due = [
        alert
        for alert in drafts
        if is_untouched(alert)
        and (alert.created_at <= now - LONGEST_WAIT or (alert.last and alert.last <= now - QUIET_TIME))
    ]
    for alert in due:
        workflow.perform("submit", alert)
    return len(due)


def is_untouched(alert: Bulletin) -> bool:
    """Whether only the site has worked on it. What somebody edited or gave back is theirs from then on."""
    return not alert.events.filter(by__isnull=False).exists()


def alert_subject(entries: list[ChangeEntry]) -> str:
    """Return what is new, as exactly as a subject allows."""
    if len(entries) > 1:
        return f"{len(entries)} changes to the strategy"
    (entry,) = entries
    subject = f"{entry.get_kind_display()}: {f'{entry.ref} {entry.title}'.strip()}"
    return subject if len(subject) <= SUBJECT_LENGTH else f"{subject[: SUBJECT_LENGTH - 1].rstrip()}…"


def contents_summary(changes: int, bulletins: int = 0) -> str:
    """Return how much an alert or a digest holds, as a sentence."""
    counts = [(bulletins, "bulletin"), (changes, "change")]
    texts = [f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return f"{' and '.join(texts)} about what you chose to hear about."


# --- digests ---------------------------------------------------------------------------------------


def previous_period(kind: str, today: date) -> tuple[date, date]:
    """Return the last week (from Monday) or month that is over: its first day, and the first day after it."""
    if kind == Kind.WEEKLY:
        end = today - timedelta(days=today.weekday())
        return end - timedelta(days=7), end
    end = today.replace(day=1)
    return (end - timedelta(days=1)).replace(day=1), end


def draft_digest(kind: str, today: date | None = None) -> Bulletin | None:
    """Draft the digest of the last period and submit it. None when there is one already, or nothing to report."""
    start, end = previous_period(kind, today or timezone.localdate())
    if Bulletin.objects.filter(kind=kind, period_start=start).exists():
        return None
    since, until = start_of_day(first_period_start(kind, start)), start_of_day(end)
    try:
        with transaction.atomic():
            changes = list(unreported_changes(kind).filter(at__gte=since, at__lt=until))
            bulletins = list(unreported_bulletins(kind).filter(started_at__gte=since, started_at__lt=until))
            if not changes and not bulletins:
                return None
            digest = create_draft(kind, f"{kind}-{start:%Y-%m-%d}", period_start=start)
            add_items(digest, changes, bulletins)
            set_subject(digest, digest_subject(kind, start), contents_summary(len(changes), len(bulletins)))
            return workflow.perform("submit", digest)
    except IntegrityError:
        # Another worker drafted it at the same moment.
        return None


def first_period_start(kind: str, start: date) -> date:
    """Return from when on everything is reported: the beginning of the first digest of this kind there ever was."""
    first = Bulletin.objects.filter(kind=kind, period_start__isnull=False).order_by("period_start")
    earliest = first.values_list("period_start", flat=True).first()
    return min(earliest, start) if earliest else start


def digest_subject(kind: str, start: date) -> str:
    """Return the week or month of a digest."""
    return f"The week of {date_format(start, 'j F Y')}" if kind == Kind.WEEKLY else date_format(start, "F Y")


def unreported_changes(kind: str) -> QuerySet[ChangeEntry]:
    """Return the public changes that no bulletin of this kind has reported."""
    reported = NewsItem.objects.filter(kind=kind, change=OuterRef("pk"))
    return ChangeEntry.objects.public().exclude(Exists(reported)).order_by("at", "pk")


def unreported_bulletins(kind: str) -> QuerySet[Bulletin]:
    """Return the bulletins written by hand and sent that no digest of this kind has reported.

    What couldn't wait was sent to the readers of digests at once. What was cancelled or taken off the web is left out.
    """
    reported = NewsItem.objects.filter(kind=kind, reported=OuterRef("pk"))
    sent = Bulletin.objects.for_digests().filter(kind=Kind.BULLETIN, cannot_wait=False)
    return sent.exclude(Exists(reported)).order_by("started_at", "pk")


# --- both ------------------------------------------------------------------------------------------


def create_draft(kind: str, slug: str, period_start: date | None = None) -> Bulletin:
    """Create a draft by nobody, which anybody with the permission may approve. A number makes its slug unique."""
    bulletin = Bulletin.objects.create(
        kind=kind, subject="-", slug=unique_slug(slug), period_start=period_start, is_public=False, author=None
    )
    workflow.record_creation(bulletin)
    return bulletin


def add_items(bulletin: Bulletin, changes: Iterable[ChangeEntry] = (), bulletins: Iterable[Bulletin] = ()) -> None:
    """Add what it reports. Raises IntegrityError for what another of its kind has reported."""
    items = [NewsItem(bulletin=bulletin, kind=bulletin.kind, change=change) for change in changes]
    items += [NewsItem(bulletin=bulletin, kind=bulletin.kind, reported=reported) for reported in bulletins]
    NewsItem.objects.bulk_create(items)


def set_subject(bulletin: Bulletin, subject: str, preheader: str) -> None:
    """Save its subject and its preheader."""
    bulletin.subject, bulletin.preheader = subject, preheader
    bulletin.save(update_fields=["subject", "preheader", "changed_at"])


def unique_slug(wanted: str) -> str:
    """Return ``wanted``, or with a number after it, as a slug that no bulletin has yet."""
    taken = set(Bulletin.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def start_of_day(day: date) -> datetime:
    """Return the moment when a day begins here."""
    return timezone.make_aware(datetime.combine(day, time()))
