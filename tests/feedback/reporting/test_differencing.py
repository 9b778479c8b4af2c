"""Nothing that a round publishes lets anybody work out a number that is hidden, whatever is subtracted from what.

All that is published is taken together: versions apart and together, and the same figures on the results page, beside
the proposition and in the open data. As in ``tests/feedback/analysis/test_disclosure_control.py``, all tables up to a
size are gone through, and whoever looks knows the rule.
"""

from collections import Counter
from itertools import chain
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback.analysis.counts import Tally
from engagement.feedback.analysis.disclosure_control import PublishedTally, publish_tally
from engagement.feedback.analysis.form_history import EARLIER_PAGE_KEY, FormHistory
from engagement.feedback.reporting.open_data import count_rows
from engagement.feedback.reporting.presenters import HIDDEN, result_charts, support_results
from engagement.feedback.reporting.published_figures import (
    STANCE_COLUMNS,
    GroupFigures,
    PropositionSupport,
    PublishedFigures,
    proposition_support,
)
from engagement.feedback.reporting.support_bars import support_bar
from engagement.feedback.schema import STANCES, FormPage, FormSchema, Question, RatedProposition
from tests.feedback.analysis.test_disclosure_control import Table, all_rows, assert_ambiguous, looks_of

# Nothing here touches a database.
pytestmark = pytest.mark.once

RATED = RatedProposition("p1", 1, 1, 1, "P1", "Kites", "", "")
ITEM = Question("q1", "Which?", "choices", choices=("Red", "Green", "Blue", "Grey"))
FORM = FormSchema("", "", "", (FormPage("page", "Kites", propositions=(RATED,), questions=(ITEM,)),))
#: Two stances that are published together where they can't be told apart, and one by itself.
FEW = ("strongly_support", "support", "oppose")


def support_of(table: Table) -> PropositionSupport:
    """Of a table with the stances FEW on a first version, then on a second."""
    versions = {1: dict(zip(FEW, table[:3], strict=True)), 2: dict(zip(FEW, table[3:], strict=True))}
    return proposition_support(RATED, {number: row for number, row in versions.items() if any(row.values())}, 3)


def crossing(table: Table) -> list[int]:
    """Every number of a crossing of versions and stances: its cells, and all that they add up to."""
    rows = [table[:3], table[3:], tuple(map(sum, zip(table[:3], table[3:], strict=True)))]
    return [*chain.from_iterable((*row, row[0] + row[1], sum(row)) for row in rows)]


def look(table: Table) -> Any:
    support = support_of(table)
    by_version = [(number, looks_of(tally)) for number, tally in support.by_version.items()]
    return looks_of(support.whole), support.versions, tuple(by_version)


def test_no_small_number_of_a_crossing_can_be_worked_out():
    # From so many on, both versions can be told apart.
    assert support_of((3, 3, 3, 3, 3, 3)).by_version
    assert_ambiguous(all_rows(6, 10), look, crossing, 3)


@pytest.mark.slow
def test_no_small_number_of_a_larger_crossing_can_be_worked_out():
    assert_ambiguous(all_rows(6, 20), look, crossing, 3)


VERSIONS = st.dictionaries(
    st.integers(1, 2), st.fixed_dictionaries({stance: st.integers(0, 12) for stance in STANCES}), max_size=2
)
BALLOTS = st.lists(st.frozensets(st.sampled_from(ITEM.choices), min_size=1), max_size=16)
THRESHOLDS = st.integers(3, 6)


def figures(support: PropositionSupport, shown: PublishedTally) -> PublishedFigures:
    """What is published of a round in which people answered this."""
    empty = GroupFigures(0, {"p1": proposition_support(RATED, {}, 5)}, {"q1": publish_tally(tally([]), 5)})
    return PublishedFigures(FORM, GroupFigures(50, {"p1": support}, {"q1": shown}), empty, 0)


def tally(ballots: list[frozenset[str]]) -> Tally:
    counts = {word: sum(word in ballot for ballot in ballots) for word in ITEM.choices}
    return Tally("q1", "", "Which?", counts, sum(bool(ballot) for ballot in ballots), several=True)


