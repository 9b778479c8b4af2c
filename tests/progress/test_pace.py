"""The published rule: the worked example, and what holds for any target."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nelis.progress.pace import (
    ON_COURSE_FROM,
    SLOW_BELOW,
    Progress,
    Range,
    Status,
    gap_closed,
    measure_progress,
    share_of_change,
    year_span,
)

START = date(2000, 1, 1)
#: From worst to best, for targets whose dates are exact and whose deadline lies ahead.
ORDER = [Status.AWAY, Status.SLOW, Status.BEHIND, Status.ON_COURSE, Status.MET]

shares = st.decimals(min_value=-10, max_value=10, places=4)
gaps = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2)
lengths = st.integers(min_value=2, max_value=5_000)


def exactly(day: date) -> tuple[date, date]:
    return day, day


def same(value: Decimal | int | str) -> Range:
    return Decimal(value), Decimal(value)


def ordered(pair: tuple[Decimal, Decimal]) -> Range:
    return min(pair), max(pair)


ranges = st.tuples(shares, shares).map(ordered)


def on_day(share: Range, length: int, gone: int) -> Progress:
    """Progress when every date is known: ``gone`` of ``length`` days have passed."""
    end, at = START + timedelta(length), START + timedelta(gone)
    return measure_progress(share, exactly(START), exactly(end), exactly(at), at)


@st.composite
def moments(draw: st.DrawFn) -> tuple[int, int]:
    """The length of a target in days, and a day before its end."""
    length = draw(lengths)
    return length, draw(st.integers(min_value=1, max_value=length - 1))


def test_the_worked_example():
    june = date(2018, 6, 30)
    progress = measure_progress(same("0.625"), year_span(2014), year_span(2024), exactly(june), june)
    assert [round(end, 2) for end in progress.elapsed] == [Decimal("0.35"), Decimal("0.45")]
    assert [round(end, 2) for end in progress.pace] == [Decimal("1.39"), Decimal("1.79")]
    assert progress.status is Status.ON_COURSE


@pytest.mark.parametrize(
    ("gained", "status"),
    [
        ("-0.01", Status.AWAY),
        (0, Status.SLOW),
        ("0.2999", Status.SLOW),
        ("0.3", Status.BEHIND),
        ("0.4749", Status.BEHIND),
        ("0.475", Status.ON_COURSE),
        (1, Status.MET),
    ],
)
def test_cut_offs(gained, status):
    assert on_day(same(gained), 100, 50).status is status


def test_a_range_across_a_cut_off_gives_no_verdict():
    # After five years of ten, give or take half a year at each end: 0.5 is just about the speed needed.
    middle = date(2015, 7, 1)
    progress = measure_progress(same("0.5"), year_span(2010), year_span(2020), exactly(middle), middle)
    assert progress.pace[0] < ON_COURSE_FROM < progress.pace[1]
    assert progress.status is Status.TOO_CLOSE


def test_a_change_within_its_interval_gives_no_verdict():
    assert on_day((Decimal("-0.1"), Decimal("0.4")), 100, 50).status is Status.TOO_CLOSE


AFTER = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("share", "at", "status"),
    [
        (same("0.829"), date(2024, 9, 30), Status.NOT_MET),
        (same(1), date(2024, 3, 31), Status.MET),
        ((Decimal("0.9"), Decimal("1.1")), date(2024, 12, 31), Status.TOO_CLOSE),
        (same("0.829"), date(2023, 12, 31), Status.NO_FINAL),
        (same(2), date(2022, 12, 31), Status.NO_FINAL),
        (None, date(2022, 12, 31), Status.NO_FINAL),
    ],
)
def test_after_the_deadline_there_is_a_result_and_no_pace(share, at, status):
    progress = measure_progress(share, year_span(2014), year_span(2024), exactly(at), AFTER)
    assert progress.status is status
    assert progress.pace is None


def test_a_period_that_may_reach_the_deadline_counts():
    at = (date(2023, 7, 1), date(2024, 12, 31))
    assert measure_progress(same("0.8"), year_span(2014), year_span(2024), at, AFTER).status is Status.NOT_MET


def test_the_deadline_passes_with_its_last_day():
    at = exactly(date(2024, 9, 30))
    for day, passed in ((date(2024, 12, 31), False), (date(2025, 1, 1), True)):
        progress = measure_progress(same("0.5"), year_span(2014), year_span(2024), at, day)
        assert (progress.pace is None) is passed


@pytest.mark.parametrize(("start", "deadline"), [(2014, 2014), (2014, 2015), (2015, 2014)])
def test_years_too_close_to_tell_how_long_there_is(start, deadline):
    """The end of the first year may be the start of the last: there may be no time at all between."""
    day = date(2014, 6, 30)
    progress = measure_progress(same("0.01"), year_span(start), year_span(deadline), exactly(day), day)
    assert progress.status is Status.UNKNOWN


def test_a_figure_that_may_be_older_than_the_start():
    day = date(2014, 6, 30)
    progress = measure_progress(same("0.01"), year_span(2014), year_span(2024), exactly(day), day)
    assert progress.status is Status.UNKNOWN
    assert progress.share == same("0.01")


def test_without_a_figure_nothing_is_said():
    day = date(2018, 6, 30)
    assert measure_progress(None, year_span(2014), year_span(2024), exactly(day), day) == Progress(Status.UNKNOWN)
    unknown = measure_progress(same("0.5"), year_span(2014), year_span(2024), None, day)
    assert unknown.status is Status.UNKNOWN


@given(shares)
def test_a_steady_target_asks_for_the_same_at_any_time(share):
    spans = year_span(2014), year_span(2024)
    early, late = (
        measure_progress(same(share), *spans, exactly(day), day, steady=True)
        for day in (date(2015, 1, 1), date(2023, 1, 1))
    )
    assert early.status is late.status
    assert early.pace == same(share)


@given(ranges, moments())
def test_met_means_all_of_it_at_both_ends(share, moment):
    assert (on_day(share, *moment).status is Status.MET) == (share[0] >= 1)


@given(shares, moments())
def test_exact_figures_give_one_pace_and_its_verdict(share, moment):
    assume(share < 1)
    length, gone = moment
    progress = on_day(same(share), length, gone)
    assert progress.pace[0] == progress.pace[1]
    # Without division: share against cut-off × gone/length. Rounding may decide at the cut-off itself.
    reached, slow, course = share * length, SLOW_BELOW * gone, ON_COURSE_FROM * gone
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


@given(shares, shares, moments())
def test_more_is_never_worse(share, more, moment):
    assume(share <= more)
    low, high = on_day(same(share), *moment), on_day(same(more), *moment)
    assert ORDER.index(low.status) <= ORDER.index(high.status)


@given(ranges, shares, moments())
def test_a_verdict_on_a_range_holds_for_all_in_it(share, inside, moment):
    assume(share[0] <= inside <= share[1])
    progress = on_day(share, *moment)
    if progress.status is not Status.TOO_CLOSE:
        assert on_day(same(inside), *moment).status in (progress.status, Status.MET)


@given(shares, st.integers(min_value=3, max_value=30), st.integers(min_value=0, max_value=12_000))
@example(Decimal(0), 3, 729)
def test_a_range_of_dates_holds_every_exact_reading(share, years, day):
    """Whatever day of their years the start and the deadline were, the pace lies in the range given."""
    assume(share < 1)
    start, deadline = year_span(2000), year_span(2000 + years)
    # After the start and before the deadline, whichever days they were.
    at = start[1] + timedelta(1 + day % (365 * (years - 1) - 1))
    progress = measure_progress(same(share), start, deadline, exactly(at), at)
    inside = [
        measure_progress(
            same(share), exactly(start[0] + timedelta(a)), exactly(deadline[0] + timedelta(b)), exactly(at), at
        )
        for a in (0, 100, 366)
        for b in (0, 200, 365)
    ]
    for exact in inside:
        assert progress.pace[0] <= exact.pace[0] <= progress.pace[1]
    if progress.status is not Status.TOO_CLOSE:
        assert {exact.status for exact in inside} == {progress.status}


@given(gaps, gaps)
def test_a_gap_that_halved_is_half_closed(now, start):
    low, high = gap_closed(same(now), [same(start)])
    assert low == high == 1 - now / start
    assert gap_closed(same(start / 2), [same(start)]) == same("0.5")


@given(gaps, st.lists(gaps, min_size=1, max_size=4))
def test_several_starts_give_a_range_with_each_in_it(now, starts):
    low, high = gap_closed(same(now), [same(start) for start in starts])
    assert all(low <= 1 - now / start <= high for start in starts)


def test_no_start_or_none_to_speak_of_closes_nothing():
    assert gap_closed(same(1), []) is None
    assert gap_closed(same(1), [same(0)]) is None
    assert gap_closed(same(1), [(Decimal("-0.1"), Decimal("0.2"))]) is None


@pytest.mark.parametrize(("whole", "expected"), [(62_500, "0.7776"), (0, None), (-5, None), (None, None), (999, None)])
def test_a_share_of_what_was_added(whole, expected):
    share = share_of_change(Decimal(48_600), None if whole is None else Decimal(whole), smallest=Decimal(1000))
    assert share == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("share", "direction"),
    [
        (("0.1", "0.2"), Status.ON_COURSE),
        (("-0.2", "-0.1"), Status.AWAY),
        (("-0.1", "0.1"), Status.TOO_CLOSE),
    ],
)
def test_the_direction_by_itself(share, direction):
    assert Progress(Status.NOT_MET, ordered(tuple(map(Decimal, share)))).direction is direction
