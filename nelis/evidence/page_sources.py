"""The figures a page shows and the sources it rests on."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, FilteredRelation, Q
from wagtail.models import Page

from nelis.evidence.models import Source, Statistic

#: A figure, or all the rival figures disputed for one fact, by key.
FigureOrRivals = Statistic | list[Statistic]


def page_statistics(pages: Iterable[Page]) -> dict[int, list[FigureOrRivals]]:
    """Headline figures of each page, in order: a Statistic, or a list of rivals for a disputed fact. One query."""
    by_page: dict[int, list[FigureOrRivals]] = {page.pk: [] for page in pages}
    seen: set[tuple[int, str]] = set()
    for page, statistic in _headline_figures(list(by_page)):
        if statistic.rivals:
            # A fact is shown once on a page, even when several of its figures are headline figures.
            if (page, statistic.fact_key) in seen:
                continue
            seen.add((page, statistic.fact_key))
        by_page[page].append(_figure_or_rivals(statistic))
    return by_page


def _headline_figures(pages: list[int]) -> list[tuple[int, Statistic]]:
    """(key of a page, a headline figure on it with its rivals), page by page in the editor's order. One query."""
    if not pages:
        return []
    live = Statistic.objects.filter(live=True)
    disputed = live.filter(status=Statistic.Status.DISPUTED).exclude(fact_key="")
    facts = disputed.filter(page_links__page__in=pages).values("fact_key")
    # One row for each page that shows it, and one for a rival that none of them shows.
    statistics = list(
        live.alias(shown=FilteredRelation("page_links", condition=Q(page_links__page__in=pages)))
        .filter(Q(shown__isnull=False) | Q(pk__in=disputed.filter(fact_key__in=facts).values("pk")))
        .annotate(on_page=F("shown__page"), place=F("shown__sort_order"), link=F("shown__pk"))
        .select_related("source", "geography")
        .order_by("place", "link")
    )
    by_pk = {statistic.pk: statistic for statistic in statistics}
    Statistic.attach_rivals(statistics, among=by_pk.values())
    return [(statistic.on_page, statistic) for statistic in statistics if statistic.on_page is not None]


def body_statistics(page: Any) -> list[FigureOrRivals]:
    """The published figures in the text of ``page``; a disputed one as the list of all its rivals."""
    found = (block.value for block in page.body or () if block.block_type == "statistic")
    return [_figure_or_rivals(statistic) for statistic in found if statistic is not None and statistic.live]


def flatten(figures: Iterable[FigureOrRivals]) -> list[Statistic]:
    """Every figure, rivals one by one."""
    return [statistic for item in figures for statistic in (item if isinstance(item, list | tuple) else [item])]


def not_in_text(headline: Iterable[FigureOrRivals], in_text: Iterable[FigureOrRivals]) -> list[FigureOrRivals]:
    """The ``headline`` figures that a text with the figures ``in_text`` doesn't show already."""
    shown = {statistic.pk for statistic in flatten(in_text)}
    return [item for item in headline if not shown.issuperset(statistic.pk for statistic in flatten([item]))]


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


def _figure_or_rivals(statistic: Statistic) -> FigureOrRivals:
    return statistic.with_rivals if statistic.rivals else statistic
