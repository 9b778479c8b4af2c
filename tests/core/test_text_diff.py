"""The difference of two texts leads from one to the other, and reads as a person would mark it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.core.text_diff import DiffPart, count_words, diff_words, new_text, old_text

TEXTS = st.one_of(
    st.text(max_size=80),
    # Few words, so that much is repeated and moved about.
    st.lists(st.sampled_from(["kite", "Kite", "wind", "£5m", " ", "  ", "\n\n", ".", "don’t", "-"]), max_size=30).map(
        "".join
    ),
)


@given(TEXTS, TEXTS)
def test_the_changes_lead_from_the_old_text_to_the_new(old: str, new: str):
    pieces = diff_words(old, new)
    assert old_text(pieces) == old
    assert new_text(pieces) == new


@given(TEXTS, TEXTS)
def test_no_piece_is_empty_and_no_two_neighbours_are_of_one_state(old: str, new: str):
    pieces = diff_words(old, new)
    assert all(piece.text for piece in pieces)
    assert all(one.state != other.state for one, other in pairwise(pieces))


@given(TEXTS)
def test_the_same_text_has_no_changes(text: str):
    assert [piece.state for piece in diff_words(text, text)] in (["same"], [])


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Fly kites.", "Fly large kites.", "Fly+ large+ kites."),
        ("Fly kites.", "Sell kites.", "-Fly-+Sell+ kites."),
        ("over 7,000 jobs", "over 5,000 jobs", "over -7,000-+5,000+ jobs"),
        ("£5.5m, 20%", "£5.6m, 25%", "-£5.5m-+£5.6m+, -20%-+25%+"),
        ("the old way", "the new road", "the -old way-+new road+"),
        ("the region's kites", "the regions’ kites", "the -region's-+regions’+ kites"),
        ("", "New.", "+New.+"),
        ("One.\n\nTwo.", "One.", "One.-\n\nTwo.-"),
    ],
)
def test_whole_words_are_marked(old: str, new: str, marked: str):
    signs = {"same": "", "added": "+", "removed": "-"}
    pieces = diff_words(old, new)
    assert "".join(f"{signs[piece.state]}{piece.text}{signs[piece.state]}" for piece in pieces) == marked


def test_words_are_counted_apart():
    assert count_words(diff_words("Fly small kites.", "Fly very large kites!")) == (2, 1)
    assert count_words([DiffPart("same", "one two")]) == (0, 0)
