"""Spans of a text: where words stand, and the segments between codes and redactions."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.analysis.annotated_response import split_into_segments
from engagement.feedback.analysis.text_spans import find_spans

pytestmark = pytest.mark.pg

SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).filter(lambda pair: pair[0] < pair[1]), max_size=6
)


@given(st.text(max_size=25), SPANS, SPANS)
def test_pieces_are_the_text_and_know_what_is_on_them(text: str, coded: list[list[int]], hidden: list[list[int]]):
    codings, redactions = ([SimpleNamespace(start=a, end=b) for a, b in spans] for spans in (coded, hidden))
    found = split_into_segments(text, codings, redactions)
    assert "".join(segment.text for segment in found) == text
    at = 0
    for segment in found:
        for place in range(at, at + len(segment.text)):
            assert segment.is_redacted == any(one.start <= place < one.end for one in redactions)
            on = [number for number, one in enumerate(codings, 1) if one.start <= place < one.end]
            assert list(segment.numbers) == on
        at += len(segment.text)
    # Each code is numbered where it ends, once.
    ends = [number for segment in found for number in segment.ends]
    assert sorted(ends) == [number for number, one in enumerate(codings, 1) if one.start < len(text)]


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_words_that_are_copied_from_a_text_are_found_in_it(text: str, start: int, end: int):
    words = text[start:end]
    found = find_spans(text, words)
    if words.strip():
        assert any(text[a:b].split() == words.split() for a, b in found)
        assert all(text[a:b].split() == words.split() for a, b in found)
    else:
        assert found == ([(0, len(text))] if text else [])
