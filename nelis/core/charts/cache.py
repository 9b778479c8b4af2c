"""Cache the drawings of charts: requested by the view that shows a chart, drawn by a periodic task.

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
from django.utils.html import escape

from nelis.core.charts import theme
from nelis.core.charts.build import Chart, Table
from nelis.core.charts.sanitise import sanitise_svg
from nelis.core.models import ContentVersion, DrawnChart

logger = logging.getLogger(__name__)
#: After so many failures a drawing is given up: the summary and the table stand without it.
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class RenderedChart:
    """A chart for the template ``components/chart.html``; without drawings until they are drawn."""

    name: str
    title: str
    summary: str
    table: Table
    wide: str = ""
    narrow: str = ""
    subtitle: str = ""
    is_public: bool = False


def fingerprint(chart: Chart) -> str:
    """Return the SHA-256 of what the drawing is made of: the chart's data and the theme."""
    parts = [theme.THEME_VERSION, theme.TOKENS, theme.FILLS, chart.wide, chart.narrow]
    if chart.is_public:
        parts.append(_description(chart))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def request_drawing(chart: Chart) -> DrawnChart | None:
    """Return the row of the chart's drawing, created for the periodic task if it is new; None without data."""
    if not chart.wide:
        return None
    key = {"name": chart.name, "fingerprint": fingerprint(chart)}
    # The file for others is read only where it is given out.
    rows = DrawnChart.objects.defer("png")
    if row := rows.filter(**key).first():
        return row
    content: dict[str, Any] = {"wide_spec": chart.wide, "narrow_spec": chart.narrow, "is_public": chart.is_public}
    if chart.is_public:
        content["description"] = _description(chart)
    try:
        with transaction.atomic():
            return DrawnChart.objects.create(**key, **content)
    except IntegrityError:  # another process requested it at the same moment
        return rows.filter(**key).first()


def _description(chart: Chart) -> dict[str, Any]:
    """What the files of a public chart say with its drawing."""
    return {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "summary": chart.summary,
        "columns": [str(column) for column in chart.table.columns],
        "rows": [["" if cell is None else str(cell) for cell in row] for row in chart.table.rows],
    }


def rendered_chart(chart: Chart) -> RenderedChart:
    """Return ``chart`` with its drawings if there are any; else without, and request them. One query."""
    return _rendered(chart, request_drawing(chart))


def rendered_charts(charts: Iterable[Chart]) -> dict[str, RenderedChart]:
    """Return the same for many charts with different names, by name. One query, once all have been requested."""
    charts = list(charts)
    fingerprints = {chart.name: fingerprint(chart) for chart in charts if chart.wide}
    candidates = DrawnChart.objects.defer("png").filter(name__in=[*fingerprints])
    rows = {row.name: row for row in candidates if row.fingerprint == fingerprints[row.name]}
    missing = [chart for chart in charts if chart.wide and chart.name not in rows]
    rows |= {chart.name: row for chart in missing if (row := request_drawing(chart))}
    return {chart.name: _rendered(chart, rows.get(chart.name)) for chart in charts}


def _rendered(chart: Chart, row: DrawnChart | None) -> RenderedChart:
    return RenderedChart(
        chart.name,
        chart.title,
        chart.summary,
        chart.table,
        row.wide if row else "",
        row.narrow if row else "",
        chart.subtitle,
        chart.is_public,
    )


def draw_pending(limit: int = 100) -> int:
    """Draw the requested charts, delete drawings that newer ones replace, and return how many were drawn.

    For a periodic task, in a process that answers no requests. Two at once are harmless: they draw the same.
    """
    drawn = sum(_draw(row) for row in DrawnChart.objects.filter(drawn_at=None, attempts__lt=MAX_ATTEMPTS)[:limit])
    if drawn:
        # Pages cached without the drawing expire.
        ContentVersion.bump()
    return drawn


def _draw(row: DrawnChart) -> bool:
    DrawnChart.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
    prefix = f"chart-{row.name}"
    try:
        wide, narrow = render_svg(row.wide_spec, f"{prefix}-w"), render_svg(row.narrow_spec, f"{prefix}-n")
        png = render_png(row.wide_spec) if row.is_public else b""
    except ValueError as error:
        # The data is in the row; the library's message may repeat it, so it isn't logged.
        logger.error("The chart %s can't be drawn: %s", row.name, type(error).__name__)
        return False
    with transaction.atomic():
        now = timezone.now()
        DrawnChart.objects.filter(pk=row.pk).update(wide=wide, narrow=narrow, png=png, drawn_at=now)
        DrawnChart.objects.filter(name=row.name, requested_at__lt=row.requested_at).delete()
    return True


def render_svg(spec: dict[str, Any], prefix: str) -> str:
    """Draw ``spec`` and sanitise the SVG. Loads the drawing library: not for processes that answer requests."""
    import vl_convert

    # No URL may be fetched, whatever a specification says.
    return sanitise_svg(vl_convert.vegalite_to_svg(spec, vl_version="v5.20", allowed_base_urls=[]), prefix)


def render_png(spec: dict[str, Any]) -> bytes:
    """Draw ``spec`` as a picture on the ground of the light scheme. Not for processes that answer requests either."""
    import vl_convert

    # The patterns are made in ``sanitise``; in a picture their colours stand for them.
    text = json.dumps(spec | {"config": spec.get("config", {}) | {"background": theme.TOKENS["ground"]}})
    for fill, (_pattern, token) in theme.FILLS.items():
        text = text.replace(fill, theme.TOKENS[token])
    on_ground = json.loads(text)
    picture: bytes = vl_convert.vegalite_to_png(on_ground, vl_version="v5.20", scale=2, allowed_base_urls=[])
    return picture


def standalone_svg(svg: str, description: dict[str, Any]) -> str:
    """Return a drawing as a file of its own: with its title and what it shows, and in its own colours."""
    words = f"<title>{escape(description['title'])}</title><desc>{escape(description['summary'])}</desc>"
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" ', 1)
    return named.replace(">", f">{words}", 1)
