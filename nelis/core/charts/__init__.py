"""Charts: described as data, drawn on the server, kept, and shown with a summary and a table beside the picture.

A caller builds a :class:`Chart` (``over_time``, ``bars`` or ``stances``) and gives it to ``shown`` for the template
``components/chart.html``. The picture is drawn elsewhere: ``shown`` and ``ask`` only note that one is wanted, and
``draw_waiting``, which a regular job calls, draws what waits. Until then readers see the summary and the table.
Nothing here loads the drawing library before the first picture is drawn.
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
