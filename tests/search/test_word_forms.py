"""One form in the index for every way to write a word or a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.core.text import index_text, index_words, iter_index_words


@pytest.mark.parametrize(
    "forms",
    [
        ("exporting", "exports", "Exported"),
        ("ageing", "aging"),
        ("skills", "skilled", "skill"),
        ("companies", "company", "company’s"),
        ("62,500", "62500"),
        ("100,000", "100k", "100 thousand"),
        ("£1.6bn", "£1.6 billion", "1.6 billion", "1,600 million"),
        ("£500m", "500 million", "500-million"),
        ("nine thousand", "9,000", "9k"),
        ("35%", "35 per cent", "35 percent", "35 %"),
        ("1 in 3", "a third", "one third", "one in three", "1 out of 3", "one-third"),
        ("2 in 3", "two thirds", "two-thirds"),
        ("Tier 1", "tier one"),
        ("0.5bn", "500 million"),
    ],
    ids=lambda forms: forms[0],
)
def test_the_same_however_it_is_written(forms):
    assert {index_text(form) for form in forms} == {index_text(forms[0])}


@pytest.mark.parametrize(
    "different",
    [("1.6bn", "16bn"), ("35%", "35"), ("1 in 3", "1 in 30"), ("P7", "P70"), ("2,500", "25,00"), ("£5m", "£5bn")],
    ids=lambda different: different[0],
)
def test_different_numbers_stay_apart(different):
    one, other = map(index_text, different)
    assert one != other


@pytest.mark.parametrize("reference", ["P7", "SA4", "PQ3a", "F03", "2018/19", "W1a"])
def test_references_stay_as_they_are(reference):
    assert index_words(reference) == reference.lower().split("/")


@given(st.text())
def test_words_come_in_order_and_inside_the_text(text):
    end = 0
    for start, stop, words in iter_index_words(text):
        assert end <= start < stop <= len(text)
        assert all(words)
        end = stop


@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_with_commas_is_the_number(number):
    assert index_words(f"{number:,}") == index_words(str(number)) == [str(number)]
