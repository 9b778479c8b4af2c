"""Compute the coordinates of the site's drawings for SVG templates.

Callers pass counts, values and keys, and get coordinates in fractions of the drawing's box, so that a drawing lines up
with the text beside it at any font size.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor, log10
from typing import Any

Number = int | float | Decimal


def format_coordinate(value: Number) -> str:
    """Format a coordinate with at most two decimals and no trailing zeros."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".") or "0"


# --- Bars on a line --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A bar from ``start`` to ``end`` on a line 100 long; ``top`` is the value at the line's end.

    ``pieces`` are the other segments of a segmented line.
    """

    start: str
    end: str
    top: Decimal | None = None
    pieces: tuple[tuple[str, str], ...] = ()


def share_bar(value: Number, whole: Number) -> Bar | None:
    """Return the bar of a part of a whole. None without a whole, or when the part is outside it."""
    if whole is None or whole <= 0 or value < 0 or value > whole:
        return None
    return Bar("0", format_coordinate(Decimal(value) / Decimal(whole) * 100), Decimal(whole))


def segmented_bar(parts: int) -> Bar | None:
    """Return the bar of one of ``parts`` equal segments. None unless there are 2 to 12 of them."""
    if not 2 <= parts <= 12:
        return None
    gap = 2.7
    width = (100 - gap * (parts - 1)) / parts
    pieces = tuple(
        (format_coordinate(i * (width + gap)), format_coordinate(i * (width + gap) + width)) for i in range(parts)
    )
    return Bar(*pieces[0], pieces=pieces[1:])


def range_bar(low: Number, high: Number) -> Bar | None:
    """Return the bar of a range on a scale from 0 to a round number above it. None when the ends are out of order."""
    if low < 0 or high <= 0 or low > high:
        return None
    top = round_up_scale(Decimal(high) * Decimal("1.05"))
    return Bar(format_coordinate(Decimal(low) / top * 100), format_coordinate(Decimal(high) / top * 100), top)


def round_up_scale(value: Decimal) -> Decimal:
    """Round up to the next 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    if value <= 0:
        raise ValueError("a scale needs a positive end")
    power = Decimal(10) ** floor(log10(value))
    for step in ("1", "1.5", "2", "3", "4", "5", "6", "8"):
        if value <= (top := Decimal(step) * power):
            return top
    return power * 10


# --- Boxes of a stage ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """One box of a row: its x coordinate, and whether it is filled."""

    x: str
    on: bool


def stage_boxes(position: int, total: int) -> list[Box]:
    """Return ``total`` boxes, 7 apart, the first ``position`` of them filled."""
    return [Box(format_coordinate(0.5 + 7 * i), i < position) for i in range(total)]


def strokes(count: int) -> list[str]:
    """Return where ``count`` upright strokes stand in a box 100 wide, closer together when they are many."""
    step = min(5.88, 96 / max(count - 1, 1))
    return [format_coordinate(2 + step * i) for i in range(count)]


# --- Lines between two columns of rows -------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A link from a row on the left to a row on the right; ``kind`` is the kind of line."""

    left: Hashable
    right: Hashable
    kind: str = "inferred"
    accent: str = ""


@dataclass(frozen=True)
class SvgPath:
    """One SVG path and its CSS classes."""

    d: str
    kind: str
    accent: str = ""


def row_centres(groups: Sequence[Sequence[Hashable]], between: int = 3) -> dict[Hashable, float]:
    """Return the middle of each row in hundredths of the column's height, by its key.

    All rows have the same height; a heading of ``between`` rows separates one group from the next.
    """
    groups = [group for group in groups if group]
    total = sum(map(len, groups)) + between * (len(groups) - 1)
    at: dict[Hashable, float] = {}
    row = 0
    for group in groups:
        for key in group:
            at[key] = (row + 0.5) / total * 100
            row += 1
        row += between
    return at


