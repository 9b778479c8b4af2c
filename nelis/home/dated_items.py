"""News, events and changes in one order of time: for the list of news, and for the latest on the home page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateformat import format as date_format
from wagtail.models import Page

from nelis.core.models import ChangeEntry
from nelis.core.search.urls import single_page_url
from sectors.changes import Change, changes_by_day

__all__ = [
    "DatedItem",
    "DatedYear",
    "by_year",
    "change_days",
    "latest_items",
    "load_items",
    "news_and_events",
    "outline",
    "position_of",
]

#: How many changes of one day are named; the list of changes has the others.
NAMED_CHANGES = 4
#: How many changes the latest items look back over.
RECENT_CHANGES = 100


@dataclass(frozen=True, slots=True)
class DatedItem:
    """A piece of news, an event, or the changes of one day.

    ``date`` is None unless it is known to the day; ``when`` says it in the words it deserves, and ``position`` is the
    day at which the item stands among the others.
    """

    shape: str
    #: What filters by kind call it.
    choice: str
    kind: str
    title: str
    url: str
    when: str
    position: date
    date: date | None
    summary: str = ""
    note: str = ""
    is_past: bool = True
    changes: Sequence[Change] = ()
    more: int = 0

    @property
    def is_event(self) -> bool:
        return self.shape == "event"


@dataclass(slots=True)
class DatedYear:
    """The items of one year, newest first, and the stretch without any that lies before them in the list.

    ``gap`` is the last month before the stretch and the first after it, which is None when it lasts until today.
    """

    year: int
    items: list[DatedItem] = field(default_factory=list)
    gap: tuple[date, date | None] | None = None


def news_and_events(limit: int | None = None) -> list[DatedItem]:
    """The live news and events by the first day they bear, newest first. One query."""
    pages = (
        Page.objects.live()
        .filter(Q(newspage__isnull=False) | Q(eventpage__isnull=False))
        .select_related("newspage", "eventpage")
        .annotate(dated=Coalesce(F("newspage__date"), F("eventpage__date")))
        .order_by("-dated", "-pk")[:limit]
    )
    return [_page_item(page) for page in pages]


def _page_item(page: Page) -> DatedItem:
    """The item for a page of news or an event; one that isn't known to the day stands in the middle of its range."""
    event = page._state.fields_cache.get("eventpage")
    item = event or page.newspage
    is_exact = not event or event.date_precision == "day"
    return DatedItem(
        shape="event" if event else "news",
        choice="event" if event else item.news_kind,
        kind=item.kind if event else item.get_news_kind_display(),
        title=item.title,
        summary=item.summary,
        note=item.venue if event else item.author,
        url=page.url,
        when=item.when,
        date=item.date if is_exact else None,
        position=item.date if is_exact else item.date + ((item.end_date or item.date) - item.date) / 2,
        is_past=event.is_past if event else True,
    )


def change_days(limit: int | None = None) -> dict[date, list[int]]:
    """The keys of the public changes by day, newest first. One query."""
    rows = ChangeEntry.objects.public().values_list("at", "pk")[:limit]
    days = groupby(rows, key=lambda row: timezone.localdate(row[0]))
    return {day: [pk for _, pk in group] for day, group in days}


def load_items(items: Iterable[DatedItem | date], days: dict[date, list[int]]) -> list[DatedItem]:
    """``items`` with an item in the place of each day of changes. At most three queries."""
    items = list(items)
    shown = [pk for day in items if isinstance(day, date) for pk in days[day][:NAMED_CHANGES]]
    found = dict(changes_by_day(shown)) if shown else {}
    changes_url = single_page_url("sectors.ChangesPage") if shown else ""
    return [
        item if isinstance(item, DatedItem) else _change_item(item, found[item], len(days[item]), changes_url)
        for item in items
    ]


def _change_item(day: date, changes: Sequence[Change], number: int, changes_url: str) -> DatedItem:
    """The item for the changes of a day: the one change there was, or the first of them by name."""
    common: dict[str, Any] = {
        "shape": "change",
        "choice": "change",
        "when": date_format(day, "j F Y"),
        "date": day,
        "position": day,
    }
    if number == 1:
        entry = changes[0].entry
        return DatedItem(
            kind=f"Change: {entry.get_kind_display().lower()}",
            title=f"{entry.ref} {entry.title}".strip(),
            url=changes[0].url,
            summary=entry.note,
            **common,
        )
    return DatedItem(
        kind="Changes",
        title=f"{number} changes",
        url=f"{changes_url}?since={day:%Y-%m-%d}" if changes_url else "",
        changes=changes,
        more=number - len(changes),
        **common,
    )


def position_of(item: DatedItem | date) -> date:
    """The day at which an item, or a day of changes, stands among the others."""
    return item.position if isinstance(item, DatedItem) else item


def outline(items: Iterable[DatedItem], days: Iterable[date]) -> list[DatedItem | date]:
    """The items and, in the place of the changes of a day, the day, newest first."""
    return sorted([*days, *items], key=position_of, reverse=True)


def latest_items(pages: Iterable[DatedItem], limit: int) -> list[DatedItem]:
    """The newest of ``pages`` that are known to the day and of the days of changes, newest first.

    Five queries at most.
    """
    days = change_days(RECENT_CHANGES)
    return load_items(outline((item for item in pages if item.date), days)[:limit], days)


def by_year(items: Sequence[DatedItem], until: date | None = None, has_gaps: bool = True) -> list[DatedYear]:
    """The items by year, with the stretches of more than a whole calendar year in which there are none.

    ``until`` is today, where the newest item of all is among them; without it no stretch stands before the first.
    """
    years = [DatedYear(year, list(group)) for year, group in groupby(items, key=lambda item: item.position.year)]
    if years and until and until.year - years[0].year > 1:
        years[0].gap = (years[0].items[0].position, None)
    for later, earlier in pairwise(years):
        if has_gaps and later.year - earlier.year > 1:
            earlier.gap = (earlier.items[0].position, later.items[-1].position)
    return years
