"""Build charts: the summary, the table, and Vega-Lite specifications for wide and narrow screens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap
from typing import Any

from nelis.core.charts.theme import DASHES, FILLS, TOKENS, vega_config

Spec = dict[str, Any]

#: Width and font size of the drawing for wide and narrow screens. The narrow one fits 320 px.
WIDE, NARROW = (640, 14), (288, 13)
LINES = tuple(TOKENS[name] for name in ("ink", "accent", "blue", "green"))

_RISING, _FALLING, _DOTS = FILLS
#: The answers of a scale, from one end to the other, each with its fill; then those whose answer isn't shown.
STANCES: dict[str, str] = {
    "Strongly support": TOKENS["blue"],
    "Support": _RISING,
    "Neither": TOKENS["ground"],
    "Oppose": _FALLING,
    "Strongly oppose": TOKENS["accent"],
    "Unsure": _DOTS,
    "Hidden": TOKENS["rule"],
}


@dataclass(frozen=True)
class Table:
    """The data of a chart as a table. The first cell of each row is its heading."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Chart:
    """A chart before it is drawn. ``name`` (letters, digits, hyphens) is unique on the site."""

    name: str
    title: str
    #: What the drawing shows, in a sentence or two.
    summary: str
    table: Table
    #: Vega-Lite specifications; both empty when there is nothing to draw yet.
    wide: Spec = field(default_factory=dict)
    narrow: Spec = field(default_factory=dict)
    #: What is measured, under the title.
    subtitle: str = ""
    #: Whether anybody may take it away as files.
    is_public: bool = False


@dataclass(frozen=True)
class Series:
    """One line: its label, and values by day."""

    label: str
    points: Sequence[tuple[date, float]]


@dataclass(frozen=True)
class Bar:
    """One category and its value."""

    label: str
    value: float


@dataclass(frozen=True)
class Stances:
    """How many people took each stance on one question."""

    label: str
    counts: Mapping[str, int]


def line_chart(
    name: str, title: str, summary: str, series: Sequence[Series], *, unit: str, area: bool = False
) -> Chart:
    """Return a chart of at most four lines over time, each with its own dash and label; a single one may be an area."""
    if len(series) > len(DASHES):
        raise ValueError(f"A chart has room for {len(DASHES)} lines, not {len(series)}.")
    days = sorted({day for line in series for day, _ in line.points})
    values_by_line = [dict(line.points) for line in series]
    rows = [[day, *(values.get(day) for values in values_by_line)] for day in days]
    table = Table(table_caption(title, unit), ["Date", *(line.label for line in series)], rows)
    if len(days) < 2:
        return Chart(name, title, summary, table)
    wide, narrow = (_lines(series, area and len(series) == 1, *at) for at in (WIDE, NARROW))
    return Chart(name, title, summary, table, wide, narrow)


def bar_chart(name: str, title: str, summary: str, values: Sequence[Bar], *, unit: str, category: str = "") -> Chart:
    """Return a chart with one bar for each category, in the order of ``values``, with the value at its end."""
    table = Table(
        table_caption(title, unit), [category or "What", unit.capitalize()], [[bar.label, bar.value] for bar in values]
    )
    if not any(bar.value > 0 for bar in values):
        return Chart(name, title, summary, table)
    wide, narrow = (_bars(values, *at) for at in (WIDE, NARROW))
    return Chart(name, title, summary, table, wide, narrow)


def stance_chart(name: str, title: str, summary: str, rows: Sequence[Stances], *, category: str = "") -> Chart:
    """Return a chart with a bar for each question, divided by the shares of the stances, with its total as a label."""
    used = [stance for stance in STANCES if any(row.counts.get(stance) for row in rows)]
    unknown = {stance for row in rows for stance in row.counts} - set(STANCES)
    if unknown:
        raise ValueError(f"Unknown stances: {sorted(unknown)}")
    cells = [[row.label, *(row.counts.get(stance, 0) for stance in used), sum(row.counts.values())] for row in rows]
    table = Table(table_caption(title, "number of answers"), [category or "What", *used, "All answers"], cells)
    if not used:
        return Chart(name, title, summary, table)
    wide, narrow = (_stances(rows, used, *at) for at in (WIDE, NARROW))
    return Chart(name, title, summary, table, wide, narrow)


def table_caption(title: str, unit: str) -> str:
    """Return the caption of a table: the title, and what the numbers count."""
    # A title may be a question or a sentence.
    return f"{title} {unit.capitalize()}" if title.endswith((".", "?", "!")) else f"{title}: {unit}"


