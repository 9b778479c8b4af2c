"""Tags that set statistics: one, a set, or a small list. Rivals for a fact always come together."""

from collections.abc import Iterable
from typing import Any

from django import template

from nelis.evidence.figures import arrange, compose
from nelis.evidence.models import Statistic

register = template.Library()


def with_rivals(statistics: Iterable[Any]) -> list[Any]:
    """The statistics in order, each disputed one followed by its live rivals; one query at most."""
    given = [statistic for statistic in statistics if statistic.live]
    facts = {one.fact_key for one in given if one.status == "disputed"} - {""}
    if not facts:
        return given
    known = {one.pk for one in given}
    rivals = (
        Statistic.objects.filter(live=True, status="disputed", fact_key__in=facts)
        .exclude(pk__in=known)
        .select_related("source", "geography")
    )
    return [*given, *rivals]


@register.inclusion_tag("components/figures.html")
def figures(
    statistics: Iterable[Any], lead: bool = False, sources: Iterable[Any] = ()
) -> dict[str, Any]:
    """A set of figures, two or three to a row; the first one large when ``lead``.

    A figure's source links to the page's own list of sources when it is among ``sources``.
    """
    return {
        "rows": arrange(with_rivals(statistics), lead=lead),
        "linked": {source.pk for source in sources},
    }


@register.inclusion_tag("components/figures.html")
def figure(statistic: Any, sources: Iterable[Any] = ()) -> dict[str, Any]:
    """One figure by itself, with its rivals when it is disputed."""
    return figures([statistic], sources=sources)


@register.inclusion_tag("components/minis.html")
def minis(statistics: Iterable[Any]) -> dict[str, Any]:
    """A small list of figures: number and words, without period, place and source.

    For lists of pages that give all that themselves.
    """
    return {"figures": [(one, compose(one)) for one in statistics if one.live]}


@register.filter
def composed(statistic: Any) -> Any:
    """The statistic taken apart for setting: ``before``, ``main``, ``after``, ``text``, ``bar``."""
    return compose(statistic)
