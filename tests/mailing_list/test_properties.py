"""Rules that hold for whatever anybody types."""

import string
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.mail.addresses import address_hash, clean_address, domain_of
from engagement.mail.render import wrap_text
from engagement.mailing_list.links import (
    PREFERENCES_LINK,
    UNSUBSCRIBE,
    LinkError,
    find_token,
    permanent_token,
    read_permanent_token,
)
from engagement.mailing_list.models import Token

# No database in most of them; where there is, it is asked for one row.
pytestmark = pytest.mark.once

local = st.text(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=64)
label = st.from_regex(r"[a-zA-Z]([a-zA-Z0-9]{0,20}[a-zA-Z0-9])?", fullmatch=True)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.text())
def test_an_address_is_one_line_of_plain_letters_or_refused_with_words(raw):
    try:
        address = clean_address(raw)
    except ValueError as error:
        assert str(error)[0].isupper()
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address.count("@") == 1
    assert len(address) <= 254


@given(local, label)
def test_a_proper_address_comes_through_and_stays_as_it_is(name, domain):
    address = clean_address(f"  {name}@{domain}.example.org\t")
    assert address == f"{name}@{domain.lower()}.example.org"
    assert clean_address(address) == address
    assert domain_of(address) == f"{domain.lower()}.example.org"


@given(local, label)
def test_an_address_has_one_hash_however_its_case_is_written(name, domain):
    address = f"{name}@{domain}.example.org"
    assert address_hash(address) == address_hash(address.upper()) == address_hash(f" {address.lower()} ")
    assert len(address_hash(address)) == 64


@given(local, local)
def test_no_control_character_gets_through(one, other):
    for character in "\r\n\0\t\x0b\x7f\x85\u2028":
        with pytest.raises(ValueError):
            clean_address(f"{one}@example.org{character}Bcc: {other}@example.org")


@given(hashes)
def test_a_permanent_token_says_what_it_was_made_for(hashed):
    token = permanent_token(UNSUBSCRIBE, hashed)
    assert len(token) == 43
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")
    assert read_permanent_token(UNSUBSCRIBE, token) == hashed[:32]
    with pytest.raises(LinkError):
        read_permanent_token(PREFERENCES_LINK, token)


@given(hashes, st.integers(0, 41), st.sampled_from(string.ascii_letters + string.digits + "-_"))
def test_a_permanent_token_changed_anywhere_is_none_of_ours(hashed, position, letter):
    token = permanent_token(UNSUBSCRIBE, hashed)
    changed = token[:position] + letter + token[position + 1 :]
    with pytest.raises(LinkError) if changed != token else nullcontext():
        read_permanent_token(UNSUBSCRIBE, changed)


@given(st.text())
def test_no_text_is_taken_for_a_permanent_token(raw):
    with pytest.raises(LinkError):
        read_permanent_token(UNSUBSCRIBE, raw)


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", Token.Purpose)
def test_no_text_is_taken_for_a_mailed_token(purpose):
    @given(st.text(st.characters()))
    def check(raw):
        with pytest.raises(LinkError) as error:
            find_token(purpose, raw)
        assert error.value.status == 404

    check()


@given(st.text(string.ascii_letters + " \n-", max_size=600))
def test_wrapping_loses_no_word_and_keeps_the_width(text):
    broken = wrap_text(text)
    assert broken.split() == text.split()
    assert all(len(line) <= 64 or " " not in line.strip() for line in broken.splitlines())
