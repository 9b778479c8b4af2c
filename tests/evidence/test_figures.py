"""How figures read, are drawn and are set beside each other."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.evidence.figures import NOT_HELD, figure_rows, format_figure, format_number, ordinal


def stat(**fields: Any) -> Any:
    """A statistic with the given fields; numbers may be given as strings."""
    blank: dict[str, Any] = {
        "value": None, "low": None, "high": None, "whole": None, "qualifier": "exact",
        "unit": "number", "display_text": "", "status": "confirmed", "fact_key": "",
    }  # fmt: skip
    for name in ("value", "low", "high", "whole"):
        if name in fields:
            fields[name] = Decimal(fields[name])
    return SimpleNamespace(**(blank | fields))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"value": "11.3", "unit": "percent"}, "11.3%"),
        ({"value": "510000.000000"}, "510,000"),
        ({"value": "5E+3", "qualifier": "over"}, "over 5,000"),
        ({"value": "12", "qualifier": "about"}, "about 12"),
        ({"value": "10", "qualifier": "up_to", "unit": "percent"}, "up to 10%"),
        ({"value": "500", "unit": "gbp_million"}, "£500m"),
        ({"value": "1.600000", "unit": "gbp_billion"}, "£1.6bn"),
        ({"value": "-1.5", "unit": "gbp_billion"}, "−£1.5bn"),
        ({"low": "0.73", "high": "1.28", "qualifier": "range", "unit": "gbp_billion"}, "£0.73–1.28bn"),
        ({"low": "4300", "high": "5300", "qualifier": "range"}, "4,300–5,300"),
        ({"value": "3", "qualifier": "one_in"}, "1 in 3"),
        ({"value": "1", "qualifier": "rank"}, "1st"),
        ({"value": "2030", "unit": "year"}, "2030"),
        ({"qualifier": "named", "display_text": "Europe’s largest"}, "Europe’s largest"),
        ({"status": "missing", "unit": "percent"}, NOT_HELD),
        ({"qualifier": "range", "low": "4"}, NOT_HELD),
        ({}, NOT_HELD),
    ],
)
def test_text(fields: dict[str, Any], text: str) -> None:
    figure = format_figure(stat(**fields))
    assert figure.text == text
    assert figure.held is (text != NOT_HELD)


def test_parts_stand_apart() -> None:
    figure = format_figure(stat(value="1.6", unit="gbp_billion", qualifier="over"))
    assert (figure.before, figure.main, figure.after) == ("over", "£1.6", "bn")


def test_a_missing_figure_shows_nothing_even_with_a_value_left_in_it() -> None:
    figure = format_figure(stat(status="missing", value="7", unit="percent"))
    assert (figure.text, figure.held, figure.bar) == (NOT_HELD, False, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (101, "101st"), (111, "111th"), (1002, "1,002nd")],
)  # fmt: skip
def test_ordinals(value: int, text: str) -> None:
    assert "".join(ordinal(value)) == text


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=6))
def test_numbers_never_use_an_exponent_and_read_back(value: Decimal) -> None:
    text = format_number(value)
    assert "e" not in text.lower()
    assert Decimal(text.replace(",", "")) == value


def test_a_share_is_drawn_from_nought() -> None:
    bar = format_figure(stat(value="26", unit="percent")).bar
    assert bar is not None
    assert (bar.start, bar.end, bar.scale_to) == ("0", "26", "")


def test_a_share_of_a_stated_whole_says_what_the_whole_is() -> None:
    bar = format_figure(stat(value="62500", whole="100000")).bar
    assert bar is not None
    assert (bar.end, bar.scale_from, bar.scale_to) == ("62.5", "0", "100,000")


def test_a_percentage_over_a_hundred_has_no_bar() -> None:
    assert format_figure(stat(value="120", unit="percent")).bar is None


def test_a_count_without_a_whole_has_no_bar() -> None:
    assert format_figure(stat(value="240")).bar is None


def test_a_range_sits_between_its_ends_on_a_scale_from_nought() -> None:
    bar = format_figure(stat(low="450", high="790", qualifier="range", unit="gbp_million")).bar
    assert bar is not None
    assert (bar.scale_from, bar.scale_to) == ("0", "£1,000m")
    assert (bar.start, bar.end) == ("45", "79")


def test_one_in_three_is_three_pieces_with_one_filled() -> None:
    bar = format_figure(stat(value="3", qualifier="one_in")).bar
    assert bar is not None
    assert len(bar.pieces) == 2


# --- sets of figures ------------------------------------------------------------------------------


def shape(rows: list[list[Any]]) -> list[list[int]]:
    return [[cell.span for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("count", "spans"),
    [(1, [[2]]), (2, [[3, 3]]), (3, [[2, 2, 2]]), (4, [[3, 3], [3, 3]]), (5, [[2, 2, 2], [3, 3]]),
     (6, [[2, 2, 2], [2, 2, 2]]), (7, [[2, 2, 2], [3, 3], [3, 3]])],
)  # fmt: skip
def test_nobody_stands_alone(count: int, spans: list[list[int]]) -> None:
    assert shape(figure_rows([stat(value="5") for _ in range(count)])) == spans


def test_wide_figures_stand_two_to_a_row() -> None:
    wide = {"low": "4300", "high": "5300", "qualifier": "range"}
    assert shape(figure_rows([stat(**wide), stat(value="1"), stat(**wide)])) == [[3, 3], [3]]


def test_the_first_figure_can_lead_with_one_beside_it() -> None:
    rows = figure_rows([stat(value="11.3", unit="percent"), stat(status="missing"), stat(value="5")], True)
    assert shape(rows) == [[4, 2], [2]]
    assert [cell.lead for row in rows for cell in row] == [True, False, False]


def test_a_missing_figure_never_leads() -> None:
    rows = figure_rows([stat(status="missing"), stat(value="5")], lead=True)
    assert not any(cell.lead for row in rows for cell in row)


def test_rivals_share_a_row_where_the_first_of_them_stands() -> None:
    one, two = (stat(value=v, status="disputed", fact_key="iamp-jobs") for v in ("5000", "7000"))
    between = stat(value="1")
    rows = figure_rows([stat(value="2"), one, between, two])
    assert shape(rows) == [[2], [6], [2]]
    assert rows[1][0].statistics == (one, two)
    assert rows[1][0].disputed


def test_rivals_may_come_as_a_list() -> None:
    pair = [stat(value=v, status="disputed") for v in ("5000", "7000")]
    rows = figure_rows([pair])
    assert rows[0][0].statistics == tuple(pair)


@given(st.lists(st.sampled_from(["held", "wide", "missing", "disputed"]), max_size=12), st.booleans())
def test_every_figure_is_set_exactly_once_and_in_order(kinds: list[str], lead: bool) -> None:
    made = {
        "held": {"value": "5"},
        "wide": {"low": "4300", "high": "5300", "qualifier": "range"},
        "missing": {"status": "missing"},
        "disputed": {"value": "5", "status": "disputed"},
    }
    statistics = [stat(**made[kind]) for kind in kinds]
    rows = figure_rows(statistics, lead)
    assert [statistic for row in rows for cell in row for statistic in cell.statistics] == statistics
    assert all(sum(cell.span for cell in row) <= 6 for row in rows)
