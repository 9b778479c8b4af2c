"""Template tags for evidence: figures, always with their rivals, and citations."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django import template

from nelis.evidence import citation_text
from nelis.evidence.figures import figure_rows, format_figure, format_number
from nelis.evidence.finding_groups import group_findings
from nelis.evidence.page_sources import flatten

register = template.Library()

CITATION = "components/cite.html"


@register.filter
def with_rivals(statistics: Iterable[Any]) -> list[Any]:
    """The live ones of ``statistics`` and of their rivals, in order; a list among them is a group of rivals already."""
    groups = (item if isinstance(item, list | tuple) else [item, *getattr(item, "rivals", ())] for item in statistics)
    return [statistic for group in groups for statistic in group if statistic.live]


@register.filter
def read_number(value: Any) -> str:
    """A number as it is read in Britain, “none given” where there is none."""
    return "none given" if value is None else format_number(value)


@register.inclusion_tag("components/figures.html")
def figures(
    statistics: Iterable[Any], lead: bool = False, sources: Iterable[Any] = (), short: bool = False
) -> dict[str, Any]:
    """A set of figures, two or three to a row; the first one large when ``lead``.

    A figure's source links to the page's own list of sources when it is among ``sources``. In ``short``, each leads
    to its own page, which says how to cite it, in place of saying that itself.
    """
    return {
        "rows": figure_rows(with_rivals(statistics), lead=lead),
        "linked": {source.pk for source in sources},
        "short": short,
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
    live = [statistic for statistic in flatten(statistics) if statistic.live]
    return {"figures": [(statistic, format_figure(statistic)) for statistic in live]}


@register.filter
def formatted(statistic: Any) -> Any:
    """The statistic as a ``Figure``: ``before``, ``main``, ``after``, ``text``, ``bar``."""
    return format_figure(statistic)


@register.inclusion_tag("components/figures.html")
def figure_as_published(statistic: Any) -> dict[str, Any]:
    """The draft of a figure as readers would see it, with its rivals when it is disputed."""
    # Pages leave out what isn't published; a preview shows what would be.
    shown = copy(statistic)
    shown.live = True
    return figures([shown])


@register.inclusion_tag(CITATION)
def cite_figure(statistic: Any, rivals: Iterable[Any] = ()) -> dict[str, str]:
    """One figure. ``rivals`` are the figures it is shown with, itself among them or not."""
    return {"ref": statistic.key, "text": citation_text.cite_figure(statistic, rivals)}


@register.inclusion_tag("components/cite_slip.html")
def cite_finding(finding: Any) -> dict[str, Any]:
    """One finding, whose source is fetched already."""
    return {"finding": finding, "text": citation_text.cite_finding(finding)}


@register.inclusion_tag(CITATION)
def cite_publication(source: Any) -> dict[str, str]:
    """The publication whose page this is."""
    return {"ref": "", "text": citation_text.cite_publication(source)}


register.filter("grouped", group_findings)


@register.filter
def is_rivals(shown: Any) -> bool:
    """Whether ``shown`` is a list of figures that rival each other for one fact, not a single figure."""
    return isinstance(shown, list)
