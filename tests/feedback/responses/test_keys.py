"""The secrets of answering."""

from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.responses.keys import (
    ALPHABET,
    hash_code,
    is_valid_key,
    new_client_key,
    new_reference,
    normalise_code,
)
from engagement.feedback.rounds.session_codes import new_session_code


def test_a_key_is_known_and_no_two_are_the_same(settings):
    keys = {new_client_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(is_valid_key(key) and len(key) == 32 for key in keys)
    settings.LINK_KEYS = ["another"]
    assert not any(is_valid_key(key) for key in keys)


@given(st.integers(0, 31), st.sampled_from("ABCabc019-_=+/ é"))
def test_a_key_with_one_character_changed_is_not_ours(anchor: int, character: str):
    key = new_client_key()
    other = key[:anchor] + character + key[anchor + 1 :]
    assert is_valid_key(other) == (other == key)


@given(st.text(max_size=64))
def test_no_text_is_a_key(text: str):
    assert not is_valid_key(text)


def test_a_code_is_read_however_it_is_typed():
    code = new_reference(3)
    assert len(code) == 14
    assert set(code) <= set(ALPHABET + "-")
    for typed in (code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert hash_code(typed) == hash_code(code)
    assert normalise_code("o1il-uuuu") == "0111VVVV"


def test_a_room_has_two_letters_that_nobody_can_know_and_no_digit_that_looks_like_a_letter():
    codes = [new_session_code() for _ in range(50)]
    assert len({code[:2] for code in codes}) > 20
    code = codes[0]
    assert code[:2].isalpha()
    assert len(code) == 6
    assert not set(code[2:]) & set("01")


def test_a_key_signed_with_an_older_key_of_the_site_is_still_good(settings):
    key = new_client_key()
    settings.LINK_KEYS = ["a new one", *settings.LINK_KEYS]
    assert is_valid_key(key)
