"""What came of one person's answers, by the reference on their receipt."""

from types import SimpleNamespace

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.analysis.coding_workflow import final_codes
from engagement.feedback.models import Adjudication, Code, Response, WrongCode
from engagement.feedback.privacy import withdrawals
from engagement.feedback.reporting import reference_lookup
from engagement.feedback.reporting.outcomes import themes_for_response
from engagement.feedback.responses.keys import ALPHABET
from tests.feedback.builders import (
    COMMENT,
    close_and_report,
    comment_place,
    make_coding,
    submit_answers,
    write_report,
)

OUTCOME = "/feedback/kite-fair/outcome/"


def enter(client: Client, reference: str) -> tuple[int, str]:
    response = client.post(OUTCOME, {"reference": reference})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    return response.status_code, " ".join(response.content.decode().split())


def test_a_reference_shows_themes_and_responses_and_no_words(fair: SimpleNamespace, client: Client):
    mine = submit_answers(fair, comment=COMMENT, name="Wilma Weather")
    other = submit_answers(fair, comment="Something else.")
    write_report(fair, mine)
    close_and_report(fair)
    for typed in (mine.reference, mine.reference.lower().replace("-", " "), f" {mine.reference} "):
        status, page = enter(client, typed)
        assert status == 200
        assert "There is no wind" in page
        assert "We added wind." in page
        assert "Kites need" not in page
        assert "Wilma" not in page
    status, page = enter(client, other.reference)
    assert status == 200
    assert "There is no wind" not in page
    assert "Nothing in them was put under one" in page


def test_whatever_is_wrong_gets_the_same_answer(fair: SimpleNamespace, client: Client):
    mine, saved = submit_answers(fair, comment=COMMENT), submit_answers(fair)
    write_report(fair, mine)
    Response.objects.filter(pk=saved.pk).update(state="saved")
    gone = submit_answers(fair)
    withdrawals.withdraw(gone)
    close_and_report(fair)
    pages = set()
    for typed in ("0000-0000", gone.reference, saved.reference, "x" * 30, "\x00", "💨"):
        status, page = enter(client, typed)
        assert status == 422
        assert "Error: " in page.split("<title>")[1]
        pages.add(page.replace(f'value="{typed}"', "").split('name="reference"')[0])
    assert len(pages) == 1
    assert WrongCode.objects.count() == 6
    assert "Enter your reference" in enter(client, " ")[1]


def test_before_the_report_no_reference_says_anything(fair: SimpleNamespace, client: Client):
    mine = submit_answers(fair, comment=COMMENT)
    write_report(fair, mine)
    assert "not been reported back yet" in client.get(OUTCOME).content.decode()
    assert enter(client, mine.reference) == enter(client, "0000-0000")


def test_who_tries_many_is_stopped_and_others_are_not(fair: SimpleNamespace, client: Client, settings, monkeypatch):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_REAL_IP"
    monkeypatch.setattr(reference_lookup, "LIMIT_PER_NETWORK", 3)
    mine = submit_answers(fair, comment=COMMENT)
    write_report(fair, mine)
    close_and_report(fair)
    here, there = Client(HTTP_X_REAL_IP="192.0.2.7"), Client(HTTP_X_REAL_IP="198.51.100.7")
    for _ in range(3):
        assert enter(here, "0000-0000")[0] == 422
    status, page = enter(here, mine.reference)
    assert status == 429
    assert "There is no wind" not in page
    assert enter(there, mine.reference)[0] == 200


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_the_look_up(typed: str):
    code = reference_lookup.normalise_code(typed)
    assert len(code) <= 40
    assert all(sign in ALPHABET or not sign.isascii() or sign.isalnum() for sign in code)


def test_codes_as_the_coders_left_them(fair: SimpleNamespace):
    mine = submit_answers(fair, comment=COMMENT)
    kept, refused, added = (Code.objects.create(round=fair.round, name=name) for name in ("kept", "refused", "added"))
    for code in (kept, refused):
        make_coding(mine, code, comment_place(fair))
    Adjudication.objects.create(response=mine, code=refused, applies=False)
    Adjudication.objects.create(response=mine, code=added, applies=True)
    assert final_codes(mine.round)[mine.pk] == {kept.pk, added.pk}


def test_a_code_below_counts_for_the_one_above(fair: SimpleNamespace):
    mine = submit_answers(fair, comment=COMMENT)
    made = write_report(fair, submit_answers(fair, comment=COMMENT))
    below = Code.objects.create(round=fair.round, name="Gusts", parent=made.code)
    make_coding(mine, below, comment_place(fair))
    assert themes_for_response(mine) == set()
    close_and_report(fair)
    assert themes_for_response(mine) == {made.theme.pk}
