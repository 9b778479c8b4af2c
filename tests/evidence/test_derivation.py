"""Values that are worked out from those of other areas: from counts, with how sure they are."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from nelis.evidence.derivation import Point, combine, combine_points, measure_gap

RATE: Any = SimpleNamespace(kind="rate", factor=Decimal(100))
COUNT: Any = SimpleNamespace(kind="count", factor=None)


def point(year: int = 2018, value: float | None = None, **fields: float | None) -> Point:
    """A point of a calendar year."""
    numbers = {name: None if number is None else Decimal(str(number)) for name, number in fields.items()}
    exact = None if value is None else Decimal(str(value))
    return Point(date(year, 1, 1), date(year, 12, 31), str(year), exact, **numbers)


def test_a_rest_comes_from_counts_and_not_from_rates() -> None:
    whole = point(value=70, numerator=700, denominator=1000)
    part = point(value=40, numerator=80, denominator=200)
    rest = combine_points([(1, whole), (-1, part)], RATE)
    assert (rest.numerator, rest.denominator, rest.value) == (620, 800, Decimal("77.5"))


def test_a_rest_has_no_value_where_a_count_is_missing() -> None:
    rest = combine_points([(1, point(value=70, numerator=700, denominator=1000)), (-1, point(value=40))], RATE)
    assert rest.value is None
    assert rest.status_flag


def test_a_rest_is_less_sure_than_the_whole_by_its_share() -> None:
    whole = point(value=50, numerator=500, denominator=1000, lower=45, upper=55)
    part = point(value=50, numerator=100, denominator=200, lower=35, upper=65)
    rest = combine_points([(1, whole), (-1, part)], RATE)
    # Half the intervals of the counts are 50 and 30, and the root of 50² − 30² is 40, of 800.
    assert rest.lower is not None and rest.upper is not None
    assert (round(rest.lower, 6), round(rest.upper, 6)) == (45, 55)


def test_a_part_that_is_less_sure_than_its_whole_leaves_no_interval() -> None:
    whole = point(value=50, numerator=500, denominator=1000, lower=49, upper=51)
    part = point(value=50, numerator=100, denominator=200, lower=30, upper=70)
    rest = combine_points([(1, whole), (-1, part)], RATE)
    assert (rest.value, rest.lower, rest.upper) == (50, None, None)


def test_a_sum_of_counts() -> None:
    total = combine_points([(1, point(value=3, lower=0, upper=6)), (1, point(value=5, lower=1, upper=9))], COUNT)
    assert total.value == 8
    assert total.lower is not None and round(total.lower, 6) == 3


def test_only_periods_that_all_parts_have() -> None:
    whole = [point(year, value=year) for year in (2016, 2017, 2018)]
    part = [point(year, value=1) for year in (2017, 2018, 2019)]
    assert [found.period_label for found in combine([(1, whole), (-1, part)], COUNT)] == ["2017", "2018"]


def test_a_series_without_parts_has_no_points() -> None:
    assert combine([], COUNT) == []


def test_a_gap_with_its_margin() -> None:
    area = point(value=70, denominator=100, lower=67, upper=73)
    comparator = point(value=75, denominator=1000, lower=74, upper=76)
    gap = measure_gap(area, comparator)
    assert gap is not None and gap.margin is not None
    # 1² + 3² × (1 − 2 × 0.1)
    assert (gap.value, round(gap.margin**2, 6)) == (5, Decimal("8.2"))


@pytest.mark.parametrize(("area", "comparator"), [(None, 70), (70, None)])
def test_no_gap_without_both_values(area: float | None, comparator: float | None) -> None:
    assert measure_gap(point(value=area), point(value=comparator)) is None