# --- Specifications --------------------------------------------------------------------------------


def base_spec(width: int, size: int, values: list[dict[str, Any]], **more: Any) -> Spec:
    """Return what all specifications share: width, theme and data."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 2,
        "config": vega_config(size),
        # Fields have fixed names: what people wrote is in values only, where nothing is evaluated.
        "data": {"values": values},
        **more,
    }


def _lines(series: Sequence[Series], area: bool, width: int, size: int) -> Spec:
    height = 300 if width == WIDE[0] else 220
    labels = [line.label for line in series]
    values = [{"s": line.label, "t": day.isoformat(), "v": value} for line in series for day, value in line.points]
    dates = {"title": None, "grid": False, "tickCount": 5 if width == WIDE[0] else 3, "labelSeparation": size * 2}
    x = {"field": "t", "type": "temporal", "scale": {"type": "utc"}, "axis": dates | _dates(values)}
    numbers = {"title": None, "domain": False, "ticks": False, "tickCount": 4, "format": ",~f"}
    y = {"field": "v", "type": "quantitative", "scale": {"zero": True, "nice": True}, "axis": numbers}
    by_series = {"field": "s", "type": "nominal", "legend": None}
    colour = by_series | {"scale": {"domain": labels, "range": [*LINES[: len(labels)]]}}
    dash = by_series | {"scale": {"domain": labels, "range": [list(dash) for dash in DASHES[: len(labels)]]}}
    lines: list[Spec] = [{"mark": {"type": "line"}, "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash}}]
    if area:
        lines.insert(0, {"mark": {"type": "area", "color": TOKENS["rule"]}, "encoding": {"x": x, "y": y}})
    # Each line is labelled at its end, on a broad background so that the label reads across other lines.
    ends = {"values": _spread_labels(_line_end_labels(series), height, size)}
    text = {"type": "text", "align": "right", "baseline": "bottom", "dy": -6, "fontWeight": "bold"}
    ground = {"stroke": TOKENS["ground"], "strokeWidth": 5, "color": TOKENS["ground"]}
    label = {"x": x, "y": y | {"field": "at"}, "text": {"field": "w"}}
    lines.append({"data": ends, "mark": text | ground, "encoding": label})
    lines.append({"data": ends, "mark": text, "encoding": label | {"color": colour}})
    return base_spec(width, size, values, height=height, layer=lines)


def _line_end_labels(series: Sequence[Series]) -> list[dict[str, Any]]:
    """Return the label at the end of each line: its last value, with the line's name where there are several."""
    ends = [(line.label, *max(line.points)) for line in series if line.points]
    return [
        {
            "s": label,
            "t": day.isoformat(),
            "v": value,
            "w": _number(value) if len(series) == 1 else f"{label} {_number(value)}",
        }
        for label, day, value in ends
    ]


def _dates(values: list[dict[str, Any]]) -> Spec:
    """Return the date format of the axis: months for 150 days or more, else days."""
    first, last = (date.fromisoformat(find(value["t"] for value in values)) for find in (min, max))
    return {"format": "%b %Y" if (last - first).days > 150 else "%-d %b"}


def _spread_labels(ends: list[dict[str, Any]], height: int, size: int) -> list[dict[str, Any]]:
    """Set where the end labels stand (``at``), each at least a line above the next."""
    top = max((end["v"] for end in ends), default=0) or 1
    step = top * (size + 4) / height
    below = None
    for end in sorted(ends, key=lambda end: end["v"]):
        end["at"] = end["v"] if below is None else max(end["v"], below + step)
        below = end["at"]
    return ends


def _bars(values: Sequence[Bar], width: int, size: int) -> Spec:
    band = _Band.of([bar.label for bar in values], width, size, size)
    rows = [{"i": i, "c": band.labels[i], "v": bar.value, "w": _number(bar.value)} for i, bar in enumerate(values)]
    y = band.scale
    # With room for the value at the end of the longest bar.
    domain = [0, max(bar.value for bar in values) * (1.15 if width == WIDE[0] else 1.3)]
    x = {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}}
    number = {"type": "text", "align": "left", "dx": 6, "dy": band.middle, "fontWeight": "bold"}
    layer = [
        {"mark": band.bar | {"color": TOKENS["blue"]}, "encoding": {"x": x, "y": y}},
        {"mark": number, "encoding": {"x": x, "y": y, "text": {"field": "w"}}},
        band.words,
    ]
    return base_spec(width, size, rows, height=band.height * len(values), layer=layer)