def open_data(published: PublishedFigures, kind: str) -> list[tuple[str, str, int | None]]:
    """The rows of the open data about people: version, answer, count."""
    return [(row[4], row[5], row[6]) for row in count_rows(published) if row[0] == "people" and row[1] == kind]


@given(VERSIONS, BALLOTS, THRESHOLDS)
@example({1: dict.fromkeys(STANCES, 6), 2: dict.fromkeys(STANCES, 7)}, [], 5)
def test_the_results_page_and_the_open_data_say_the_same(
    by_version: dict[int, dict[str, int]], ballots: list[frozenset[str]], smallest: int
):
    support = proposition_support(RATED, by_version, smallest)
    published = figures(support, publish_tally(tally(ballots), smallest))
    stances = support_results(FORM.pages[0], published.people)
    (choices,) = result_charts(published)
    rows = open_data(published, "stance")
    for cells, version in zip(stances.table.rows, ["", *map(str, support.by_version)], strict=True):
        public = {answer: HIDDEN if count is None else count for at, answer, count in rows if at == version}
        shown = dict(zip((*STANCE_COLUMNS, "All answers"), cells[1:], strict=True))
        # Where strong stances are told apart, the page shows what they add up to as well.
        assert all(shown[answer] == count for answer, count in public.items() if answer in shown)
        assert all(
            shown[answer] == HIDDEN for answer in shown.keys() - public.keys() if "strongly or not" not in answer
        )
    cells = [HIDDEN if count is None else count for _, _, count in open_data(published, "choice")]
    assert [cell for _, cell in choices.table.rows] == cells[:-1]


@given(VERSIONS, THRESHOLDS)
def test_no_number_is_drawn_that_is_not_in_the_table(by_version: dict[int, dict[str, int]], smallest: int):
    whole = proposition_support(RATED, by_version, smallest).whole
    bar = support_bar(RATED, whole)
    drawn = Counter({piece.kind: piece.count for piece in bar.pieces})
    if whole.answered is None:
        assert [(piece.kind, piece.count) for piece in bar.pieces] == [("hidden", 0)]
        return
    shown = [cell.count for cell in bar.cells if cell.count is not None]
    # What is hidden is one piece, as long as what is left.
    assert drawn["hidden"] == whole.hidden_together == whole.answered - sum(shown)
    assert len([piece for piece in bar.pieces if piece.kind == "hidden"]) <= 1
    divided = {"strong", "support"} & drawn.keys()
    assert not divided or set(whole.parts) == set(STANCES.values())
    assert sum(drawn.values()) == whole.answered
    assert all(0 <= piece.start < piece.end <= 100 for piece in bar.pieces)


@given(VERSIONS, THRESHOLDS)
def test_a_hidden_number_has_no_share_either(by_version: dict[int, dict[str, int]], smallest: int):
    bar = support_bar(RATED, proposition_support(RATED, by_version, smallest).whole)
    assert all(cell.share is None for cell in bar.cells if cell.count is None)
    # With one hidden number alone, the others would give it away.
    assert [cell.count for cell in bar.cells].count(None) != 1


@given(VERSIONS, THRESHOLDS)
def test_versions_together_are_the_sum_of_versions_apart(by_version: dict[int, dict[str, int]], smallest: int):
    support = proposition_support(RATED, by_version, smallest)
    if not support.by_version:
        assert len(by_version) < 2 or not support.is_complete
        return
    for name, whole in support.whole.finest.items():
        apart = [tally.finest[name] or 0 for tally in support.by_version.values()]
        assert sum(apart) == whole
        assert not whole or min(apart) >= smallest


def test_what_an_earlier_form_asked_is_on_a_page_of_its_own():
    old = FormSchema("", "", "", (FormPage("page", "Kites", propositions=(RATED,), questions=(ITEM,)),))
    new = FormSchema(
        "New",
        "",
        "",
        (FormPage("page", "Kites", questions=(Question("q1", "Which now?", "choices", choices=("Red",)),)),),
    )
    whole = FormHistory([old, new]).form
    assert [page.key for page in whole.pages] == ["page", EARLIER_PAGE_KEY]
    assert [item.text for item in whole.questions()] == ["Which now?"]
    assert [*whole.propositions()] == [RATED]
    assert FormHistory([new]).form == new
    assert FormHistory([]).form.pages == ()
