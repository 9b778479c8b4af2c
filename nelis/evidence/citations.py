"""The sources a page rests on: its own, and those of the figures it shows."""

from collections.abc import Iterable
from typing import Any

from nelis.evidence.models.sources import Source
from nelis.evidence.models.statistics import Statistic

__all__ = ["body_statistics", "sources_of"]


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


def body_statistics(page: Any) -> list[Statistic | list[Statistic]]:
    """The published figures in the text of ``page``; a disputed one as the list of all its rivals."""
    found: list[Statistic | list[Statistic]] = []
    for block in page.body or ():
        statistic = block.value if block.block_type == "statistic" else None
        if statistic is not None and statistic.live:
            found.append([statistic, *statistic.rivals] if statistic.is_disputed else statistic)
    return found
