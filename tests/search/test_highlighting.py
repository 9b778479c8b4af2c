"""Words around a hit."""

from hypothesis import given
from hypothesis import strategies as st

from nelis.core.search.highlighting import EXCERPT_LENGTH, excerpt, highlight


def words_hit(parts):
    return [part.text for part in parts if part.hit]


def text_of(parts):
    return "".join(part.text for part in parts)


def test_other_forms_of_the_word_are_marked_and_nothing_is_lost():
    text = "Europe’s companies, a Company; accompany."
    parts = highlight(text, ["compani", "europ"])
    assert words_hit(parts) == ["Europe’s", "companies", "Company"]
    assert text_of(parts) == text


def test_beginnings_are_marked_only_when_asked_for():
    assert words_hit(highlight("Electric, electrified", ["electri"])) == []
    assert words_hit(highlight("Electric, electrified", ["electri"], prefixes=True)) == ["Electric", "electrified"]


def test_the_summary_is_preferred_when_it_holds_a_hit():
    assert text_of(excerpt("About batteries.", "battery body", ["batteri"])) == "About batteries."


def test_the_body_is_cut_around_the_hit():
    body = "filler " * 200 + "the battery hub " + "more " * 200
    shown = text_of(excerpt("A summary.", body, ["batteri"]))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "battery hub" in shown
    assert len(shown) <= EXCERPT_LENGTH + 4


def test_the_place_with_most_hits_is_shown():
    body = "battery " + "filler " * 100 + "battery and chemicals " + "filler " * 100
    assert words_hit(excerpt("", body, ["batteri", "chemic"])) == ["battery", "chemicals"]


def test_without_a_hit_the_summary_stands():
    assert text_of(excerpt("A summary.", "The body.", ["nothing"])) == "A summary."
    assert text_of(excerpt("", "The body.", ["nothing"])) == "The body."
    assert excerpt("", "", ["nothing"]) == []


@given(st.text(), st.text(max_size=2000), st.lists(st.text(min_size=1, max_size=5), max_size=4), st.booleans())
def test_any_text_gives_a_short_snippet(summary, body, terms, prefixes):
    assert len(text_of(excerpt(summary, body, terms, prefixes))) <= EXCERPT_LENGTH + 4


@given(st.text(), st.lists(st.text(min_size=1, max_size=5), max_size=4), st.booleans())
def test_highlighting_never_changes_the_text(text, terms, prefixes):
    assert text_of(highlight(text, terms, prefixes)) == text
