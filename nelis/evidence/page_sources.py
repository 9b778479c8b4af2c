"""The figures a page shows and the sources it rests on."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, FilteredRelation, Q
from wagtail.models import Page

from nelis.evidence.models.sources import Source
from nelis.evidence.models.statistics import Statistic

__all__ = ["FigureOrRivals", "body_statistics", "flatten", "not_in_text", "page_sources", "page_statistics"]

#: A figure, or all the rival figures disputed for one fact, by key.
FigureOrRivals = Statistic | list[Statistic]


def page_statistics(pages: Iterable[Page]) -> dict[int, list[FigureOrRivals]]:
    """Headline figures of each page, in order: a Statistic, or a list of rivals for a disputed fact. One query."""
    by_page: dict[int, list[FigureOrRivals]] = {page.pk: [] for page in pages}
    seen: set[tuple[int, str]] = set()
    for page, statistic in _shown_on(list(by_page)):
        if statistic.rivals:
            # A fact is shown once on a page, even when several of its figures are headline figures.
            if (page, statistic.fact_key) in seen:
                continue
            seen.add((page, statistic.fact_key))
        by_page[page].append(_with_rivals(statistic))
    return by_page


def _shown_on(pages: list[int]) -> list[tuple[int, Statistic]]:
    """(key of a page, a headline figure on it with its rivals), page by page in the editor's order. One query."""
    if not pages:
        return []
    live = Statistic.objects.filter(live=True)
    disputed = live.filter(status=Statistic.Status.DISPUTED).exclude(fact_key="")
    facts = disputed.filter(page_links__page__in=pages).values("fact_key")
    # One row for each page that shows it, and one for a rival that none of them shows.
    found = (
        live.alias(shown=FilteredRelation("page_links", condition=Q(page_links__page__in=pages)))
        .filter(Q(shown__isnull=False) | Q(pk__in=disputed.filter(fact_key__in=facts).values("pk")))
        .annotate(on_page=F("shown__page"), place=F("shown__sort_order"), link=F("shown__pk"))
        .select_related("source", "geography")
        .order_by("place", "link")
    )
    statistics = list(found)
    of_fact: dict[str, dict[int, Statistic]] = {}
    for one in statistics:
        if one.is_disputed and one.fact_key:
            of_fact.setdefault(one.fact_key, {}).setdefault(one.pk, one)
    for one in statistics:
        rivals = of_fact.get(one.fact_key, {}) if one.is_disputed else {}
        one.rivals = [other for key, other in rivals.items() if key != one.pk]
    return [(one.on_page, one) for one in statistics if one.on_page is not None]


def body_statistics(page: Any) -> list[FigureOrRivals]:
    """The published figures in the text of ``page``; a disputed one as the list of all its rivals."""
    found = (block.value for block in page.body or () if block.block_type == "statistic")
    return [_with_rivals(statistic) for statistic in found if statistic is not None and statistic.live]


def flatten(shown: Iterable[FigureOrRivals]) -> list[Statistic]:
    """Every figure, rivals one by one."""
    return [one for item in shown for one in (item if isinstance(item, list | tuple) else [item])]


def not_in_text(headline: Iterable[FigureOrRivals], in_text: Iterable[FigureOrRivals]) -> list[FigureOrRivals]:
    """The ``headline`` figures that a text with the figures ``in_text`` doesn't set already."""
    set_already = {one.pk for one in flatten(in_text)}
    return [item for item in headline if not set_already.issuperset(one.pk for one in flatten([item]))]


def page_sources(page: Any, statistics: Iterable[Any] = ()) -> list[Source]:
    """Published sources of ``page``, in the editor's order, then those of ``statistics``, each once.

    ``statistics`` may hold lists of rivals; their sources must be fetched already. One query.
    """
    links = page.source_links.filter(source__live=True).select_related("source").order_by("sort_order", "pk")
    sources = {link.source_id: link.source for link in links}
    for statistic in flatten(statistics):
        if statistic.source and statistic.source.live:
            sources.setdefault(statistic.source_id, statistic.source)
    return list(sources.values())


def _with_rivals(statistic: Statistic) -> FigureOrRivals:
    if not statistic.rivals:
        return statistic
    return sorted([statistic, *statistic.rivals], key=lambda one: one.key)
