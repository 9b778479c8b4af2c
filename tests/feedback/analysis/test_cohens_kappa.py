"""Cohen's kappa against examples worked out elsewhere, and what must hold whatever the codings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.analysis.agreement import agreement

LABELS = st.sampled_from("abc")
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40)


def table(both: int, first: int, second: int, neither: int) -> list[tuple[bool, bool]]:
    """The pairs behind a table of two by two."""
    return [(True, True)] * both + [(True, False)] * first + [(False, True)] * second + [(False, False)] * neither


@pytest.mark.parametrize(
    ("pairs", "observed", "expected", "kappa"),
    [
        # Fifty applications read by two people, who both say yes to 20 and both no to 15; the first alone says yes to
        # 5, the second alone to 10. Encyclopaedias work kappa out with this table.
        (table(20, 5, 10, 15), 0.70, 0.50, 0.40),
        # Two tables with the same agreement of 0.60, from the same place: kappa tells them apart.
        (table(45, 15, 25, 15), 0.60, 0.54, 0.1304),
        (table(25, 35, 5, 35), 0.60, 0.46, 0.2593),
    ],
)
def test_worked_examples(pairs: list[tuple[bool, bool]], observed: float, expected: float, kappa: float):
    found = agreement(pairs)
    assert found.observed == pytest.approx(observed)
    assert found.expected == pytest.approx(expected)
    assert found.kappa == pytest.approx(kappa, abs=0.00005)


def test_cohens_own_example():
    """The paper’s example of 200 cases in three classes: agreement .70, by chance .41, kappa .492."""
    cells = {"aa": 88, "ab": 14, "ac": 18, "ba": 10, "bb": 40, "bc": 10, "ca": 2, "cb": 6, "cc": 12}
    pairs = [(cell[0], cell[1]) for cell, count in cells.items() for _ in range(count)]
    found = agreement(pairs)
    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.41)
    assert found.kappa == pytest.approx(0.492, abs=0.0005)


@given(PAIRS)
def test_it_lies_between_its_ends_and_is_the_same_both_ways(pairs: list[tuple[str, str]]):
    found, turned = agreement(pairs), agreement((other, one) for one, other in pairs)
    assert found == turned
    if found.kappa is not None:
        assert -1 <= found.kappa <= 1 + 1e-9
        assert (found.kappa == pytest.approx(1)) == all(one == other for one, other in pairs)


@given(st.lists(LABELS, min_size=1))
def test_with_oneself_it_is_one_or_says_nothing(labels: list[str]):
    found = agreement((label, label) for label in labels)
    assert found.kappa in (None, pytest.approx(1))
    assert (found.kappa is None) == (len(set(labels)) == 1)


def test_nothing_coded_says_nothing():
    assert agreement([]).kappa is None