def _stances(rows: Sequence[Stances], used: list[str], width: int, size: int) -> Spec:
    band = _Band.of([_count_label(row) for row in rows], width, size, size * 1.5)
    values = [piece for i, row in enumerate(rows) for piece in _pieces(i, row, used, band.labels[i], width, size)]
    y = band.scale
    quantity = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    columns = 3 if width == WIDE[0] else 2
    fill = {
        "field": "s",
        "type": "nominal",
        "scale": {"domain": used, "range": [STANCES[stance] for stance in used]},
        "legend": {
            "orient": "top",
            "columns": columns,
            "columnPadding": 36,
            "symbolType": "square",
            "symbolStrokeColor": TOKENS["ink"],
        },
    }
    middle = {"x": quantity | {"field": "m"}, "y": y, "text": {"field": "w"}}
    segments_only = [{"filter": "isValid(datum.s)"}]
    number = {"type": "text", "dy": band.middle, "fontWeight": "bold"}
    # The number twice: first as a broad background, so that it reads on any pattern.
    ground = {"stroke": TOKENS["ground"], "strokeWidth": 5, "color": TOKENS["ground"]}
    pieces = {"x": quantity | {"field": "a"}, "x2": {"field": "b"}, "y": y, "color": fill}
    layer = [
        {
            "transform": segments_only,
            "mark": band.bar | {"stroke": TOKENS["ink"], "strokeWidth": 1},
            "encoding": pieces,
        },
        {"transform": segments_only, "mark": number | ground, "encoding": middle},
        {"transform": segments_only, "mark": number, "encoding": middle},
        band.words,
    ]
    return base_spec(width, size, values, height=band.height * len(rows), layer=layer)


def _count_label(row: Stances) -> str:
    whole = sum(row.counts.values())
    return f"{row.label} ({whole} answer{'' if whole == 1 else 's'})"


def _pieces(i: int, row: Stances, used: list[str], label: list[str], width: int, size: int) -> list[dict[str, Any]]:
    """Return the segments of one bar, each from ``a`` to ``b``, after a row for its label alone."""
    whole, start = sum(row.counts.values()), 0.0
    pieces: list[dict[str, Any]] = [{"i": i, "c": label, "a": 0, "b": 0, "m": 0, "s": None, "w": ""}]
    for stance in used:
        count = row.counts.get(stance, 0)
        if not count:
            continue
        end = start + count / whole
        # A number only where there is room.
        word = str(count) if (end - start) * width > size * 2 else ""
        pieces.append({"i": i, "c": [], "a": start, "b": end, "m": (start + end) / 2, "s": stance, "w": word})
        start = end
    return pieces


@dataclass(frozen=True)
class _Band:
    """The layout of a row: its label above, with as many lines as the longest needs, and its bar below."""

    labels: list[list[str]]
    height: float
    size: int
    thick: float

    @classmethod
    def of(cls, labels: Sequence[str], width: int, size: int, thick: float) -> "_Band":
        # Letters are narrower than 0.6 of their height.
        wrapped = [wrap(label, int(width / size / 0.6), max_lines=3, placeholder=" …") for label in labels]
        lines = max(len(label) for label in wrapped)
        return cls(wrapped, lines * size * 1.3 + thick + 20, size, thick)

    @property
    def middle(self) -> float:
        """The distance of the bar's middle from the row's middle."""
        return self.height / 2 - self.thick / 2 - 10

    @property
    def bar(self) -> Spec:
        return {"type": "bar", "height": self.thick, "yOffset": self.middle}

    @property
    def scale(self) -> Spec:
        order = {"domain": list(range(len(self.labels))), "paddingInner": 0, "paddingOuter": 0}
        return {"field": "i", "type": "ordinal", "axis": None, "scale": order}

    @property
    def words(self) -> Spec:
        # The last line stands on the bar.
        mark = {"type": "text", "align": "left", "baseline": "line-bottom", "lineHeight": self.size * 1.3}
        layer = {"mark": mark, "encoding": {"x": {"value": 0}, "y": self.scale, "text": {"field": "c"}}}
        layer["mark"] = mark | {
            "dy": {"expr": f"{self.middle - self.thick / 2 - 3:.1f} - (length(datum.c) - 1) * {self.size * 1.3:.1f}"}
        }
        return layer


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
