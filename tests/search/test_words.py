"""Cleaning, splitting and comparing words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.core.search.words import LONGEST_QUERY, clean, index_text, key_of, stem, tokens

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
    assert clean(raw) == shown


@given(ANYTHING)
def test_what_is_cleaned_is_short_readable_and_stays_as_it_is(raw):
    shown = clean(raw)
    assert len(shown) <= LONGEST_QUERY
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in shown)
    assert "  " not in shown
    assert shown == shown.strip()
    shown.encode()


@given(ANYTHING)
def test_tokens_hold_letters_and_digits_only(raw):
    for token in tokens(raw):
        assert token
        assert not set(token) & set("\"'*()-+:^~ \x00%\\{}")


def test_a_megabyte_is_cut_before_the_work():
    assert clean("x" * 1_000_000) == "x" * LONGEST_QUERY


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("companies", "company"),
        ("propositions", "proposition"),
        ("vehicles", "vehicle"),
        ("batteries", "battery"),
        ("branches", "branch"),
        ("business", "business"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("gas", "gas"),
        ("s1", "s1"),
    ],
)
def test_stem(word, stemmed):
    assert stem(word) == stemmed


def test_apostrophes_join_and_hyphens_part():
    assert tokens("Europe’s high-value Café, £1.6bn") == ["europes", "high", "value", "cafe", "1", "6bn"]


def test_index_text_and_key():
    assert index_text("P7", "Two Companies") == "p7 two company"
    assert key_of("High-Value ") == key_of("high value")
