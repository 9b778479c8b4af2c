"""Alerts and digests, drafted from what was published and sent. Staff read, approve and send them as any bulletin.

Each thing is told once in each kind of mail, by a constraint and not by the clock: a change that comes late, after the
digest of its week was drafted, stands in the next one.
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

__all__ = ["draft_alert", "draft_digest", "previous_period"]

Kind = Bulletin.Kind
#: An alert waits so long after the last change for another one.
QUIET_TIME = timedelta(minutes=30)
#: And no longer than this after the first.
LONGEST_WAIT = timedelta(hours=4)
#: What is older is no news for an alert. Digests leave out nothing.
MAX_AGE = timedelta(days=2)
SUBJECT_LENGTH = 60


# --- alerts ----------------------------------------------------------------------------------------


def draft_alert(now: datetime | None = None) -> str:
    """Draft an alert of new changes, or add them to the one that is being gathered; hand in what is complete."""
    now = now or timezone.now()
    handed_in = submit_due_alerts(now)
    fresh = unreported_changes(Kind.ALERT).filter(at__gte=now - MAX_AGE, at__lte=now)
    if not fresh:
        return f"{handed_in} handed in; nothing new."
    with transaction.atomic():
        alert = open_alert(now)
        if alert is None:
            alert = create_draft(Kind.ALERT, slug=unique_slug(f"alert-{timezone.localtime(now):%Y-%m-%d}"))
        add_items(alert, changes=fresh)
        entries = [item.change for item in alert.items.select_related("change") if item.change]
        set_subject(alert, alert_subject(entries), contents_summary(len(entries)))
    return f"{handed_in} handed in; {len(fresh)} changes gathered."


def open_alert(now: datetime) -> Bulletin | None:
    """The alert that still takes changes in: a draft that nobody has touched, locked."""
    alerts = Bulletin.objects.select_for_update().filter(kind=Kind.ALERT, state=BulletinState.DRAFT)
    untouched = [alert for alert in alerts if is_untouched(alert)]
    return next((alert for alert in untouched if alert.created_at > now - LONGEST_WAIT), None)


def submit_due_alerts(now: datetime) -> int:
    """Hand in the alerts that have waited long enough, so that somebody can approve them; give how many."""
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
    """Whether only the site has been at it. What somebody edited or gave back is theirs from then on."""
    return not alert.events.filter(by__isnull=False).exists()


def alert_subject(entries: list[ChangeEntry]) -> str:
    """What is new, as exactly as a subject allows."""
    if len(entries) == 1:
        entry = entries[0]
        subject = f"{entry.get_kind_display()}: {f'{entry.ref} {entry.title}'.strip()}"
        return subject if len(subject) <= SUBJECT_LENGTH else f"{subject[: SUBJECT_LENGTH - 1].rstrip()}…"
    return f"{len(entries)} changes to the strategy"


def contents_summary(changes: int, bulletins: int = 0) -> str:
    """What a mail holds, in a sentence."""
    counted = [(bulletins, "bulletin", "bulletins"), (changes, "change", "changes")]
    said = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    return f"{' and '.join(said)} about what you chose to hear about."


# --- digests ---------------------------------------------------------------------------------------


def previous_period(kind: str, today: date) -> tuple[date, date]:
    """The last week (from Monday) or month that is over: its first day, and the first day after it."""
    if kind == Kind.WEEKLY:
        end = today - timedelta(days=today.weekday())
        return end - timedelta(days=7), end
    end = today.replace(day=1)
    return (end - timedelta(days=1)).replace(day=1), end


def draft_digest(kind: str, today: date | None = None) -> Bulletin | None:
    """Draft the digest of the last period and hand it in. None when it is there already, or has nothing to tell."""
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
            digest = create_draft(kind, slug=unique_slug(f"{kind}-{start:%Y-%m-%d}"), period_start=start)
            add_items(digest, changes, bulletins)
            set_subject(digest, digest_subject(kind, start), contents_summary(len(changes), len(bulletins)))
            return workflow.perform("submit", digest)
    except IntegrityError:
        # Another runner drafted it at the same moment.
        return None


def first_period_start(kind: str, start: date) -> date:
    """From when on everything is told: the beginning of the first digest of this kind there ever was."""
    first = Bulletin.objects.filter(kind=kind, period_start__isnull=False).order_by("period_start")
    earliest = first.values_list("period_start", flat=True).first()
    return min(earliest, start) if earliest else start


def digest_subject(kind: str, start: date) -> str:
    """Which week or month."""
    if kind == Kind.WEEKLY:
        return f"The week of {date_format(start, 'j F Y')}"
    return date_format(start, "F Y")


def unreported_changes(kind: str) -> QuerySet[ChangeEntry]:
    """Public changes that no mail of this kind has told."""
    told = NewsItem.objects.filter(kind=kind, change=OuterRef("pk"))
    return ChangeEntry.objects.public().exclude(Exists(told)).order_by("at", "pk")


def unreported_bulletins(kind: str) -> QuerySet[Bulletin]:
    """Bulletins written by hand and sent, which weekly and monthly readers have not been told of.

    What couldn't wait went to them at once. What was stopped, or taken off the web, isn't told.
    """
    told = NewsItem.objects.filter(kind=kind, told=OuterRef("pk"))
    sent = Bulletin.objects.for_digests().filter(kind=Kind.BULLETIN, cannot_wait=False)
    return sent.exclude(Exists(told)).order_by("started_at", "pk")


# --- both ------------------------------------------------------------------------------------------


def create_draft(kind: str, slug: str, period_start: date | None = None) -> Bulletin:
    """A new draft by nobody: anybody with the permission may approve it."""
    made = Bulletin.objects.create(
        kind=kind, subject="-", slug=slug, period_start=period_start, is_public=False, author=None
    )
    workflow.record_creation(made)
    return made


def add_items(bulletin: Bulletin, changes: Iterable[ChangeEntry] = (), bulletins: Iterable[Bulletin] = ()) -> None:
    """Put changes and bulletins into it. Raises IntegrityError for one that another has told."""
    items = [NewsItem(bulletin=bulletin, kind=bulletin.kind, change=change) for change in changes]
    items += [NewsItem(bulletin=bulletin, kind=bulletin.kind, told=told) for told in bulletins]
    NewsItem.objects.bulk_create(items)


def set_subject(bulletin: Bulletin, subject: str, preheader: str) -> None:
    """Say what it holds."""
    bulletin.subject, bulletin.preheader = subject, preheader
    bulletin.save(update_fields=["subject", "preheader", "changed_at"])


def unique_slug(wanted: str) -> str:
    """``wanted``, or with a number after it, as an address that nothing has yet."""
    taken = set(Bulletin.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number = 2
    slug = wanted
    while slug in taken:
        slug = f"{wanted}-{number}"
        number += 1
    return slug


def start_of_day(day: date) -> datetime:
    """When a day begins here."""
    return timezone.make_aware(datetime.combine(day, time()))
