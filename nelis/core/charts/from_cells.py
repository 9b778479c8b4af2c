"""Charts of editors, from cells: lines, bars (single, grouped, stacked), dots with intervals, small multiples.

Series differ by dash or by filling, so that they read in black and white; labels stand on the drawing.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from nelis.core.charts.build import NARROW, WIDE, Chart, Spec, Table, base_spec
from nelis.core.charts.cells import Cells, CellsError
from nelis.core.charts.theme import DASHES, FILLS, TOKENS

#: The kinds of chart, as an editor reads them.
KINDS = {
    "line": "Lines: a value over time",
    "bar": "Bars: one value for each row",
    "grouped": "Grouped bars: several values for each row, side by side",
    "stacked": "Stacked bars: parts of a whole for each row",
    "dot": "Dots: a value for each row, with an interval if two more columns give its ends",
    "multiples": "Small multiples: a small line for each column",
}
_RISING, _FALLING, _DOTS = FILLS
_FILLINGS = (TOKENS["ink"], TOKENS["ground"], _RISING, _DOTS)
_GROUND = {"stroke": TOKENS["ground"], "strokeWidth": 4, "color": TOKENS["ground"]}

Row = dict[str, Any]


def cells_chart(kind: str, title: str, subtitle: str, summary: str, cells: Cells) -> Chart:
    """Return the chart of ``cells``. Raise CellsError where the kind doesn’t fit."""
    # The name follows from what it shows.
    check_fit(kind, cells)
    table = Table(
        subtitle or title,
        cells.columns,
        [[label, *line] for label, line in zip(cells.labels, cells.values, strict=True)],
    )
    wide, narrow = (_DRAW[kind](cells, *at) for at in (WIDE, NARROW))
    stem = sha256(repr((kind, title, subtitle, summary, cells)).encode()).hexdigest()[:16]
    return Chart(f"block-{stem}", title, summary, table, wide, narrow, subtitle=subtitle, is_public=True)


def check_fit(kind: str, cells: Cells) -> None:
    """Raise CellsError where ``cells`` can’t be shown as ``kind``."""
    columns, flat = len(cells.series), [value for line in cells.values for value in line if value is not None]
    if kind == "bar" and columns != 1:
        raise CellsError("Bars show one column of numbers. Choose grouped or stacked bars for several.")
    if kind == "dot" and columns not in (1, 3):
        raise CellsError("Dots show one column of numbers, or three: the value and both ends of its interval.")
    if kind in ("line", "multiples") and len(cells.labels) < 2:
        raise CellsError("A line needs two rows at least.")
    if kind in ("bar", "grouped", "stacked") and min(flat) < 0:
        raise CellsError("Bars start at nought. Show values below it as lines or dots.")


def _long(cells: Cells) -> list[Row]:
    """One row for each value, in order, with its label (c), series (s), place (i) and number in words (w)."""
    return [
        {"i": number, "c": label, "s": series, "v": float(value), "w": f"{value:,f}"}
        for number, (label, line) in enumerate(zip(cells.labels, cells.values, strict=True))
        for series, value in zip(cells.series, line, strict=True)
        if value is not None
    ]


def _across(cells: Cells, width: int) -> Spec:
    """The axis of labels below a line: as many as have room."""
    every = max(1, len(cells.labels) * 60 // width)
    shown = [label for number, label in enumerate(cells.labels) if (len(cells.labels) - 1 - number) % every == 0]
    axis = {"title": None, "grid": False, "labelAngle": 0, "values": shown, "labelOverlap": True}
    return {"field": "c", "type": "ordinal", "sort": None, "scale": {"type": "point"}, "axis": axis}


def _up() -> Spec:
    axis = {"title": None, "domain": False, "ticks": False, "tickCount": 4, "format": ",~f"}
    return {"field": "v", "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": axis}


def _line(cells: Cells, width: int, size: int) -> Spec:
    rows, x, y = _long(cells), _across(cells, width), _up()
    series = {"field": "s", "type": "nominal", "legend": None}
    dashes = {"domain": cells.series, "range": [list(dash) for dash in DASHES[: len(cells.series)]]}
    line = {
        "mark": {"type": "line", "color": TOKENS["ink"]},
        "encoding": {"x": x, "y": y, "detail": series, "strokeDash": series | {"scale": dashes}},
    }
    last = {name: row for row in rows for name in [row["s"]]}
    ends = [row | {"w": f"{row['s']} {row['w']}"} for row in last.values()]
    return base_spec(width, size, rows, height=300 if width == WIDE[0] else 220, layer=[line, *_labels(ends, x, y)])


def _labels(rows: Sequence[Row], x: Spec, y: Spec) -> list[Spec]:
    """Words at the ends of lines, each a line’s height from the next."""
    mark = {"type": "text", "align": "right", "baseline": "bottom", "dy": -6, "fontWeight": "bold"}
    encoding = {"x": x, "y": y, "text": {"field": "w"}}
    return [{"data": {"values": list(rows)}, "mark": mark | look, "encoding": encoding} for look in (_GROUND, {})]


def _bars(cells: Cells, width: int, size: int) -> Spec:
    """Bars side by side, each with its number; the label of the row above them."""
    count, thick = len(cells.series), size * 1.1
    step = size * 1.6 + count * (thick + 3) + 14
    rows = _long(cells)
    for row in rows:
        row["y"] = row["i"] * step + size * 1.6 + cells.series.index(row["s"]) * (thick + 3) + thick / 2
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, step * len(cells.labels)], "reverse": True, "nice": False},
    }
    highest = max(row["v"] for row in rows) or 1
    x = {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": [0, highest * 1.3], "nice": False}}
    filling = _filling(cells.series)
    bar = {"type": "bar", "orient": "horizontal", "height": thick, "stroke": TOKENS["ink"], "strokeWidth": 1}
    number = {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"}
    heads = [{"c": label, "y": number_ * step + size * 0.8} for number_, label in enumerate(cells.labels)]
    layers = [
        {"mark": bar, "encoding": {"x": x, "x2": {"datum": 0}, "y": y, "fill": filling}},
        {"mark": number, "encoding": {"x": x, "y": y, "text": {"field": "w"}}},
        _heads(heads, y),
    ]
    return base_spec(width, size, rows, height=step * len(cells.labels), layer=layers)


def _stacked(cells: Cells, width: int, size: int) -> Spec:
    """One bar a row, in pieces with their numbers; its length is the sum."""
    thick = size * 1.6
    step = size * 1.6 + thick + 16
    rows: list[Row] = []
    highest = 1.0
    for number, (label, line) in enumerate(zip(cells.labels, cells.values, strict=True)):
        start = 0.0
        for series, value in zip(cells.series, line, strict=True):
            if value:
                end = start + float(value)
                rows.append(
                    {
                        "c": label,
                        "s": series,
                        "a": start,
                        "b": end,
                        "m": (start + end) / 2,
                        "v": float(value),
                        "w": f"{value:,f}",
                        "y": number * step + size * 1.6 + thick / 2,
                    }
                )
                start = end
        highest = max(highest, start)
    for row in rows:
        # A number only where there is room.
        if (row["b"] - row["a"]) / highest * width < size * (len(row["w"]) * 0.6 + 0.6):
            row["w"] = ""
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, step * len(cells.labels)], "reverse": True, "nice": False},
    }
    quantity = {"type": "quantitative", "axis": None, "scale": {"domain": [0, highest], "nice": False}}
    bar = {"type": "bar", "orient": "horizontal", "height": thick, "stroke": TOKENS["ink"], "strokeWidth": 1}
    middle = {"x": quantity | {"field": "m"}, "y": y, "text": {"field": "w"}}
    text = {"type": "text", "fontWeight": "bold"}
    heads = [{"c": label, "y": number * step + size * 0.8} for number, label in enumerate(cells.labels)]
    layers = [
        {
            "mark": bar,
            "encoding": {"x": quantity | {"field": "a"}, "x2": {"field": "b"}, "y": y, "fill": _filling(cells.series)},
        },
        {"mark": text | _GROUND, "encoding": middle},
        {"mark": text, "encoding": middle},
        _heads(heads, y),
    ]
    return base_spec(width, size, rows, height=step * len(cells.labels), layer=layers)


def _dots(cells: Cells, width: int, size: int) -> Spec:
    """A dot a row on one scale, with the interval that two more columns give."""
    step = size * 3.4
    rows = []
    for number, (label, line) in enumerate(zip(cells.labels, cells.values, strict=True)):
        if line[0] is None:
            continue
        row: Row = {"c": label, "v": float(line[0]), "w": f"{line[0]:,f}", "y": number * step + size * 2.2}
        if len(line) == 3 and line[1] is not None and line[2] is not None:
            row |= {"low": float(line[1]), "high": float(line[2])}
        rows.append(row)
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, step * len(cells.labels)], "reverse": True, "nice": False},
    }
    axis = {"title": None, "domain": False, "ticks": False, "tickCount": 4, "format": ",~f"}
    x = {"field": "v", "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": axis}
    interval = [row for row in rows if "low" in row]
    layers: list[Spec] = []
    if interval:
        data = {"values": interval}
        layers.append(
            {
                "data": data,
                "mark": {"type": "rule", "color": TOKENS["ink"], "strokeWidth": 1.75},
                "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y},
            }
        )
    dot = {"type": "point", "filled": True, "opacity": 1, "color": TOKENS["ink"], "size": 80}
    figure = {"type": "text", "baseline": "top", "dy": 7, "fontWeight": "bold"}
    layers += [
        {"mark": dot, "encoding": {"x": x, "y": y}},
        {"mark": figure, "encoding": {"x": x, "y": y, "text": {"field": "w"}}},
        _heads([{"c": row["c"], "y": row["y"] - size * 1.3} for row in rows], y),
    ]
    return base_spec(width, size, rows, height=step * len(cells.labels), layer=layers)


def _multiples(cells: Cells, width: int, size: int) -> Spec:
    """A small line for each column, one below the other, all on the same axes."""
    rows = _long(cells)
    values = [row["v"] for row in rows]
    y = _up() | {"scale": {"domain": [min(values), max(values)], "nice": True, "zero": False}}
    y["axis"] = y["axis"] | {"tickCount": 2}
    panels = []
    for series in cells.series:
        mine = [row for row in rows if row["s"] == series]
        x = _across(cells, width)
        if series != cells.series[-1]:
            x["axis"] = x["axis"] | {"labels": False}
        layers = [
            {"mark": {"type": "line", "color": TOKENS["ink"]}, "encoding": {"x": x, "y": y}},
            *_labels([mine[-1] | {"w": mine[-1]["w"]}] if mine else [], x, y),
        ]
        title = {"text": series, "anchor": "start", "color": TOKENS["ink"], "fontSize": size}
        panels.append({"data": {"values": mine}, "title": title, "width": width - 60, "height": 90, "layer": layers})
    spec = base_spec(width, size, rows, vconcat=panels)
    del spec["width"], spec["autosize"]
    return spec


def _filling(series: Sequence[str]) -> Spec:
    """A filling for each series, with a legend where there are several."""
    legend = {"orient": "top", "columns": 2, "symbolType": "square", "symbolStrokeColor": TOKENS["ink"]}
    scale = {"domain": list(series), "range": list(_FILLINGS[: len(series)])}
    return {"field": "s", "type": "nominal", "scale": scale, "legend": legend if len(series) > 1 else None}


def _heads(rows: Sequence[Row], y: Spec) -> Spec:
    """The labels of rows, at their left."""
    mark = {"type": "text", "align": "left", "baseline": "middle"}
    return {
        "data": {"values": list(rows)},
        "mark": mark,
        "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "c"}},
    }


_DRAW: dict[str, Callable[[Cells, int, int], Spec]] = {
    "line": _line,
    "bar": _bars,
    "grouped": _bars,
    "stacked": _stacked,
    "dot": _dots,
    "multiples": _multiples,
}
