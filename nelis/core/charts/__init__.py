"""Charts: described as data, drawn on the server, kept, and shown with a summary and a table beside the picture.

A caller builds a :class:`Chart` (``over_time``, ``bars`` or ``stances``) and gives it to ``shown`` for the template
``components/chart.html``. The picture is drawn elsewhere: ``shown`` and ``ask`` only note that one is wanted, and
``draw_waiting``, which a regular job calls, draws what waits. Until then readers see the summary and the table.
Nothing here loads the drawing library before the first picture is drawn.
"""

from nelis.core.charts.build import STANCES, Bar, Chart, Series, Stances, Table, bars, caption, over_time, stances
from nelis.core.charts.keep import ShownChart, ask, draw_waiting, shown, shown_all

__all__ = [
    "STANCES",
    "Bar",
    "Chart",
    "Series",
    "ShownChart",
    "Stances",
    "Table",
    "ask",
    "bars",
    "caption",
    "draw_waiting",
    "over_time",
    "shown",
    "shown_all",
    "stances",
]
