"""Where words stand, and what is blacked out of them."""

from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback import answering
from engagement.feedback.keys import new_client_key
from engagement.feedback.models import Redaction, Response
from engagement.feedback.places import (
    BLACKED_OUT,
    Hidden,
    hidden_by_place,
    place_of_part,
    read_place,
    without,
    words_of,
)
from engagement.feedback.reading import PARTS, Given, Read, Stance

TEXT = st.text(alphabet="abcdefghij", max_size=20)
STRETCHES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda one: Hidden(one[0], one[0] + one[1])), max_size=4
)


@given(TEXT, STRETCHES, st.integers(0, 20), st.integers(0, 20))
@example("abcdef", [Hidden(1, 3), Hidden(2, 5)], 0, 6)
@example("abcdef", [Hidden(0, 9)], 2, 4)
@example("abcdef", [Hidden(2, 3), Hidden(3, 4)], 0, 6)
def test_what_is_hidden_never_shows_and_all_else_does(text: str, hidden: list[Hidden], start: int, end: int):
    covered = {at for one in hidden for at in range(one.start, one.end)}
    shown = without(text, hidden, start, end)
    kept = "".join(text[at] for at in range(start, min(end, len(text))) if at not in covered)
    assert shown.replace(BLACKED_OUT, "") == kept
    is_cut = any(at in covered for at in range(start, min(end, len(text))))
    assert (BLACKED_OUT in shown) == is_cut
    assert BLACKED_OUT * 2 not in shown


def test_a_place_says_which_proposition_and_which_part():
    for part in PARTS:
        assert read_place(place_of_part(12, part)) == (12, part)
    for other in ("p12", "p12-", "p12-name", "px-comment", "1f0c3a52-8a0e-4a1b-9f1e-1a2b3c4d5e6f", "", "pe-comment"):
        assert read_place(other) is None


def test_words_of_a_response_are_found_by_place_and_hidden_by_place(fair: SimpleNamespace):
    key, page = new_client_key(), fair.form.form.pages[0]
    rated, item = page.rated[0], page.items[0]
    parts = dict.fromkeys(PARTS, "") | {"comment": "Ask Ann of Kite Lane."}
    read = Read({item.key: Given("More string.")}, {rated.key: Stance("support", parts)}, {})
    answering.keep_page(fair.round, fair.form, key, page, read)
    response = answering.send(fair.round, key)
    place = place_of_part(rated.proposition, "comment")
    assert words_of(response) == {item.key: "More string.", place: "Ask Ann of Kite Lane."}
    Redaction.objects.create(response=response, place=place, start=4, end=7, reason="personal")
    shown = without(words_of(response)[place], hidden_by_place(response)[place])
    assert shown == "Ask […] of Kite Lane."


def test_a_withdrawal_takes_along_what_was_made_of_the_words(fair: SimpleNamespace):
    key, page = new_client_key(), fair.form.form.pages[0]
    read = Read({page.items[0].key: Given("More string.")}, {}, {})
    answering.keep_page(fair.round, fair.form, key, page, read)
    response = answering.send(fair.round, key)
    Redaction.objects.create(response=response, place=page.items[0].key, start=0, end=4, reason="personal")
    answering.withdraw(response)
    again = Response.objects.get(pk=response.pk)
    assert words_of(again) == {}
    assert not Redaction.objects.exists()
    assert not Response.objects.counted().exists()
