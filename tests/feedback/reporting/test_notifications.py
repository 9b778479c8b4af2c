"""Telling those who asked to hear what came of a round, by email."""

from email import message_from_bytes
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import OutcomeMail, Respondent, Response
from engagement.feedback.privacy import withdrawals
from engagement.feedback.reporting import notifications
from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip, build_envelope
from engagement.mail.worker import Worker
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import Suppression
from tests.feedback.builders import (
    COMMENT,
    close_and_report,
    get_officer,
    submit_answers,
    write_report,
)


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
    from engagement.feedback.streams import OUTCOME_STREAM

    write_report(fair, asked(fair))
    close_and_report(fair)
    notifications.queue_notifications(fair.round, get_officer())
    publishing.unpublish_report(fair.round, get_officer(), "A slip.")
    assert not OUTCOME_STREAM.sendable(OutcomeMail.objects.all()).exists()
    publishing.report_back(fair.round, get_officer("otto"))
    assert isinstance(notifications.compose(OUTCOME_STREAM.sendable(OutcomeMail.objects.all()).get()), Message)


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
