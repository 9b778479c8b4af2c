"""Small numbers can't be worked out from what is published, by anybody who knows the rule.

Not by trying some tables, but all: every table up to a size is published, and those that look the same are put
together. Whoever sees what is published knows that it is one of them, and nothing else. What several tables say
together is in ``tests/feedback/reporting/test_differencing.py``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback.analysis.counts import Tally
from engagement.feedback.analysis.disclosure_control import (
    PublishedTally,
    may_follow,
    publish_responses,
    publish_tally,
    restrict,
)
from engagement.feedback.schema import STANCE_GROUPS, STANCES

# Nothing here touches a database.
pytestmark = pytest.mark.once

THRESHOLDS = (3, 4, 5)
Table = tuple[int, ...]


def tally(counts: Sequence[int], answered: int | None = None) -> Tally:
    """A question with so many options. With ``answered``, several of them could be chosen."""
    options = {f"Option {number}": count for number, count in enumerate(counts)}
    if answered is None:
        return Tally("q", "", "Which?", options, sum(counts))
    return Tally("q", "", "Which?", options, answered, several=True)


def stances(counts: Sequence[int]) -> Tally:
    """A proposition, and how many took each of the six stances."""
    return Tally("p1", "P1", "", dict(zip(STANCES.values(), counts, strict=True)), sum(counts), groups=STANCE_GROUPS)


def all_rows(classes: int, most: int) -> Iterator[Table]:
    """All rows of so many counts that add up to ``most`` or less."""
    if not classes:
        yield ()
        return
    for first in range(most + 1):
        for rest in all_rows(classes - 1, most - first):
            yield first, *rest


def descending(classes: int, most: int, largest: int | None = None) -> Iterator[Table]:
    """All rows that add up to ``most`` or less, the largest count first: the rule looks at no order."""
    if not classes:
        yield ()
        return
    for first in range(min(most, most if largest is None else largest) + 1):
        for rest in descending(classes - 1, most - first, first):
            yield first, *rest


def looks_of(published: PublishedTally) -> Any:
    return tuple(published.counts.items()), tuple(published.parts.items()), published.answered


def assert_ambiguous(
    tables: Iterable[Table], look: Callable[[Table], Any], numbers: Callable[[Table], Sequence[int]], threshold: int
) -> None:
    """Each small number of each table can be at least two different small numbers, to whoever sees its look."""
    looks: dict[Any, list[Table]] = defaultdict(list)
    for table in tables:
        looks[look(table)].append(table)
    assert len(looks) > 1
    for seen, alike in looks.items():
        for place in zip(*map(numbers, alike), strict=True):
            small = {number for number in place if number < threshold}
            assert len(small) > 1 or small <= {0}, (seen, alike[:5])


def with_groups(row: Table) -> Table:
    """The six stances, those that are published together, and all."""
    return *row, row[0] + row[1], row[3] + row[4], sum(row)


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize(("classes", "most"), [(2, 40), (3, 30), (4, 26), (5, 24), (6, 24)])
def test_no_small_choice_can_be_worked_out(classes: int, most: int, threshold: int):
    check_choices(classes, most, threshold)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [*THRESHOLDS, 6, 7])
@pytest.mark.parametrize(("classes", "most"), [(4, 50), (5, 45), (6, 40), (8, 36)])
def test_no_small_choice_can_be_worked_out_in_larger_tables(classes: int, most: int, threshold: int):
    check_choices(classes, most, threshold)


def check_choices(classes: int, most: int, threshold: int) -> None:
    looks: dict[Any, set[int]] = defaultdict(set)
    for row in descending(classes, most):
        published = publish_tally(tally(row), threshold)
        shown = [count for count in published.counts.values() if count is not None]
        # In which order the hidden ones stand, nobody can see: each of them can be any.
        looks[tuple(shown), published.answered].update(row[len(shown) :])
        if published.answered is not None and not published.is_complete:
            assert published.hidden_together >= threshold
    for seen, hidden in looks.items():
        small = {count for count in hidden if count < threshold}
        assert len(small) > 1 or small <= {0}, (seen, hidden)


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_no_small_number_of_stances_can_be_worked_out(threshold: int):
    check_stances(12, threshold)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [*THRESHOLDS, 6])
def test_no_small_number_of_stances_can_be_worked_out_in_larger_tables(threshold: int):
    check_stances(20, threshold)


def check_stances(most: int, threshold: int) -> None:
    def look(row: Table) -> Any:
        return looks_of(publish_tally(stances(row), threshold))

    assert_ambiguous(all_rows(6, most), look, with_groups, threshold)


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_no_small_number_can_be_worked_out_where_several_could_be_chosen(threshold: int):
    check_several(3, 12, threshold)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [*THRESHOLDS, 6])
@pytest.mark.parametrize(("options", "most"), [(3, 20), (4, 11)])
def test_no_small_number_can_be_worked_out_of_more_choices(options: int, most: int, threshold: int):
    check_several(options, most, threshold)


def check_several(options: int, most: int, threshold: int) -> None:
    """Everybody is in one option at least, and nobody in one twice."""
    tables = (
        (*row, answered)
        for row in all_rows(options, options * most)
        if max(row) <= most
        for answered in range(max(row), min(sum(row), most) + 1)
    )
    assert_ambiguous(
        tables,
        lambda table: looks_of(publish_tally(tally(table[:-1], table[-1]), threshold)),
        lambda table: table,
        threshold,
    )


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize(("is_covered", "is_apart"), [(False, False), (True, False), (False, True), (True, True)])
def test_no_small_total_can_be_worked_out(threshold: int, is_covered: bool, is_apart: bool):
    """How many answered each of three questions, and how many anything at all: the last of each table."""
    tables = (
        (*totals, answered)
        for totals in product(range(10), repeat=3)
        for answered in range(sum(totals) if is_apart else max(totals), 40)
        if answered <= sum(totals) or not is_covered
    )

    def look(table: Table) -> Any:
        totals = [None if 0 < total < threshold else total for total in table[:-1]]
        return *totals, publish_responses(table[-1], totals, threshold, is_covered=is_covered, is_apart=is_apart)

    assert_ambiguous(tables, look, lambda table: table[:-1], threshold)


@given(st.lists(st.integers(0, 12), min_size=2, max_size=5).flatmap(st.permutations), st.sampled_from(THRESHOLDS))
def test_the_order_of_options_changes_nothing(row: list[int], threshold: int):
    mixed, ordered = (publish_tally(tally(each), threshold).counts.values() for each in (row, sorted(row)))
    assert sorted(mixed, key=str) == sorted(ordered, key=str)


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), st.integers(3, 7))
@example([26, 15, 6, 5, 4, 4], 5)
def test_what_is_published_is_true(row: list[int], threshold: int):
    for made in (tally(row), stances(row)):
        published = publish_tally(made, threshold)
        counts = {name: sum(made.counts[one] for one in made.groups.get(name, (name,))) for name in published.counts}
        assert all(count in (None, counts[name]) for name, count in published.counts.items())
        assert published.parts in ({}, made.counts)
        assert published.answered in (None, sum(row))


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        # Shown as they are: nobody is no small number of people.
        ([30, 9, 0], [30, 9, 0]),
        ([5, 40, 12], [5, 40, 12]),
        # Two hidden fours would be the only way to eight, and there would be few ways to thirteen.
        ([26, 15, 6, 5, 4, 4], [26, 15, None, None, None, None]),
        # Equal ones go together, and with a single small one the next larger.
        ([2, 30, 9, 12], [None, 30, None, 12]),
        ([2, 30, 9, 9], [None, 30, None, None]),
        # Noughts beside hidden numbers are hidden, or they would say that the others are none.
        ([20, 8, 3, 2, 0], [20, 8, None, None, None]),
        ([1, 1, 1, 1, 1], [None] * 5),
    ],
)
def test_what_is_hidden(row: list[int], shown: list[int | None]):
    published = publish_tally(tally(row), 5)
    assert ([*published.counts.values()], published.answered) == (shown, sum(row))


def test_fewer_people_than_the_threshold_are_hidden_altogether():
    published = publish_tally(tally([1, 2, 0]), 5)
    assert ([*published.counts.values()], published.answered) == ([None] * 3, None)


@pytest.mark.parametrize(
    ("row", "counts", "is_split"),
    [
        ([12, 9, 0, 5, 7, 6], [21, 0, 12, 6], True),
        ([12, 9, 6, 0, 0, 6], [21, 6, 0, 6], True),
        ([12, 4, 6, 5, 5, 6], [16, 6, 10, 6], False),
        # That nobody strongly supports it isn't said where somebody supports it.
        ([0, 9, 6, 5, 5, 6], [9, 6, 10, 6], False),
        ([12, 9, 3, 5, 5, 6], [21, None, 10, None], False),
    ],
)
def test_stances_are_published_in_the_classes_that_may_be(row: list[int], counts: list[int | None], is_split: bool):
    published = publish_tally(stances(row), 5)
    assert ([*published.counts.values()], bool(published.parts)) == (counts, is_split)


ROWS = st.lists(st.integers(0, 25), min_size=6, max_size=6)


@given(ROWS, ROWS, st.integers(3, 6))
@example([20, 10, 8, 6, 9, 7], [20, 10, 8, 6, 8, 7], 5)
@example([20, 10, 8, 3, 1, 7], [20, 10, 8, 1, 1, 7], 5)
def test_figures_move_in_steps_of_the_threshold(old: list[int], new: list[int], threshold: int):
    for make in (tally, stances):
        before, after = publish_tally(make(old), threshold), publish_tally(make(new), threshold)
        if may_follow(before, after, threshold):
            for one, other in zip(numbers_of(before), numbers_of(after), strict=True):
                assert None in (one, other) or abs(one - other) in (0, *range(threshold, 200))


def numbers_of(published: PublishedTally) -> list[int | None]:
    parts = [published.parts.get(stance) for stance in STANCES.values()]
    return [*published.counts.values(), *parts, published.answered]


def test_a_row_that_becomes_too_small_stands_as_it_was():
    before, after = publish_tally(tally([6, 0]), 5), publish_tally(tally([4, 0]), 5)
    assert not may_follow(before, after, 5)
    assert may_follow(after, before, 5)
    assert may_follow(before, publish_tally(tally([0, 0]), 5), 5)


@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.integers(3, 8), st.integers(0, 6))
def test_a_larger_threshold_hides_more_of_what_was_published(row: list[int], threshold: int, more: int):
    for make in (tally, stances):
        before = publish_tally(make(row), threshold)
        after = restrict(before, threshold + more)
        assert after == before if not more else True
        for one, other in zip(numbers_of(before), numbers_of(after), strict=True):
            assert other in (None, one)
            assert not other or other >= threshold + more
        assert after.answered is None or after.is_complete or after.hidden_together >= threshold + more
