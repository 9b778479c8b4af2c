"""Tags that set statistics: one, a set, or a small list. Rivals for a fact always come together."""

from collections.abc import Iterable
from typing import Any

from django import template

from nelis.evidence.figures import figure_rows, format_figure
from nelis.evidence.models import Statistic

register = template.Library()


def with_rivals(statistics: Iterable[Any]) -> list[Any]:
    """The statistics in order and the live rivals of disputed ones; one query at most.

    A list among them is a group of rivals already complete, for which none is asked.
    """
    given: list[Any] = []
    alone: dict[str, int] = {}
    for item in statistics:
        # What a stream of blocks has fetched knows its rivals already.
        known = getattr(item, "rivals", None)
        group = item if isinstance(item, list | tuple) else [item, *(known or [])]
        live = [one for one in group if one.live]
        given += live
        if len(group) == 1 and known is None and live and live[0].status == "disputed" and live[0].fact_key:
            alone[live[0].fact_key] = live[0].pk
    if not alone:
        return given
    rivals = Statistic.objects.filter(live=True, status="disputed", fact_key__in=alone)
    known = {one.pk for one in given}
    return [*given, *rivals.exclude(pk__in=known).select_related("source", "geography")]


@register.inclusion_tag("components/figures.html")
def figures(statistics: Iterable[Any], lead: bool = False, sources: Iterable[Any] = ()) -> dict[str, Any]:
    """A set of figures, two or three to a row; the first one large when ``lead``.

    A figure's source links to the page's own list of sources when it is among ``sources``.
    """
    return {
        "rows": figure_rows(with_rivals(statistics), lead=lead),
        "linked": {source.pk for source in sources},
    }


@register.inclusion_tag("components/figures.html")
def figure(statistic: Any, sources: Iterable[Any] = ()) -> dict[str, Any]:
    """One figure by itself, with its rivals when it is disputed."""
    return figures([statistic], sources=sources)


@register.inclusion_tag("components/figures.html", takes_context=True)
def figure_in_text(context: template.Context, statistic: Any) -> dict[str, Any]:
    """The same inside body text: its source links to the page's list of ``sources``, where there is one."""
    return figures([statistic], sources=context.get("sources") or ())


@register.inclusion_tag("components/small_figures.html")
def small_figures(statistics: Iterable[Any]) -> dict[str, Any]:
    """A small list of figures: number and words, without period, place and source.

    For lists of pages that give all that themselves.
    """
    flat = [one for item in statistics for one in (item if isinstance(item, list) else [item])]
    return {"figures": [(one, format_figure(one)) for one in flat if one.live]}


@register.filter
def formatted(statistic: Any) -> Any:
    """The statistic taken apart for setting: ``before``, ``main``, ``after``, ``text``, ``bar``."""
    return format_figure(statistic)


@register.filter
def is_rivals(shown: Any) -> bool:
    """Whether ``shown`` is a list of figures that rival each other for one fact, not a single figure."""
    return isinstance(shown, list)
