"""The geometry of drawings: bars, boxes, stays, spans of time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.core import svg_geometry
from nelis.core.svg_geometry import Link


def test_a_share_needs_a_whole_that_holds_it() -> None:
    assert svg_geometry.share_bar(5, 0) is None
    assert svg_geometry.share_bar(7, 5) is None
    assert svg_geometry.share_bar(-1, 5) is None
    bar = svg_geometry.share_bar(Decimal("11.3"), 100)
    assert bar is not None
    assert bar.end == "11.3"


@pytest.mark.parametrize(
    ("value", "top"),
    [("5300", "6000"), ("790", "800"), ("829.5", "1000"), ("1.28", "1.5"), ("1000", "1000"),
     ("0.07", "0.08"), ("9.9", "10")],
)  # fmt: skip
def test_scales_end_at_a_round_number(value: str, top: str) -> None:
    assert svg_geometry.round_up_scale(Decimal(value)) == Decimal(top)


def test_a_scale_needs_a_positive_end() -> None:
    with pytest.raises(ValueError, match="positive"):
        svg_geometry.round_up_scale(Decimal(0))


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.decimals(min_value="0.01", max_value=10**9, places=2),
)
def test_a_range_lies_within_its_scale(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    bar = svg_geometry.range_bar(low, high)
    if bar is not None:
        assert 0 <= float(bar.start) <= float(bar.end) <= 100


def test_a_range_out_of_order_is_not_drawn() -> None:
    assert svg_geometry.range_bar(5, 4) is None


def test_boxes_are_filled_as_far_as_it_has_come() -> None:
    assert [box.on for box in svg_geometry.stage_boxes(2, 4)] == [True, True, False, False]
    assert [box.x for box in svg_geometry.stage_boxes(0, 2)] == ["0.5", "7.5"]


def test_rows_of_one_column_are_evenly_spread() -> None:
    assert svg_geometry.row_centres([["a", "b"]]) == {"a": 25.0, "b": 75.0}


def test_a_heading_between_groups_takes_rows_of_its_own() -> None:
    at = svg_geometry.row_centres([["a"], ["b"]], between=3)
    assert at == {"a": 10.0, "b": 90.0}


def test_empty_groups_take_no_room() -> None:
    assert svg_geometry.row_centres([[], ["a"], []]) == {"a": 50.0}
    assert svg_geometry.row_centres([]) == {}


@given(st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=4))
def test_every_row_is_inside_and_in_order(sizes: list[int]) -> None:
    groups = [[(g, i) for i in range(size)] for g, size in enumerate(sizes)]
    at = list(svg_geometry.row_centres(groups).values())
    assert len(at) == sum(sizes)
    assert at == sorted(at)
    assert 0 < at[0] <= at[-1] < 100


def test_stays_of_one_kind_and_hue_share_a_path() -> None:
    links = [Link("a", "x", "stated", "brass"), Link("b", "x", "stated", "brass"), Link("a", "y", "inferred", "plum")]
    left, right = {"a": 25.0, "b": 75.0}, {"x": 50.0, "y": 90.0}
    assert [(line.kind, line.accent, line.d) for line in svg_geometry.link_lines(links, left, right)] == [
        ("stated", "brass", "M0 25L100 50M0 75L100 50"),
        ("inferred", "plum", "M0 25L100 90"),
    ]


def test_links_to_rows_that_are_not_there_are_left_out() -> None:
    assert svg_geometry.link_lines([Link("a", "gone"), Link("gone", "x")], {"a": 50.0}, {"x": 50.0}) == []


def test_a_row_without_links_gets_a_dotted_stub() -> None:
    (line,) = svg_geometry.link_lines([], {"a": 50.0}, {}, unlinked={"a": "blue", "gone": "green"})
    assert (line.kind, line.accent, line.d) == ("missing", "blue", "M0 50H34")


def test_a_fan_has_a_line_for_each_link_and_a_stub_for_none() -> None:
    lines = svg_geometry.fan(["stated", "stated", "inferred"], [])
    by_kind = {line.kind: line.d for line in lines}
    assert by_kind["stated"].count("L46 20") == 2
    assert by_kind["inferred"].count("L46 20") == 1
    assert by_kind["missing"] == "M54 20H70"


FIRST, LAST = date(2018, 7, 1), date(2019, 7, 31)


def test_a_span_of_time_lies_where_its_dates_are() -> None:
    whole = svg_geometry.time_span(FIRST, LAST, FIRST, LAST)
    assert whole is not None
    assert (whole.start, whole.end, whole.open_start, whole.open_end) == ("0", "100", False, False)


def test_a_span_past_the_axis_is_open_at_that_end() -> None:
    span = svg_geometry.time_span(date(2018, 1, 1), date(2018, 8, 1), FIRST, LAST)
    assert span is not None
    assert (span.start, span.open_start, span.open_end) == ("0", True, False)


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2017, 1, 1), date(2017, 2, 1)), (date(2020, 1, 1), date(2020, 2, 1)), (LAST, FIRST)],
)
def test_outside_or_backwards_is_not_drawn(start: date, end: date) -> None:
    assert svg_geometry.time_span(start, end, FIRST, LAST) is None


@given(st.integers(min_value=0, max_value=395), st.integers(min_value=0, max_value=40))
def test_a_span_is_never_too_narrow_to_see(offset: int, days: int) -> None:
    start = FIRST + timedelta(days=offset)
    span = svg_geometry.time_span(start, start + timedelta(days=days), FIRST, LAST)
    assert span is not None
    assert float(span.end) - float(span.start) >= 1.49
    assert float(span.end) <= 100


def test_a_line_that_counts_against_stops_short_in_a_bar() -> None:
    (supporting, against, bar) = svg_geometry.spokes(["inferred", "inferred"], inward=True, stopped={1})
    assert (supporting.kind, supporting.d) == ("inferred", "M0 25L100 50")
    assert against.kind == "inferred against"
    assert against.d.startswith("M0 75L86 ")
    assert bar.kind == "end-bar"


def test_strokes_stay_in_their_box_however_many() -> None:
    assert svg_geometry.strokes(0) == []
    assert svg_geometry.strokes(2) == ["2", "7.88"]
    assert max(float(x) for x in svg_geometry.strokes(60)) <= 98
