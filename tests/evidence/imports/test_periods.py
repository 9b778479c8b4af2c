"""Periods as files write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.evidence.imports.periods import parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2018", "2018-01-01", "2018-12-31", "2018"),
        ("2018.0", "2018-01-01", "2018-12-31", "2018"),
        ("2022-01-01/P1Y", "2022-01-01", "2022-12-31", "2022"),
        ("2022-04-01/P1Y", "2022-04-01", "2023-03-31", "Apr 2022–Mar 2023"),
        ("2022-04-01T00:00:00/P3M", "2022-04-01", "2022-06-30", "2022 Q2"),
        ("2018/19", "2018-04-01", "2019-03-31", "2018/19"),
        ("1999/2000", "1999-04-01", "2000-03-31", "1999/00"),
        ("2018-19", "2018-04-01", "2019-03-31", "2018/19"),
        ("2018-06", "2018-06-01", "2018-06-30", "June 2018"),
        ("Jun-18", "2018-06-01", "2018-06-30", "June 2018"),
        ("Jan-96", "1996-01-01", "1996-01-31", "January 1996"),
        ("June 2018", "2018-06-01", "2018-06-30", "June 2018"),
        ("2018 JUN", "2018-06-01", "2018-06-30", "June 2018"),
        ("2018 Q2", "2018-04-01", "2018-06-30", "2018 Q2"),
        ("Q4 2018", "2018-10-01", "2018-12-31", "2018 Q4"),
        ("Apr 2013-Mar 2014", "2013-04-01", "2014-03-31", "Apr 2013–Mar 2014"),
        ("Apr 2013 – Mar 2014", "2013-04-01", "2014-03-31", "Apr 2013–Mar 2014"),
        ("Jan 2018-Dec 2018", "2018-01-01", "2018-12-31", "2018"),
        ("Jan-Dec 2018", "2018-01-01", "2018-12-31", "2018"),
        ("12 months to June 2018", "2017-07-01", "2018-06-30", "Jul 2017–Jun 2018"),
        ("Year ending Mar 2020", "2019-04-01", "2020-03-31", "Apr 2019–Mar 2020"),
        (" Year ending  February 2020 ", "2019-03-01", "2020-02-29", "Mar 2019–Feb 2020"),
    ],
)
def test_periods_that_are_understood(text: str, start: str, end: str, label: str) -> None:
    period = parse_period(text)
    assert period is not None
    assert (period.start.isoformat(), period.end.isoformat(), period.label) == (start, end, label)


@pytest.mark.parametrize(
    "text",
    [
        *("", "kite", "18", "201", "20188", "2018-13", "2018/18", "2018/21", "2018 Q5", "Foo 2018", "2018-06-30"),
        *("01/06/2018", "Mar 2014-Apr 2013", "99 months to June 2018", "2018-02-30/P1Y", "2018-01-01/P", "0999"),
        *("12 months to June", "12 months to 2018-13"),
    ],
)
def test_what_is_no_period(text: str) -> None:
    assert parse_period(text) is None


def test_a_month_that_may_be_a_financial_year_is_marked() -> None:
    december, november = parse_period("2011-12"), parse_period("2011-11")
    assert december is not None and november is not None
    assert (december.may_be_financial, november.may_be_financial) == (True, False)


@given(st.text(max_size=40))
def test_any_text_is_a_period_in_order_or_none(text: str) -> None:
    period = parse_period(text)
    assert period is None or date(1700, 1, 1) < period.start <= period.end
