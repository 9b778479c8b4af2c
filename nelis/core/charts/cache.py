"""Drawings that are kept: asked for by whoever shows a chart, made by a regular job, found by what they were made of.

Loading the drawing library takes 100 MB and the first drawing almost half a second, so no process that answers
requests does it.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from nelis.core.charts import theme
from nelis.core.charts.build import Chart, Table
from nelis.core.charts.sanitise import sanitise_svg
from nelis.core.models.charts import DrawnChart
from nelis.core.models.content_version import ContentVersion

__all__ = [
    "RenderedChart",
    "draw_pending",
    "fingerprint",
    "render_svg",
    "rendered_chart",
    "rendered_charts",
    "request_drawing",
]

logger = logging.getLogger(__name__)
#: After so many failures a drawing is given up: the words and the table stand without it.
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class RenderedChart:
    """A chart as ``components/chart.html`` takes it. Without pictures while it waits to be drawn."""

    name: str
    title: str
    summary: str
    table: Table
    wide: str = ""
    narrow: str = ""


def fingerprint(chart: Chart) -> str:
    """Says in 64 hexadecimal digits what a drawing is made of: its data and the look of all charts."""
    made_of = [theme.THEME_VERSION, theme.TOKENS, theme.FILLS, chart.wide, chart.narrow]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def request_drawing(chart: Chart) -> DrawnChart | None:
    """The row that holds the drawing of ``chart``, added to those that wait if it is new. None: nothing to draw."""
    if not chart.wide:
        return None
    key = {"name": chart.name, "fingerprint": fingerprint(chart)}
    if found := DrawnChart.objects.filter(**key).first():
        return found
    try:
        with transaction.atomic():
            return DrawnChart.objects.create(**key, wide_spec=chart.wide, narrow_spec=chart.narrow)
    except IntegrityError:  # somebody else asked at the same moment
        return DrawnChart.objects.filter(**key).first()


def rendered_chart(chart: Chart) -> RenderedChart:
    """``chart`` with its pictures if they are drawn; else without, and they are asked for. One query."""
    return _rendered(chart, request_drawing(chart))


def rendered_charts(charts: Iterable[Chart]) -> dict[str, RenderedChart]:
    """The same for many charts with different names, by their names. One query, once they have been asked for."""
    wanted = list(charts)
    prints = {one.name: fingerprint(one) for one in wanted if one.wide}
    rows = DrawnChart.objects.filter(name__in=[*prints])
    found = {row.name: row for row in rows if row.fingerprint == prints[row.name]}
    missing = [one for one in wanted if one.wide and one.name not in found]
    found |= {one.name: row for one in missing if (row := request_drawing(one))}
    return {one.name: _rendered(one, found.get(one.name)) for one in wanted}


def _rendered(chart: Chart, row: DrawnChart | None) -> RenderedChart:
    pictures = {"wide": row.wide, "narrow": row.narrow} if row else {}
    return RenderedChart(chart.name, chart.title, chart.summary, chart.table, **pictures)


def draw_pending(limit: int = 100) -> int:
    """Draw what waits, and drop drawings that newer ones have replaced. How many were drawn.

    For a regular job, in a process that answers no requests. Safe to run twice at once: the same drawing results.
    """
    drawn = sum(_draw(row) for row in DrawnChart.objects.filter(drawn_at=None, attempts__lt=MAX_ATTEMPTS)[:limit])
    if drawn:
        # Pages that were kept without the picture are made anew.
        ContentVersion.bump()
    return drawn


def _draw(row: DrawnChart) -> bool:
    DrawnChart.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
    prefix = f"chart-{row.name}"
    try:
        wide, narrow = render_svg(row.wide_spec, f"{prefix}-w"), render_svg(row.narrow_spec, f"{prefix}-n")
    except ValueError as error:
        # What the data says is in the row; the message of the library may repeat it, so it isn't logged.
        logger.error("The chart %s can't be drawn: %s", row.name, type(error).__name__)
        return False
    with transaction.atomic():
        now = timezone.now()
        DrawnChart.objects.filter(pk=row.pk).update(wide=wide, narrow=narrow, drawn_at=now)
        DrawnChart.objects.filter(name=row.name, requested_at__lt=row.requested_at).delete()
    return True


def render_svg(spec: dict[str, Any], prefix: str) -> str:
    """The drawing itself, tidied. Loads the drawing library: not for processes that answer requests."""
    import vl_convert  # 100 MB: see above

    # No address may be fetched from, whatever a specification says.
    return sanitise_svg(vl_convert.vegalite_to_svg(spec, vl_version="v5.20", allowed_base_urls=[]), prefix)
