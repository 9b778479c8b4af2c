"""The axis of the timeline, and where each thing on it lies, as exactly as it is known and no more so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nelis.core.svg_geometry import format_coordinate

__all__ = ["Axis", "build_axis", "drawn_span", "sort_events"]

#: With more months than this the axis names quarters, and with more than ``QUARTERS_UP_TO`` years.
MONTHS_UP_TO = 14
QUARTERS_UP_TO = 42


@dataclass(frozen=True, slots=True)
class Axis:
    """From the first day to the last, with a label for each step and lines in hundredths of its length.

    ``labels`` are pairs: the month, or the year when steps are years, and the year where one
    begins. ``lines`` and ``years`` are SVG paths in a box of 100 by 100.
    """

    first: date
    last: date
    labels: list[tuple[str, str]]
    lines: str
    years: str


def build_axis(events: Iterable[Any]) -> Axis | None:
    """The axis that holds every event with dates, in whole months. None when there is none."""
    dated = [event for event in events if event.start]
    if not dated:
        return None
    first = min(event.start for event in dated).replace(day=1)
    last = month_end(max(event.end or event.start for event in dated))
    months = list(months_between(first, last))
    step = 1 if len(months) <= MONTHS_UP_TO else 3 if len(months) <= QUARTERS_UP_TO else 12
    # Whole steps at both ends, so that all of them are of one width.
    first = first.replace(month=(first.month - 1) // step * step + 1)
    last = month_end(last.replace(day=1, month=((last.month - 1) // step + 1) * step))
    starts = [month for month in months_between(first, last) if (month.month - 1) % step == 0]
    days = (last - first).days + 1
    lines: list[str] = []
    years: list[str] = []
    labels = []
    for number, start in enumerate(starts):
        begins_year = start.month == 1
        if step == 12:
            labels.append((str(start.year), ""))
        else:
            labels.append((f"{start:%b}", str(start.year) if begins_year or number == 0 else ""))
        if number:
            path = f"M{format_coordinate((start - first).days / days * 100)} 0V100"
            (years if begins_year else lines).append(path)
    return Axis(first, last, labels, "".join(lines), "".join(years))


def sort_events(events: Iterable[Any]) -> list[Any]:
    """Events by the middle of the time each may have happened in; those without dates last."""

    def middle(event: Any) -> tuple[bool, int, int]:
        if not event.start:
            return True, 0, event.sort_order
        start, end = drawn_span(event)
        return False, start.toordinal() + end.toordinal(), event.sort_order

    return sorted(events, key=middle)


def drawn_span(event: Any) -> tuple[date, date]:
    """The span to draw: what is given, or whole months when we are anything less than sure."""
    start, end = event.start, event.end or event.start
    if event.is_certain:
        return start, end
    return start.replace(day=1), month_end(end)


def months_between(first: date, last: date) -> Sequence[date]:
    """The first day of each month from ``first`` to ``last``."""
    months = []
    month = first.replace(day=1)
    while month <= last:
        months.append(month)
        month = month_end(month) + timedelta(days=1)
    return months


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
