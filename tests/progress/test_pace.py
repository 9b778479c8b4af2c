"""Pace: the worked example, and what holds for any target."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nelis.progress.pace import ON_COURSE_FROM, SLOW_BELOW, Progress, Status, measure_progress, year_span

START = date(2000, 1, 1)
#: From worst to best, for targets whose dates are exact and whose deadline lies ahead.
ORDER = [Status.AWAY, Status.SLOW, Status.BEHIND, Status.ON_COURSE, Status.MET]

gains = st.decimals(min_value=-10_000, max_value=10_000, places=2)
wants = st.decimals(min_value=1, max_value=10_000, places=2)
lengths = st.integers(min_value=2, max_value=5_000)


def exactly(day: date) -> tuple[date, date]:
    return day, day


def on_day(gained: Decimal, wanted: Decimal, length: int, gone: int) -> Progress:
    """Progress when every date is known: ``gone`` of ``length`` days have passed."""
    end, at = START + timedelta(length), START + timedelta(gone)
    return measure_progress(gained, wanted, exactly(START), exactly(end), exactly(at))


@st.composite
def moments(draw: st.DrawFn) -> tuple[int, int]:
    """The length of a target in days, and a day before its end."""
    length = draw(lengths)
    return length, draw(st.integers(min_value=1, max_value=length - 1))


def test_the_worked_example():
    june = exactly(date(2018, 6, 30))
    progress = measure_progress(Decimal(62_500), Decimal(100_000), year_span(2014), year_span(2024), june)
    assert progress.share == Decimal("0.625")
    assert progress.remaining == 37_500
    assert round(progress.elapsed_low, 2) == Decimal("0.35")
    assert round(progress.elapsed_high, 2) == Decimal("0.45")
    assert round(progress.pace_low, 2) == Decimal("1.39")
    assert round(progress.pace_high, 2) == Decimal("1.79")
    assert progress.status is Status.ON_COURSE


@pytest.mark.parametrize(
    ("gained", "gone", "status"),
    [
        (-1, 50, Status.AWAY),
        (0, 50, Status.SLOW),
        ("29.99", 50, Status.SLOW),
        (30, 50, Status.BEHIND),
        ("47.49", 50, Status.BEHIND),
        ("47.5", 50, Status.ON_COURSE),
        (100, 50, Status.MET),
    ],
)
def test_cut_offs(gained, gone, status):
    assert on_day(Decimal(gained), Decimal(100), 100, gone).status is status


def test_a_range_across_a_cut_off_gives_no_verdict():
    # After five years of ten, give or take half a year at each end: 0.5 is just about the speed needed.
    progress = measure_progress(Decimal(50), Decimal(100), year_span(2010), year_span(2020), exactly(date(2015, 7, 1)))
    assert progress.pace_low < ON_COURSE_FROM < progress.pace_high
    assert progress.status is Status.TOO_CLOSE


@pytest.mark.parametrize("gained", [0, 50, 99])
def test_after_the_deadline_there_is_no_pace(gained):
    progress = measure_progress(
        Decimal(gained), Decimal(100), year_span(2010), year_span(2012), exactly(date(2013, 1, 1))
    )
    assert progress.status is Status.PASSED
    assert progress.pace_low is progress.pace_high is None


def test_reached_is_met_even_after_the_deadline():
    progress = measure_progress(Decimal(100), Decimal(100), year_span(2010), year_span(2012), exactly(date(2014, 1, 1)))
    assert progress.status is Status.MET


@pytest.mark.parametrize(("start", "deadline"), [(2014, 2014), (2014, 2015), (2015, 2014)])
def test_years_too_close_to_tell_how_long_there_is(start, deadline):
    """The end of the first year may be the start of the last: there may be no time at all between."""
    at = exactly(date(2014, 6, 30))
    assert (
        measure_progress(Decimal(1), Decimal(100), year_span(start), year_span(deadline), at).status is Status.UNKNOWN
    )


def test_a_figure_that_may_be_older_than_the_start():
    at = exactly(date(2014, 6, 30))
    progress = measure_progress(Decimal(1), Decimal(100), year_span(2014), year_span(2024), at)
    assert progress.status is Status.UNKNOWN
    assert progress.share == Decimal("0.01")


@given(wants)
def test_without_a_figure_nothing_is_said(wanted):
    at = exactly(date(2018, 6, 30))
    unknown = Progress(Status.UNKNOWN)
    assert measure_progress(None, wanted, year_span(2014), year_span(2024), at) == unknown
    assert measure_progress(Decimal(5), wanted, year_span(2014), year_span(2024), None) == unknown


@given(st.decimals(min_value=-100, max_value=0, places=2))
def test_a_target_asks_for_something(wanted):
    with pytest.raises(ValueError, match="positive"):
        measure_progress(Decimal(1), wanted, year_span(2014), year_span(2024), exactly(date(2018, 6, 30)))


@given(gains, wants, moments())
def test_met_means_all_of_it(gained, wanted, moment):
    progress = on_day(gained, wanted, *moment)
    assert (progress.status is Status.MET) == (gained >= wanted)
    assert progress.remaining == max(wanted - gained, 0)


@given(gains, wants, moments())
def test_exact_dates_give_one_pace_and_its_verdict(gained, wanted, moment):
    assume(gained < wanted)
    length, gone = moment
    progress = on_day(gained, wanted, length, gone)
    assert progress.pace_low == progress.pace_high
    # Without division: gained/wanted against cut-off × gone/length. Rounding may decide at the cut-off itself.
    reached, slow, course = gained * length, SLOW_BELOW * wanted * gone, ON_COURSE_FROM * wanted * gone
    assume(min(abs(reached - slow), abs(reached - course)) > Decimal("1e-12"))
    if reached < 0:
        expected = Status.AWAY
    elif reached < slow:
        expected = Status.SLOW
    elif reached < course:
        expected = Status.BEHIND
    else:
        expected = Status.ON_COURSE
    assert progress.status is expected


@given(gains, gains, wants, moments())
def test_more_is_never_worse(gained, more, wanted, moment):
    assume(gained <= more)
    low, high = on_day(gained, wanted, *moment), on_day(more, wanted, *moment)
    assert ORDER.index(low.status) <= ORDER.index(high.status)


@given(gains, wants, moments(), st.integers(min_value=1, max_value=1_000))
def test_the_unit_does_not_matter(gained, wanted, moment, times):
    one, many = on_day(gained, wanted, *moment), on_day(gained * times, wanted * times, *moment)
    assert one.share == many.share
    assert one.status is many.status


@given(gains, wants, st.integers(min_value=3, max_value=30), st.integers(min_value=0, max_value=12_000))
@example(Decimal(0), Decimal(1), 3, 729)
def test_a_range_holds_every_exact_reading(gained, wanted, years, day):
    """Whatever day of their years the start and the deadline were, the pace lies in the range given."""
    assume(gained < wanted)
    start, deadline = year_span(2000), year_span(2000 + years)
    # After the start and before the deadline, whichever days they were.
    at = start[1] + timedelta(1 + day % (365 * (years - 1) - 1))
    progress = measure_progress(gained, wanted, start, deadline, exactly(at))
    assert progress.elapsed_low <= progress.elapsed_high
    assert progress.pace_low <= progress.pace_high
    inside = [
        measure_progress(
            gained, wanted, exactly(start[0] + timedelta(a)), exactly(deadline[0] + timedelta(b)), exactly(at)
        )
        for a in (0, 100, 366)
        for b in (0, 200, 365)
    ]
    for exact in inside:
        assert progress.pace_low <= exact.pace_low <= progress.pace_high
    if progress.status is not Status.TOO_CLOSE:
        assert {exact.status for exact in inside} == {progress.status}
