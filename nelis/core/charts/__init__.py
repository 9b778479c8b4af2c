"""Charts: built as data, drawn on the server, cached, and shown with a summary and a table.

A caller builds a :class:`Chart` (``line_chart``, ``bar_chart`` or ``stance_chart``) and passes it through
``rendered_chart`` to the template ``components/chart.html``. ``rendered_chart`` and ``request_drawing`` only request
the drawing; the periodic task calls ``draw_pending``. Until then readers see the summary and the table. Nothing here
loads the drawing library before the first drawing.
"""

from nelis.core.charts.build import (
    STANCES,
    Bar,
    Chart,
    Series,
    Stances,
    Table,
    bar_chart,
    line_chart,
    stance_chart,
    table_caption,
)
from nelis.core.charts.cache import RenderedChart, draw_pending, rendered_chart, rendered_charts, request_drawing

__all__ = [
    "STANCES",
    "Bar",
    "Chart",
    "RenderedChart",
    "Series",
    "Stances",
    "Table",
    "bar_chart",
    "draw_pending",
    "line_chart",
    "rendered_chart",
    "rendered_charts",
    "request_drawing",
    "stance_chart",
    "table_caption",
]
