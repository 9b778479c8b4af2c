"""The figures a page shows and the sources it rests on."""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.models import Page

from nelis.evidence.models.sources import Source
from nelis.evidence.models.statistics import PageStatistic, Statistic, attach_rivals

__all__ = ["Shown", "body_statistics", "page_statistics", "sources_of"]

#: A figure, or all the rival figures disputed for one fact, by key.
Shown = Statistic | list[Statistic]


def page_statistics(pages: Iterable[Page], known: Mapping[int, Statistic] | None = None) -> dict[int, list[Shown]]:
    """Headline figures of each page, in order: a Statistic, or a list of rivals for a disputed fact.

    Two queries at most: the figures, and the rivals of disputed ones. One when ``known`` gives all live figures
    by key, with their rivals.
    """
    by_page: dict[int, list[Shown]] = {page.pk: [] for page in pages}
    found = PageStatistic.objects.filter(page__in=list(by_page), statistic__live=True).order_by("sort_order", "pk")
    if known is None:
        links = list(found.select_related("statistic__source", "statistic__geography"))
        attach_rivals(link.statistic for link in links)
    else:
        links = list(found)
        for link in links:
            link.statistic = known[link.statistic_id]
    seen: set[tuple[int, str]] = set()
    for link in links:
        statistic = link.statistic
        if statistic.rivals:
            # A fact is shown once on a page, even when several of its figures are headline figures.
            if (link.page_id, statistic.fact_key) in seen:
                continue
            seen.add((link.page_id, statistic.fact_key))
        by_page[link.page_id].append(_with_rivals(statistic))
    return by_page


def body_statistics(page: Any) -> list[Shown]:
    """The published figures in the text of ``page``; a disputed one as the list of all its rivals."""
    found = (block.value for block in page.body or () if block.block_type == "statistic")
    return [_with_rivals(statistic) for statistic in found if statistic is not None and statistic.live]


def sources_of(page: Any, statistics: Iterable[Any] = ()) -> list[Source]:
    """Published sources of ``page``, in the editor's order, then those of ``statistics``, each once.

    ``statistics`` may hold lists of rivals; their sources must be fetched already. One query.
    """
    links = page.source_links.filter(source__live=True).select_related("source").order_by("sort_order", "pk")
    sources = {link.source_id: link.source for link in links}
    for item in statistics:
        for statistic in item if isinstance(item, list | tuple) else [item]:
            if statistic.source_id and statistic.source.live:
                sources.setdefault(statistic.source_id, statistic.source)
    return list(sources.values())


def _with_rivals(statistic: Statistic) -> Shown:
    if not statistic.rivals:
        return statistic
    return sorted([statistic, *statistic.rivals], key=lambda one: one.key)
