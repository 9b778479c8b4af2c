"""The axis of the timeline, and how exactly a thing on it is said to be known."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from nelis.home.models import TimelineEvent
from nelis.home.timeline_axis import build_axis, drawn_span, month_end, sort_events


def event(start, end=None, **fields):
    fields = {"confidence": "low", "precision": "range", "kind": "milestone", "best_estimate": "some time"} | fields
    return TimelineEvent(ref="E1", track="evidence", title="Thing", start=start, end=end, **fields)


def test_the_thirteen_months_of_the_record_have_a_label_each():
    axis = build_axis([event(date(2018, 7, 10), date(2018, 8, 1)), event(date(2019, 7, 16))])
    assert (axis.first, axis.last) == (date(2018, 7, 1), date(2019, 7, 31))
    assert [label for label, _ in axis.labels] == [
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
    ]
    assert [year for _, year in axis.labels if year] == ["2018", "2019"]
    assert axis.lines.count("M") == 11
    assert axis.years.count("M") == 1


def test_a_longer_axis_has_quarters_and_a_long_one_years():
    quarters = build_axis([event(date(2018, 8, 1)), event(date(2020, 2, 1))])
    assert [label for label, _ in quarters.labels] == ["Jul", "Oct", "Jan", "Apr", "Jul", "Oct", "Jan"]
    assert (quarters.first, quarters.last) == (date(2018, 7, 1), date(2020, 3, 31))
    years = build_axis([event(date(2014, 3, 1)), event(date(2024, 5, 1))])
    assert years.labels[0] == ("2014", "")
    assert len(years.labels) == 11
    assert years.last == date(2024, 12, 31)


def test_no_axis_without_dates():
    assert build_axis([]) is None
    assert build_axis([event(None)]) is None


@pytest.mark.parametrize(
    ("day", "last"), [(date(2020, 2, 3), 29), (date(2019, 2, 28), 28), (date(2018, 12, 31), 31), (date(2018, 4, 1), 30)]
)
def test_the_end_of_a_month(day, last):
    assert month_end(day) == day.replace(day=last)


def test_what_we_are_not_sure_of_is_drawn_in_whole_months():
    low = event(date(2019, 3, 14), date(2019, 3, 14))
    assert drawn_span(low) == (date(2019, 3, 1), date(2019, 3, 31))
    assert low.drawn_as == "range"
    assert low.precision_text == "In March 2019, we think"
    sure = event(date(2019, 7, 16), confidence="high", precision="day")
    assert (sure.drawn_start, sure.drawn_end) == (date(2019, 7, 16), date(2019, 7, 16))
    assert sure.drawn_as == "certain"
    assert sure.precision_text == "Known to the day"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start": date(2018, 11, 1), "end": date(2019, 2, 28)}, "Between November 2018 and February 2019"),
        ({"start": date(2019, 3, 1), "end": date(2019, 5, 31)}, "Between March and May 2019"),
        ({"start": date(2018, 7, 1), "end": date(2019, 7, 31), "kind": "bar"}, "From July 2018 to July 2019"),
        ({"start": date(2018, 7, 1), "confidence": "high", "precision": "month"}, "Known to the month"),
        ({"start": date(2018, 7, 1), "confidence": "medium", "precision": "month"}, "In July 2018, we think"),
        ({"start": None}, "Date not held"),
    ],
)
def test_how_exactly_it_is_known_in_words(fields, words):
    assert event(**fields).precision_text == words


def test_a_low_confidence_and_a_day_contradict_each_other():
    with pytest.raises(ValidationError, match="a day can’t be given"):
        event(date(2019, 3, 14), confidence="low", precision="day").clean()
    event(date(2019, 3, 14), confidence="high", precision="day").clean()


def test_order_is_by_the_middle_of_the_span_and_undated_things_come_last():
    early = event(date(2018, 7, 1), date(2018, 9, 30))
    wide = event(date(2018, 7, 1), date(2019, 7, 31))
    late = event(date(2019, 5, 1))
    undated = event(None)
    assert sort_events([undated, late, wide, early]) == [early, wide, late, undated]
