"""Small numbers can't be worked out from what is published beside them."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback.privacy.disclosure_control import SuppressedCounts, suppress_row, suppress_table

pytestmark = pytest.mark.pg

THRESHOLDS = st.integers(2, 6)


def possible(published: SuppressedCounts, anchor: tuple[int, int], most: int) -> set[int]:
    """What the count at a place can be, for somebody who tries every whole number from one up for all that is hidden.

    The tables that fit are found by trying, not by the rule that hid the counts.
    """
    height, width = len(published.cells), len(published.cells[0])
    hidden = [one for one in product(range(height), range(width)) if published.cells[one[0]][one[1]] is None]
    found = set()
    for guess in product(range(1, most + 1), repeat=len(hidden)):
        table = [[count or 0 for count in row] for row in published.cells]
        for (row, column), count in zip(hidden, guess, strict=True):
            table[row][column] = count
        if fits(published, table):
            found.add(table[anchor[0]][anchor[1]])
            if len(found) > 1:
                break
    return found


def fits(published: SuppressedCounts, table: list[list[int]]) -> bool:
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    pairs = [*zip(published.rows, rows, strict=True), (published.total, sum(rows))]
    if published.columns:
        pairs += zip(published.columns, columns, strict=True)
    return all((shown is None and there > 0) or shown == there for shown, there in pairs)


def small_ones(table: list[list[int]], threshold: int) -> list[tuple[int, int]]:
    places = product(range(len(table)), range(len(table[0])))
    return [place for place in places if 0 < table[place[0]][place[1]] < threshold]


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), THRESHOLDS)
@example([1, 1, 1, 1], 2)
@example([4, 4, 4], 5)
@example([0, 0, 1, 9], 5)
def test_no_small_count_of_a_row_can_be_worked_out(row: list[int], threshold: int):
    published = suppress_row(row, threshold)
    for place in small_ones([row], threshold):
        assert published.cells[place[0]][place[1]] is None
        assert len(possible(published, place, 15)) > 1


@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2), THRESHOLDS)
@example([[1, 7], [7, 7]], 5)
@example([[1, 0], [0, 7]], 5)
def test_no_small_count_of_a_table_can_be_worked_out(table: list[list[int]], threshold: int):
    published = suppress_table(table, threshold)
    for place in small_ones(table, threshold):
        assert published.cells[place[0]][place[1]] is None
        assert len(possible(published, place, 9)) > 1


@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=5), THRESHOLDS)
def test_what_is_published_is_true(table: list[list[int]], threshold: int):
    published = suppress_table(table, threshold)
    for shown, there in zip(published.cells, table, strict=True):
        assert all(count in (None, true) for count, true in zip(shown, there, strict=True))
    assert all(shown in (None, sum(row)) for shown, row in zip(published.rows, table, strict=True))
    assert published.total in (None, sum(map(sum, table)))


@given(st.lists(st.integers(5, 40), min_size=1, max_size=6))
def test_nothing_is_hidden_without_need(row: list[int]):
    assert suppress_row(row, 5).is_complete


def test_the_smallest_neighbour_goes_with_a_single_small_count():
    assert suppress_row([2, 30, 9, 12], 5).cells == ((None, 30, None, 12),)


def test_nobody_is_no_small_number_of_people():
    assert suppress_row([0, 30, 9], 5).is_complete


def test_fewer_people_than_the_threshold_are_hidden_altogether():
    published = suppress_row([1, 2, 0], 5)
    assert published.cells == ((None, None, None),)
    assert published.total is None


def test_a_table_worked_out_by_hand():
    """The 2 takes the 8 of its row and the 7 of its column with it, and the 20 closes the square."""
    published = suppress_table([[2, 8, 30], [7, 20, 31], [40, 41, 42]], 5)
    assert published.cells == ((None, None, 30), (None, None, 31), (40, 41, 42))
    assert published.rows == (40, 58, 123)
    assert published.columns == (49, 69, 103)


@pytest.mark.parametrize("table", [[], [[1, 2], [3]], [[-1, 4]]])
def test_what_is_no_table_is_refused(table: list[list[int]]):
    with pytest.raises(ValueError, match="A table needs"):
        suppress_table(table, 5)
