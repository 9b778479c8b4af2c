"""Plots over time, put together from marks: lines, dots, intervals, required paths, bands and direct labels.

Each mark differs from the others in more than colour. Labels stand on a broad line of the ground’s colour, so that
they read across what lies under them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from nelis.core.charts.build import NARROW, WIDE, Chart, Spec, Table, base_spec
from nelis.core.charts.theme import TOKENS

Kind = Literal["line", "second", "thin", "path", "dots", "open", "faint", "whiskers", "band", "goal", "span"]
#: Where the words of a label stand from its place.
Side = Literal["above", "below", "left", "right", "on", "under"]


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a mark: a day and a value, or a range of values, or a span of days that ends at ``to``."""

    day: date
    value: float = 0
    low: float | None = None
    high: float | None = None
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One layer of a plot."""

    kind: Kind
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place of the plot. ``side`` is where they stand from it; only a ``main`` one is on small plots."""

    day: date
    value: float
    text: str
    side: Side = "above"
    bold: bool = False
    main: bool = False


@dataclass(frozen=True, slots=True)
class Axes:
    """The ends of both axes. ``format`` is a d3 number format for the values."""

    first: date
    last: date
    lowest: float
    highest: float
    format: str = ",~f"


def plot_chart(
    name: str,
    title: str,
    summary: str,
    table: Table,
    marks: Sequence[Mark],
    labels: Sequence[Label],
    axes: Axes,
    *,
    is_public: bool = False,
    subtitle: str = "",
) -> Chart:
    """Return a chart of ``marks`` with ``labels``, wide and narrow; without drawings if nothing is marked."""
    if not any(mark.places for mark in marks):
        return Chart(name, title, summary, table, is_public=is_public, subtitle=subtitle)
    wide, narrow = (
        _spec(marks, labels, axes, width, size, 340 if width == WIDE[0] else 260) for width, size in (WIDE, NARROW)
    )
    return Chart(name, title, summary, table, wide, narrow, is_public=is_public, subtitle=subtitle)


def small_plot(
    name: str, title: str, summary: str, table: Table, marks: Sequence[Mark], labels: Sequence[Label], axes: Axes
) -> Chart:
    """Return a small chart without an axis of values, to be set beside others on the same axis of years."""
    if not any(mark.places for mark in marks):
        return Chart(name, title, summary, table)
    spec = _spec(marks, [label for label in labels if label.main], axes, *NARROW, 92, small=True)
    return Chart(name, title, summary, table, spec, spec)


def _spec(
    marks: Sequence[Mark], labels: Sequence[Label], axes: Axes, width: int, size: int, height: int, small: bool = False
) -> Spec:
    wide = width == WIDE[0]
    years = axes.last.year - axes.first.year
    ticks = {"tickCount": {"interval": "year", "step": 2 if years < 12 or wide else 4}}
    x: Spec = {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [axes.first.isoformat(), axes.last.isoformat()]},
        "axis": {"title": None, "grid": False, "format": "%Y" if wide and not small else "’%y"} | ticks,
    }
    numbers: Any = {"title": None, "domain": False, "ticks": False, "tickCount": 5, "format": axes.format}
    y: Spec = {
        "field": "v",
        "type": "quantitative",
        "scale": {"domain": [axes.lowest, axes.highest], "nice": False, "zero": False},
        "axis": None if small else numbers,
    }
    layers = [layer for mark in marks if mark.places for layer in _layers(mark, x, y, small)]
    layers += _label_layers(labels, x, y)
    return base_spec(width, size, [], height=height, layer=layers)


def _layers(mark: Mark, x: Spec, y: Spec, small: bool) -> list[Spec]:
    """The Vega-Lite layers of one mark, each with its own data."""
    encoding = {"x": x, "y": y}
    data = {"values": [_row(place) for place in mark.places]}
    style = _STYLES[mark.kind]
    if mark.kind in ("dots", "open", "faint"):
        style = style | {"size": style["size"] // 2 if small else style["size"]}
    if mark.kind == "whiskers":
        interval = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
        cap = {
            "type": "point",
            "shape": "stroke",
            "size": 40 if small else 90,
            "stroke": TOKENS["ink"],
            "strokeWidth": 1.75,
        }
        ends = [{"data": data, "mark": cap, "encoding": {"x": x, "y": y | {"field": end}}} for end in ("low", "high")]
        return [{"data": data, "mark": style, "encoding": interval}, *ends]
    if mark.kind == "band":
        return [{"data": data, "mark": style, "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}}]
    if mark.kind == "span":
        return [{"data": data, "mark": style, "encoding": encoding | {"x2": {"field": "to"}}}]
    return [{"data": data, "mark": style, "encoding": encoding}]


_STYLES: dict[str, Spec] = {
    "line": {"type": "line", "color": TOKENS["ink"], "strokeWidth": 2.5},
    "second": {"type": "line", "color": TOKENS["muted"], "strokeWidth": 1.75},
    "thin": {"type": "line", "color": TOKENS["edge"], "strokeWidth": 1.25},
    "path": {"type": "line", "color": TOKENS["muted"], "strokeWidth": 1.75, "strokeDash": [7, 5]},
    "dots": {"type": "point", "filled": True, "opacity": 1, "color": TOKENS["ink"], "size": 70},
    "open": {
        "type": "point",
        "fill": TOKENS["ground"],
        "stroke": TOKENS["ink"],
        "strokeWidth": 1.75,
        "strokeDash": [3, 2],
        "opacity": 1,
        "size": 70,
    },
    "faint": {"type": "point", "filled": True, "opacity": 1, "color": TOKENS["edge"], "size": 30},
    "whiskers": {"type": "rule", "color": TOKENS["ink"], "strokeWidth": 1.75},
    "band": {"type": "area", "color": TOKENS["muted"], "opacity": 0.15},
    "goal": {"type": "line", "color": TOKENS["ink"], "strokeWidth": 2.5},
    "span": {"type": "rule", "color": TOKENS["ink"], "strokeWidth": 5, "strokeDash": [10, 4]},
}

_SIDES: dict[str, Spec] = {
    "above": {"align": "center", "baseline": "bottom", "dy": -9},
    "below": {"align": "center", "baseline": "top", "dy": 9},
    "left": {"align": "right", "baseline": "middle", "dx": -9},
    # Above or under a line, from its left end.
    "under": {"align": "left", "baseline": "top", "dx": 2, "dy": 6},
    "on": {"align": "left", "baseline": "bottom", "dx": 2, "dy": -5},
    "right": {"align": "left", "baseline": "middle", "dx": 9},
}


def _label_layers(labels: Sequence[Label], x: Spec, y: Spec) -> list[Spec]:
    layers: list[Spec] = []
    for label in labels:
        data = {"values": [{"t": label.day.isoformat(), "v": label.value, "w": label.text}]}
        mark = {"type": "text", **_SIDES[label.side], **({"fontWeight": "bold"} if label.bold else {})}
        ground = {"stroke": TOKENS["ground"], "strokeWidth": 4, "color": TOKENS["ground"]}
        encoding = {"x": x, "y": y, "text": {"field": "w"}}
        layers += [{"data": data, "mark": mark | look, "encoding": encoding} for look in (ground, {})]
    return layers


def _row(place: Place) -> dict[str, Any]:
    row: dict[str, Any] = {"t": place.day.isoformat(), "v": place.value}
    if place.low is not None:
        row |= {"low": place.low, "high": place.high}
    if place.to is not None:
        row["to"] = place.to.isoformat()
    return row
