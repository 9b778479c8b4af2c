"""Nothing that a round publishes lets anybody work out a number that is hidden, whatever is subtracted from what.

All that is published is taken together: the results page and the open data, versions apart and together, choices of
which several could be made. What the hidden numbers can be is found by trying, not by the rule that hid them.
"""

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback.analysis.counts import Tally
from engagement.feedback.analysis.disclosure_control import PublishedTally, publish_tally
from engagement.feedback.analysis.form_history import EARLIER_PAGE_KEY, FormHistory
from engagement.feedback.reporting.open_data import count_rows
from engagement.feedback.reporting.presenters import HIDDEN, result_charts
from engagement.feedback.reporting.published_figures import (
    GroupFigures,
    PropositionSupport,
    PublishedFigures,
    proposition_support,
)
from engagement.feedback.schema import STANCES, FormPage, FormSchema, Question, RatedProposition

# Nothing here touches a database.
pytestmark = pytest.mark.once

RATED = RatedProposition("p1", 1, 1, 1, "P1", "Kites", "", "")
ITEM = Question("q1", "Which?", "choices", choices=("Red", "Green", "Blue", "Grey"))
FORM = FormSchema("", "", "", (FormPage("page", "Kites", propositions=(RATED,), questions=(ITEM,)),))
#: Three stances are enough to try all that can be, in a moment.
FEW = ("support", "neither", "oppose")
MOST = 14


def figures(one: PropositionSupport, shown: PublishedTally | None = None) -> PublishedFigures:
    """What is published of a round in which people answered this."""
    people = GroupFigures(50, {"p1": one}, {"q1": shown} if shown else {})
    empty = GroupFigures(
        0, {"p1": proposition_support(RATED, {}, 5)}, {"q1": publish_tally(tally([]), 5)} if shown else {}
    )
    return PublishedFigures(FORM, people, empty, 0)


def tally(ballots: list[frozenset[str]]) -> Tally:
    counts = {word: sum(word in ballot for ballot in ballots) for word in ITEM.choices}
    return Tally("q1", "", "Which?", counts, sum(bool(ballot) for ballot in ballots), several=True)


def said(one: PublishedFigures, kind: str) -> dict[tuple[str, str], int | None]:
    """The counts of the open data, by version and answer, of people."""
    rows = [row for row in count_rows(one) if row[0] == "people" and row[1] == kind]
    return {(row[4], row[5]): row[6] for row in rows}


VERSIONS = st.dictionaries(
    st.integers(1, 2), st.fixed_dictionaries({stance: st.integers(0, 9) for stance in FEW}), max_size=2
)


@given(VERSIONS, st.integers(2, 5))
@example({1: {"support": 9, "neither": 0, "oppose": 1}, 2: {"support": 5, "neither": 0, "oppose": 5}}, 5)
@example({1: {"support": 6, "neither": 0, "oppose": 0}, 2: {"support": 0, "neither": 0, "oppose": 3}}, 5)
def test_no_small_number_of_stances_can_be_worked_out(by_version: dict[int, dict[str, int]], smallest: int):
    public = said(figures(proposition_support(RATED, by_version, smallest)), "stance")
    together = {stance: sum(counts[stance] for counts in by_version.values()) for stance in FEW}
    for stance, count in together.items():
        if 0 < count < smallest:
            assert len(possible(public, stance, "")) > 1
    for version, counts in by_version.items():
        for stance, count in counts.items():
            if 0 < count < smallest:
                # Versions apart are only shown where none of them is small.
                assert (str(version), STANCES[stance]) not in public
                assert len(possible(public, stance, "")) > 1 or together[stance] >= smallest


def possible(public: Mapping[tuple[str, str], int | None], stance: str, version: str) -> set[int]:
    """What the number of a stance can be, for somebody who tries all that fits what is published."""
    names = [STANCES[one] for one in FEW]
    shown = [public[version, name] for name in names]
    total = public[version, "All answers"]
    found = set()
    for guess in product(*(range(1, MOST) if count is None else [count] for count in shown)):
        if total is None or sum(guess) == total:
            found.add(guess[FEW.index(stance)])
    return found


BALLOTS = st.lists(st.frozensets(st.sampled_from(ITEM.choices), min_size=1), max_size=16)