def link_lines(
    links: Iterable[Link],
    left: Mapping[Any, float],
    right: Mapping[Any, float],
    unlinked: Mapping[Any, str] | None = None,
) -> list[SvgPath]:
    """Return the lines between two columns 100 apart, one path for each kind and accent.

    Links to missing rows are left out. ``unlinked`` are the rows on the left without a link, with their accent:
    each gets a short dotted stub, so that the lack of a link is visible.
    """
    paths: dict[tuple[str, str], list[str]] = {}
    for link in dict.fromkeys(links):
        if link.left in left and link.right in right:
            start, end = format_coordinate(left[link.left]), format_coordinate(right[link.right])
            paths.setdefault((link.kind, link.accent), []).append(f"M0 {start}L100 {end}")
    for key, accent in (unlinked or {}).items():
        if key in left:
            paths.setdefault(("missing", accent), []).append(f"M0 {format_coordinate(left[key])}H34")
    return [SvgPath("".join(parts), kind, accent) for (kind, accent), parts in paths.items()]


def spokes(kinds: Sequence[str], *, inward: bool, stopped: Collection[int] = ()) -> list[SvgPath]:
    """Return the lines between a column of rows and one node beside it, towards it or away; a kind for each row.

    The lines of the rows ``stopped`` end in a bar before they reach the node.
    """
    rows, node = row_centres([range(len(kinds))]), {"node": 50.0}
    links = [
        Link(i, "node", kind) if inward else Link("node", i, kind) for i, kind in enumerate(kinds) if i not in stopped
    ]
    paths = link_lines(links, rows, node) if inward else link_lines(links, node, rows)
    for i in sorted(stopped):
        end = rows[i] + (50 - rows[i]) * 0.86
        start, end_text = format_coordinate(rows[i]), format_coordinate(end)
        top, bottom = format_coordinate(end - 4), format_coordinate(end + 4)
        paths += [
            SvgPath(f"M0 {start}L86 {end_text}", f"{kinds[i]} against"),
            SvgPath(f"M86 {top}V{bottom}", "end-bar"),
        ]
    return paths


def fan(into: Sequence[str], out: Sequence[str]) -> list[SvgPath]:
    """Return the lines of a small fan through a hub at (50, 20) in a box of 100 by 40; a kind for each line.

    A side without a line gets a dotted stub.
    """
    paths: dict[str, list[str]] = {}
    for kinds, edge, hub in ((into, 0, 46), (out, 100, 54)):
        for i, kind in enumerate(kinds):
            y = 20.0 if len(kinds) == 1 else 2 + 36 * i / (len(kinds) - 1)
            paths.setdefault(kind, []).append(f"M{edge} {format_coordinate(y)}L{hub} 20")
        if not kinds:
            paths.setdefault("missing", []).append(f"M{hub} 20H{30 if edge == 0 else 70}")
    return [SvgPath("".join(parts), kind) for kind, parts in paths.items()]


# --- Spans on an axis of dates ---------------------------------------------------------------------


@dataclass(frozen=True)
class TimeSpan:
    """A span from ``start`` to ``end`` on an axis 100 long; ``open_*`` where it runs past the axis."""

    start: str
    end: str
    open_start: bool = False
    open_end: bool = False


def time_span(start: date, end: date, first: date, last: date) -> TimeSpan | None:
    """Return where the dates from ``start`` to ``end`` lie on the axis from ``first`` to ``last``.

    At least 1.5 wide, so that a single day is visible. None when they lie outside, or are out of order.
    """
    days = (last - first).days
    if days <= 0 or end < start or end < first or start > last:
        return None
    left = max((start - first).days, 0) / days * 100
    right = min((end - first).days + 1, days) / days * 100
    if right - left < 1.5:
        right = min(left + 1.5, 100.0)
        left = right - 1.5 if right == 100 else left
    return TimeSpan(format_coordinate(left), format_coordinate(right), start < first, end > last)
