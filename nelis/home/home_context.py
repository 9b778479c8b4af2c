"""What the home page shows beside its own fields."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page

from nelis.core.dates import partial_date
from nelis.home.answers import ANSWERED_TYPES, count_with_noun, number_in_words, six_answers
from nelis.home.dated_items import DatedItem, latest_items, news_and_events
from nelis.home.models.events import EventIndexPage
from nelis.home.models.news import NewsIndexPage
from nelis.home.models.next_steps import Step
from nelis.progress.context import targets_summary
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

__all__ = ["home_context"]

#: How many news, events and days of changes the home page lists.
LATEST = 4


def home_context() -> dict[str, Any]:
    """The answers, the strategy in one picture, the targets, what is next and what is new. Sixteen queries at most."""
    pages = strategy_pages()
    sectors = add_sector_notes(pages[SectorPage], pages[SubSectorPage], pages[PropositionPage])
    sector_ids = [sector.pk for sector in sectors]
    newest = news_and_events(3 * LATEST)
    steps = list(Step.objects.filter(page__live=True).select_related("page").order_by("sort_order"))
    targets = targets_summary(pages[TargetPage])
    return {
        "answers": six_answers(pages, targets_text(targets["target_rows"])),
        "sectors": sectors,
        "foundations": pages[FoundationPage],
        "challenges": pages[GrandChallengePage],
        "deals": pages[SectorDealPage],
        "propositions": pages[PropositionPage],
        "sector_links": list(StrategyLink.objects.filter(Q(page__in=sector_ids) | Q(target__in=sector_ids))),
        "targets": pages[TargetPage],
        **targets,
        "steps": next_steps(newest, steps, steps[0].page.as_of if steps else None),
        "steps_page": steps[0].page if steps else None,
        "lists": pages[NewsIndexPage] + pages[EventIndexPage],
        "latest": latest_items(newest, LATEST),
    }


#: The page types that the home page shows, and those of them whose own fields it needs.
PAGE_TYPES = (*ANSWERED_TYPES, FoundationPage, GrandChallengePage, SectorDealPage, NewsIndexPage, EventIndexPage)
RELATIONS = (
    *("sectorpage", "propositionpage", "timelinepage"),
    *(f"targetpage__{relation}" for relation in TargetPage.page_select_related),
)


def strategy_pages() -> dict[type[Page], list[Any]]:
    """The live pages the home page shows, by type, in order. One query.

    Each has ``proposition_count``: how many live propositions are linked to it.
    """
    links = StrategyLink.objects.filter(target=OuterRef("pk"), page__live=True, page__propositionpage__isnull=False)
    counted = links.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    pages = (
        Page.objects.live()
        .type(*PAGE_TYPES)
        .select_related(*RELATIONS)
        .annotate(proposition_count=Coalesce(Subquery(counted), 0))
        .order_by("path")
    )
    by_type: dict[type[Page], list[Any]] = {model: [] for model in PAGE_TYPES}
    for page in pages:
        model = page.cached_content_type.model_class()
        # The row of its own type where it was joined, else the plain page.
        specific = page._state.fields_cache.get(model._meta.model_name) or page
        specific.proposition_count = page.proposition_count
        by_type[model].append(specific)
    return by_type


def add_sector_notes(sectors: list[Any], branches: list[Any], propositions: list[Any]) -> list[Any]:
    """The sectors, each with a ``note`` on what it holds, and ``missing`` when that is nothing."""
    for sector in sectors:
        led = sum(proposition.lead_theme_id == sector.pk for proposition in propositions)
        below = sum(branch.path.startswith(sector.path) for branch in branches)
        sector.missing = sector.content_status == "stub" and not led
        parts = [count_with_noun(led, "proposition")]
        if below:
            parts.append(count_with_noun(below, "sub-sector"))
        sector.note = ", ".join(parts) if led else "No propositions yet"
    return sectors


def targets_text(rows: Iterable[dict[str, Any]]) -> str:
    """Return how the targets stand: “More jobs: on course. Five: not enough data.” for six of them."""
    by_status: dict[str, list[TargetPage]] = {}
    for row in rows:
        by_status.setdefault(str(row["status"]), []).append(row["target"])
    return " ".join(
        f"{of_status[0].title if len(of_status) == 1 else number_in_words(len(of_status)).capitalize()}: "
        f"{status[:1].lower()}{status[1:]}."
        for status, of_status in by_status.items()
    )


def next_steps(newest: Iterable[DatedItem], steps: Iterable[Step], as_of: date | None = None) -> list[dict[str, Any]]:
    """The last event that is over and known to the day, then the steps that follow it, as they stood at ``as_of``."""
    last = next((item for item in newest if item.is_event and item.is_past and item.date), None)
    items: list[dict[str, Any]] = []
    if last:
        items.append({"when": last.when, "title": last.title, "text": "", "url": last.url, "done": True, "note": ""})
    for step in steps:
        status = "" if step.status == step.Status.AHEAD else step.get_status_display()
        if status and as_of:
            status += f" in {partial_date(as_of, 'month')}"
        items.append(
            {
                "when": step.date_text or status,
                "title": step.title,
                "text": step.text,
                "url": "",
                "done": step.status == step.Status.DONE,
                "note": step.known,
            }
        )
    return items
