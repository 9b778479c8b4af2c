"""What the home page shows beside its own fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page

from nelis.home.models.events import EventIndexPage
from nelis.home.models.news import NewsIndexPage
from nelis.home.models.next_steps import Step
from nelis.progress.models import TargetPage
from sectors.models import (
    FoundationPage,
    GrandChallengePage,
    PropositionPage,
    SectorDealPage,
    SectorPage,
    StrategyLink,
    SubSectorPage,
)

__all__ = ["Dated", "home_context"]

#: How many pages of news and events the home page lists.
LATEST = 4


@dataclass(frozen=True, slots=True)
class Dated:
    """A piece of news or an event, with its date in the words it deserves."""

    kind: str
    title: str
    summary: str
    url: str
    when: str
    date: date | None
    is_past: bool
    is_event: bool


def home_context(home: Any) -> dict[str, Any]:
    """The strategy in one picture, the targets, what is next and what is new. Eight queries."""
    sectors = sectors_with_counts()
    sector_ids = [sector.pk for sector in sectors]
    pages = linked_pages()
    newest = newest_pages()
    steps = list(Step.objects.filter(page__live=True).select_related("page").order_by("sort_order"))
    targets = list(TargetPage.objects.live().select_related("latest", "comparator").order_by("path"))
    return {
        "actions": list(home.calls_to_action.filter(target__live=True).select_related("target")),
        "sectors": sectors,
        "foundations": pages[FoundationPage],
        "challenges": pages[GrandChallengePage],
        "deals": pages[SectorDealPage],
        "propositions": list(PropositionPage.objects.live().order_by("path")),
        "sector_links": list(
            StrategyLink.objects.filter(Q(page__in=sector_ids) | Q(target__in=sector_ids))
        ),
        "targets": targets,
        "targets_heading": targets_heading(targets),
        "steps": what_next(newest, steps),
        "steps_page": steps[0].page if steps else None,
        "lists": pages[NewsIndexPage] + pages[EventIndexPage],
        "latest": [one for one in newest if one.date][:LATEST],
    }


def sectors_with_counts() -> list[SectorPage]:
    """Live sectors in order, each with ``note``: how many propositions and sub-sectors it has."""
    below = SubSectorPage.objects.live().filter(path__startswith=OuterRef("path")).order_by()
    counted = below.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    sectors = list(
        SectorPage.objects.live()
        .annotate(
            proposition_count=Count(
                "led_propositions", filter=Q(led_propositions__live=True), distinct=True
            ),
            sub_sector_count=Coalesce(Subquery(counted), 0),
        )
        .order_by("path")
    )
    for sector in sectors:
        sector.missing = sector.content_status == "stub" and not sector.proposition_count
        parts = [counted_words(sector.proposition_count, "proposition")]
        if sector.sub_sector_count:
            parts.append(counted_words(sector.sub_sector_count, "sub-sector"))
        sector.note = ", ".join(parts) if sector.proposition_count else "No propositions yet"
    return sectors


def counted_words(number: int, noun: str) -> str:
    """A number with its noun in singular or plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def targets_heading(targets: Sequence[TargetPage]) -> str:
    """How many targets there are, and for how many progress is held: “Six targets, one with a figure”."""
    held = sum(target.progress.share is not None for target in targets)
    words = f"{in_words(len(targets))} {'target' if len(targets) == 1 else 'targets'}"
    if held == len(targets):
        return words.capitalize()
    return f"{words}, {in_words(held) if held else 'none'} with a figure".capitalize()


def in_words(number: int) -> str:
    """A number up to ten in words, a larger one in figures."""
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[number] if number < len(names) else str(number)


def linked_pages() -> dict[type[Page], list[Page]]:
    """The pages the home page links to by type, each with ``proposition_count``. One query."""
    types = (FoundationPage, GrandChallengePage, SectorDealPage, NewsIndexPage, EventIndexPage)
    links = Q(linked_from__page__live=True, linked_from__page__propositionpage__isnull=False)
    pages = (
        Page.objects.live()
        .type(*types)
        .annotate(proposition_count=Count("linked_from__page", filter=links, distinct=True))
        .order_by("path")
    )
    by_type: dict[type[Page], list[Page]] = {model: [] for model in types}
    for page in pages:
        by_type[page.cached_content_type.model_class()].append(page)
    return by_type


def newest_pages(limit: int = 3 * LATEST) -> list[Dated]:
    """The newest news and events by the date they bear, newest first. One query."""
    pages = (
        Page.objects.live()
        .filter(Q(newspage__isnull=False) | Q(eventpage__isnull=False))
        .select_related("newspage", "eventpage")
        .annotate(dated=Coalesce(F("newspage__date"), F("eventpage__date")))
        .order_by("-dated", "-pk")[:limit]
    )
    found = []
    for page in pages:
        event = page._state.fields_cache.get("eventpage")
        item = event or page.newspage
        found.append(
            Dated(
                kind=item.kind if event else item.get_news_kind_display(),
                title=item.title,
                summary=item.summary,
                url=page.url,
                when=item.when,
                date=item.date if not event or event.date_precision == "day" else None,
                is_past=event.is_past if event else True,
                is_event=bool(event),
            )
        )
    return found


def what_next(newest: Iterable[Dated], steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The last event that is over and known to the day, then the steps that follow it."""
    last = next((one for one in newest if one.is_event and one.is_past and one.date), None)
    items: list[dict[str, Any]] = []
    if last:
        items.append(
            {"when": last.when, "title": last.title, "text": "", "url": last.url, "done": True, "note": ""}
        )
    for step in steps:
        when = step.date_text or (step.get_status_display() if step.status != step.Status.AHEAD else "")
        items.append(
            {
                "when": when,
                "title": step.title,
                "text": step.text,
                "url": "",
                "done": step.status == step.Status.DONE,
                "note": "",
            }
        )
    return items
