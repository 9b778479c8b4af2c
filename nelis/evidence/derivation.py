"""Values of series that are worked out from those of others: sums, remainders, gaps, and how sure they are.

England excluding London, or the sum of seven councils, comes from counts: numerators and denominators are added up or
taken away, and a rate is made of the results. Rates are never added, subtracted or averaged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

#: Half of a 95% interval is so many standard errors.
STANDARD_ERRORS = Decimal("1.96")

Period = tuple[date, date]


class Measured(Protocol):
    """What is needed of an indicator: its kind, and what makes a value of a numerator and a denominator."""

    kind: str
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a series for one period, held or worked out. ``vintage`` is the newest release that it rests on."""

    period_start: date
    period_end: date
    period_label: str
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    status_flag: str = ""
    vintage: Any = None

    @property
    def period(self) -> Period:
        return self.period_start, self.period_end


@dataclass(frozen=True, slots=True)
class Gap:
    """How far an area is behind what it is compared with, or ahead when negative; ``margin`` is half its 95% interval.

    Without a margin nobody can say how sure it is.
    """

    value: Decimal
    margin: Decimal | None = None


def combine(parts: Sequence[tuple[int, Sequence[Point]]], indicator: Measured) -> list[Point]:
    """The points of an area made of ``parts``, each with its sign, for the periods that all of them have.

    What is taken away is a part of what it is taken from, as London is of England.
    """
    if not parts:
        return []
    by_period = [{point.period: point for point in points} for _sign, points in parts]
    shared = set.intersection(*(set(points) for points in by_period))
    signs = [sign for sign, _points in parts]
    return [
        combine_points([(sign, points[period]) for sign, points in zip(signs, by_period, strict=True)], indicator)
        for period in sorted(shared, key=lambda period: (period[1], period[0]))
    ]


def combine_points(signed: Sequence[tuple[int, Point]], indicator: Measured) -> Point:
    """One period of ``combine``. Without a count for each part there is no value."""
    first = signed[0][1]
    vintages = [point.vintage for _sign, point in signed if point.vintage is not None]
    newest = max(vintages, key=lambda vintage: (vintage.released_on or date.min, vintage.pk)) if vintages else None
    numerator = denominator = value = margin = None
    if indicator.kind == "count":
        value = _signed_sum([(sign, point.value) for sign, point in signed])
        variances = [(sign, _variance(half_interval(point))) for sign, point in signed]
        margin = _margin(_signed_sum(variances))
    else:
        numerator = _signed_sum([(sign, point.numerator) for sign, point in signed])
        denominator = _signed_sum([(sign, point.denominator) for sign, point in signed])
        if numerator is not None and denominator and indicator.factor is not None:
            value = indicator.factor * numerator / denominator
            variances = [(sign, _count_variance(point, indicator.factor)) for sign, point in signed]
            count_margin = _margin(_signed_sum(variances))
            margin = indicator.factor * count_margin / denominator if count_margin is not None else None
    return Point(
        first.period_start,
        first.period_end,
        first.period_label,
        value,
        numerator,
        denominator,
        value - margin if value is not None and margin is not None else None,
        value + margin if value is not None and margin is not None else None,
        "" if value is not None else "not held for every part",
        newest,
    )


def measure_gap(area: Point, comparator: Point) -> Gap | None:
    """How far ``area`` is behind ``comparator``, of which it is a part; None when either has no value.

    The estimates of a part and of its whole go together. Of the denominators' share ``w`` of the part in the whole,
    the variance of the difference is Var(whole) + Var(part) × (1 − 2w).
    """
    if area.value is None or comparator.value is None:
        return None
    gap = comparator.value - area.value
    own, other = half_interval(area), half_interval(comparator)
    if own is None or other is None or not area.denominator or not comparator.denominator:
        return Gap(gap)
    share = area.denominator / comparator.denominator
    squared = other**2 + own**2 * (1 - 2 * share)
    return Gap(gap, squared.sqrt() if squared >= 0 else None)


def half_interval(point: Point) -> Decimal | None:
    """Half the width of the 95% interval of ``point``; None where the source gives none."""
    if point.lower is None or point.upper is None:
        return None
    return (point.upper - point.lower) / 2


def _signed_sum(terms: Iterable[tuple[int, Decimal | None]]) -> Decimal | None:
    """The sum of what is added less what is taken away; None when one of them isn't known."""
    total = Decimal(0)
    for sign, term in terms:
        if term is None:
            return None
        total += sign * term
    return total


def _variance(margin: Decimal | None) -> Decimal | None:
    return (margin / STANDARD_ERRORS) ** 2 if margin is not None else None


def _count_variance(point: Point, factor: Decimal) -> Decimal | None:
    """The variance of the numerator. The denominators of the surveys are set to population totals, and don't vary."""
    margin = half_interval(point)
    if margin is None or point.denominator is None:
        return None
    return _variance(margin * point.denominator / factor)


def _margin(variance: Decimal | None) -> Decimal | None:
    if variance is None or variance < 0:
        return None
    return STANDARD_ERRORS * variance.sqrt()
