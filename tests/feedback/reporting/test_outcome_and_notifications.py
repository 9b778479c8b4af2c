"""What came of one person's answers, by the reference on their receipt; and telling those who asked to hear."""

from email import message_from_bytes
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.analysis.coding_workflow import final_codes
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import Adjudication, Code, OutcomeMail, Respondent, Response, WrongReference
from engagement.feedback.privacy import withdrawals
from engagement.feedback.reporting import notifications, reference_lookup
from engagement.feedback.reporting.outcomes import themes_for_response
from engagement.feedback.responses.keys import ALPHABET
from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip, build_envelope
from engagement.mail.worker import Worker
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import Suppression
from tests.feedback.builders import (
    COMMENT,
    close_and_report,
    comment_place,
    get_officer,
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
    assert WrongReference.objects.count() == 6
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


# --- mail -------------------------------------------------------------------------------------------


def asked(fair: SimpleNamespace, address: str = "wilma@example.org", **more: object) -> Response:
    return submit_answers(fair, comment=COMMENT, address=address, **{"may_contact": True, **more})


def test_each_address_is_told_once(fair: SimpleNamespace, settings):
    settings.MAIL_PER_SECOND = 0
    mine = asked(fair, name="Wilma")
    asked(fair, "WILMA@example.org")
    asked(fair, "quiet@example.org", may_contact=False)
    write_report(fair, mine)
    with pytest.raises(RefusedError, match="before the round is reported back"):
        notifications.queue_notifications(fair.round, get_officer())
    close_and_report(fair)
    assert notifications.notification_status(fair.round).waiting == 1
    assert notifications.queue_notifications(fair.round, get_officer()) == 1
    assert notifications.queue_notifications(fair.round, get_officer()) == 0
    assert OutcomeMail.objects.get().address_hash == address_hash("wilma@example.org")
    assert fair.round.events.filter(action="told").count() == 1
    Worker("test", drain=True).run()
    (sent,) = mail.outbox
    assert sent.to == ["wilma@example.org"]
    assert "The wind is missing." in sent.body
    assert "/feedback/kite-fair/results/" in sent.body
    for secret in (mine.reference, mine.client_key, "Kites need", "Wilma "):
        assert secret not in sent.body
    assert OutcomeMail.objects.get().state == "accepted"
    assert notifications.notification_status(fair.round).by_state == (("Accepted by the mail server", 1),)


@pytest.mark.parametrize("pasted", ["\x0b", "\r\nBcc: wilma@example.org\r\n", "\x1b[1m"])
def test_whatever_a_title_holds_its_mail_goes_out(fair: SimpleNamespace, pasted: str):
    fair.round.title = f"Kite{pasted}fair"
    written = notifications.outcome_message(fair.round, "wilma@example.org")
    assert "Kite" in written.subject
    assert "fair" in written.subject
    head = message_from_bytes(build_envelope(written, uuid4(), timezone.now()).data)
    assert head["Subject"].startswith("What came of your answers: Kite")
    assert head["Bcc"] is None


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("erased", lambda person: person.delete()),
        ("changed", lambda person: Respondent.objects.filter(pk=person.pk).update(may_contact=False)),
        ("erased", lambda person: withdrawals.withdraw(person.response)),
        ("suppressed", lambda person: subscription_service.suppress(person.address_hash, Suppression.Reason.NEVER)),
    ],
)
def test_whether_somebody_may_be_told_is_asked_again(fair: SimpleNamespace, reason: str, change):
    mine = asked(fair)
    write_report(fair, mine)
    close_and_report(fair)
    notifications.queue_notifications(fair.round, get_officer())
    change(mine.respondent)
    assert notifications.compose(OutcomeMail.objects.get()) == Skip(reason)


def test_nobody_is_told_of_a_report_that_was_taken_back(fair: SimpleNamespace):
    from engagement.feedback.reporting import publishing
    from engagement.feedback.streams import sendable

    write_report(fair, asked(fair))
    close_and_report(fair)
    notifications.queue_notifications(fair.round, get_officer())
    publishing.unpublish_report(fair.round, get_officer(), "A slip.")
    assert not sendable(OutcomeMail.objects.all()).exists()
    publishing.report_back(fair.round, get_officer("otto"))
    assert isinstance(notifications.compose(sendable(OutcomeMail.objects.all()).get()), Message)


def test_nobody_is_told_about_a_demonstration(fair: SimpleNamespace):
    write_report(fair, asked(fair))
    close_and_report(fair)
    type(fair.round).objects.filter(pk=fair.round.pk).update(is_demonstration=True)
    with pytest.raises(RefusedError, match="demonstration"):
        notifications.queue_notifications(fair.round, get_officer())


def test_a_bounce_keeps_the_address_off_the_list(fair: SimpleNamespace):
    from engagement.feedback.streams import on_settled

    write_report(fair, asked(fair))
    close_and_report(fair)
    notifications.queue_notifications(fair.round, get_officer())
    row = OutcomeMail.objects.get()
    row.state = "bounced"
    on_settled(row)
    assert Suppression.objects.get(address_hash=row.address_hash).reason == "bounced"
