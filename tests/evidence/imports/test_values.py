"""Numbers as files write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.evidence.imports.values import NotANumberError, parse_value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("67.1", "67.1"),
        (" \t67.1 ", "67.1"),
        ("9182700.0", "9182700"),
        ("907,931,111", "907931111"),
        ("1 234 567", "1234567"),
        ("1\u202f234.5", "1234.5"),
        ("69.60000000000001", "69.6"),
        ("-1.5", "-1.5"),
        ("−1.5", "-1.5"),
        ("£32.02", "32.02"),
        ("-£3", "-3"),
        ("11.0%", "11"),
        (".5", "0.5"),
        ("1e5", "100000"),
        ("0", "0"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert parse_value(text).number == Decimal(number)


@pytest.mark.parametrize("text", ["", "!", "-", "*", "#", "~", "..", ":", "[x]", "(c)", "n/a", "NA", "NaN", "–"])
def test_marks_in_place_of_a_value(text: str) -> None:
    assert (parse_value(text).number, parse_value(text).flag) == (None, text)


@pytest.mark.parametrize(
    ("text", "number", "flag"), [("67.1 [p]", "67.1", "[p]"), ("67.1*", "67.1", "*"), ("5 p", "5", "p")]
)
def test_marks_behind_a_value(text: str, number: str, flag: str) -> None:
    assert (parse_value(text).number, parse_value(text).flag) == (Decimal(number), flag)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("67,1", "full stop"),
        ("many", "number alone"),
        ("12,34,567", "number alone"),
        ("#DIV/0!", "spreadsheet"),
        ("#N/A", "spreadsheet"),
        ("1.2.3", "number alone"),
        ("999999999999999999", "too long"),
        ("1e99", "too long"),
        ("FALSE", "number alone"),
        ("inf", "number alone"),
    ],
)
def test_what_is_no_number(text: str, hint: str) -> None:
    with pytest.raises(NotANumberError, match=hint):
        parse_value(text)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_any_number_is_read_as_it_is_written(number: Decimal) -> None:
    assert parse_value(f"{number:f}").number == number
    assert parse_value(f"{number:,f}").number == number


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_is_refused(text: str) -> None:
    try:
        parse_value(text)
    except NotANumberError as error:
        assert str(error)
