"""Cleaning, splitting and comparing words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.core.text import MAX_QUERY_LENGTH, clean_text, comparison_key, index_text, stem, tokenise

pytestmark = pytest.mark.pg

ANYTHING = st.text() | st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Cn", "Zs", "Lo"]))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  two   words\t\n", "two words"),
        ("a\x00b\x1f", "ab"),
        ("left\u202eright\u200f", "leftright"),
        ("Ｐ７", "P7"),
        ("ﬁnd", "find"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("", ""),
    ],
)
def test_clean(raw, shown):
    assert clean_text(raw) == shown


@given(ANYTHING)
def test_what_is_cleaned_is_short_readable_and_stays_as_it_is(raw):
    shown = clean_text(raw)
    assert len(shown) <= MAX_QUERY_LENGTH
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in shown)
    assert "  " not in shown
    assert shown == shown.strip()
    shown.encode()


@given(ANYTHING)
def test_tokens_hold_letters_and_digits_only(raw):
    for token in tokenise(raw):
        assert token
        assert not set(token) & set("\"'*()-+:^~ \x00%\\{}")


def test_a_megabyte_is_cut_before_the_work():
    assert clean_text("x" * 1_000_000) == "x" * MAX_QUERY_LENGTH


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("companies", "compani"),
        ("propositions", "proposit"),
        ("vehicles", "vehicl"),
        ("batteries", "batteri"),
        ("branches", "branch"),
        ("business", "busi"),
        ("status", "status"),
        ("analysis", "analysi"),
        ("gas", "gas"),
        ("s1", "s1"),
    ],
)
def test_stem(word, stemmed):
    assert stem(word) == stemmed


def test_apostrophes_join_and_hyphens_part():
    assert tokenise("Europe’s high-value Café, £1.6bn") == ["europes", "high", "value", "cafe", "1", "6bn"]


def test_index_text_and_key():
    assert index_text("P7", "Two Companies") == "p7 2 compani"
    assert comparison_key("High-Value ") == comparison_key("high value")