@given(BALLOTS, st.integers(2, 5))
@example([frozenset({"Red"})] * 12 + [frozenset({"Blue"})] * 4, 5)
@example([frozenset({"Red"})] * 6 + [frozenset({"Blue"})], 2)
@example([frozenset({"Red"})] * 8 + [frozenset({"Red", "Blue"})] * 2, 5)
@example([frozenset({one}) for one in ["Red"] * 7 + ["Green", "Blue", "Grey"] * 3], 4)
@example([frozenset({one}) for one in ["Red"] * 6 + ["Green", "Blue", "Grey"] * 3], 4)
@example([frozenset({one}) for one in ["Green", "Blue", "Grey"] * 4], 5)
@example([frozenset({one}) for one in ["Red", "Grey"] * 5 + ["Blue"] * 4], 5)
def test_no_small_number_of_choices_can_be_worked_out(ballots: list[frozenset[str]], smallest: int):
    made = tally(ballots)
    public = said(figures(proposition_support(RATED, {}, smallest), publish_tally(made, smallest)), "choice")
    shown = {word: public["", word] for word in ITEM.choices}
    answered = public["", "All answers"]
    for word, count in made.counts.items():
        if 0 < count < smallest:
            assert shown[word] is None
            found = fitting(shown, answered, word, smallest)
            assert len(found) > 1
            # Nor by somebody who learns which of the hidden numbers are the small ones.
            assert len([one for one in found if one < smallest]) > 1 or smallest < 4
        elif answered is not None:
            assert shown[word] in (None, count)


def fitting(shown: Mapping[str, int | None], answered: int | None, word: str, smallest: int) -> set[int]:
    """What the number of a choice can be, for somebody who knows how numbers are hidden. Two small ones are enough.

    Nobody is in one choice twice, and everybody who answered is in one at least. What was hidden of the real numbers is
    what would have been hidden of the guess.
    """
    # Where even that is hidden, so are those that nobody chose.
    least, most = (1, answered) if answered is not None else (0, MOST)
    found: set[int] = set()
    for guess in product(*(range(least, most + 1) if count is None else [count] for count in shown.values())):
        counts = dict(zip(shown, guess, strict=True))
        if counts[word] in found:
            continue
        for number in [answered] if answered is not None else range(1, MOST):
            if max(guess) <= number <= sum(guess):
                made = publish_tally(Tally("q1", "", "Which?", counts, number, several=True), smallest)
                if (dict(made.counts), made.answered) == (shown, answered):
                    found.add(counts[word])
                    break
        if len([one for one in found if one < smallest]) > 1:
            break
    return found


@given(VERSIONS, BALLOTS, st.integers(2, 5))
def test_the_results_page_and_the_open_data_say_the_same(
    by_version: dict[int, dict[str, int]], ballots: list[frozenset[str]], smallest: int
):
    one = figures(proposition_support(RATED, by_version, smallest), publish_tally(tally(ballots), smallest))
    stances, choices = result_charts(one)
    public = said(one, "stance")
    assert [HIDDEN if count is None else count for (version, _), count in public.items() if not version] == list(
        stances.table.rows[0][1:]
    )
    assert len(stances.table.rows) == 1 + len({version for version, _ in public if version})
    drawn = [bar["v"] for bar in choices.wide["data"]["values"]] if choices.wide else []
    shown = [HIDDEN if count is None else count for count in said(one, "choice").values()]
    assert [cell for _, cell in choices.table.rows] == shown[:-1]
    # A picture with one of several numbers hidden would show how long the others are without it.
    assert not drawn or HIDDEN not in shown


@given(VERSIONS, st.integers(2, 5))
def test_versions_together_are_the_sum_of_versions_apart(by_version: dict[int, dict[str, int]], smallest: int):
    one = proposition_support(RATED, by_version, smallest)
    if one.by_version:
        assert one.whole.is_complete
        for name in STANCES.values():
            assert one.whole.counts[name] == sum(shown.counts[name] or 0 for shown in one.by_version.values())
        assert all(count == 0 or count >= smallest for row in one.by_version.values() for count in row.counts.values())
    else:
        assert len(by_version) < 2 or one.split_is_hidden


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
