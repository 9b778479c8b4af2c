"""Small numbers can't be worked out from what is published beside them. What several tables say together: reporting."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback.analysis.disclosure_control import suppress_row

# Nothing here touches a database.
pytestmark = pytest.mark.once

THRESHOLDS = st.integers(2, 6)


def possible(shown: Sequence[int | None], total: int | None, position: int, most: int) -> set[int]:
    """What a hidden count can be, for somebody who tries every whole number from one up for all that is hidden.

    The rows that fit are found by trying, not by the rule that hid the counts.
    """
    hidden = [other for other, count in enumerate(shown) if count is None]
    found = set()
    for guess in product(range(1, most + 1), repeat=len(hidden)):
        row = dict(enumerate(count or 0 for count in shown)) | dict(zip(hidden, guess, strict=True))
        if total in (None, sum(row.values())):
            found.add(row[position])
            if len(found) > 1:
                break
    return found


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), THRESHOLDS)
@example([1, 1, 1, 1], 2)
@example([4, 4, 4], 5)
@example([0, 0, 1, 9], 5)
def test_no_small_count_can_be_worked_out(row: list[int], threshold: int):
    shown, total = suppress_row(row, threshold)
    for position, count in enumerate(row):
        if 0 < count < threshold:
            assert shown[position] is None
            assert len(possible(shown, total, position, 15)) > 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), THRESHOLDS)
def test_what_is_published_is_true(row: list[int], threshold: int):
    shown, total = suppress_row(row, threshold)
    assert all(count in (None, true) for count, true in zip(shown, row, strict=True))
    assert total in (None, sum(row))


@given(st.lists(st.integers(5, 40), min_size=1, max_size=6))
def test_nothing_is_hidden_without_need(row: list[int]):
    assert suppress_row(row, 5) == (row, sum(row))


def test_the_smallest_neighbour_goes_with_a_single_small_count():
    assert suppress_row([2, 30, 9, 12], 5) == ([None, 30, None, 12], 53)


def test_where_everything_is_one_the_total_goes():
    assert suppress_row([1, 1, 1, 1, 1], 5) == ([None] * 5, None)


def test_nobody_is_no_small_number_of_people():
    assert suppress_row([0, 30, 9], 5) == ([0, 30, 9], 39)


def test_fewer_people_than_the_threshold_are_hidden_altogether():
    assert suppress_row([1, 2, 0], 5) == ([None, None, None], None)
