"""One worker, in this process: what becomes of each row."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from engagement.mail import transactional
from engagement.mail.clock import Clock
from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import DeliveryState, TransactionalEmail, WorkerStatus
from engagement.mail.streams import STREAMS, MessageStream

pytestmark = pytest.mark.pg


@pytest.mark.usefixtures("committed")
def test_mail_that_is_due_goes_out(plain, drain):
    rows = [
        transactional.queue_email("plain", f"reader{number}@example.org", object_id=str(number)) for number in range(3)
    ]
    assert drain() == 3
    assert [message.subject for message in mail.outbox] == ["About 0", "About 1", "About 2"]
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.attempts, row.claimed_by) == (DeliveryState.ACCEPTED, 1, "")
        assert row.settled_at
        assert row.lease_until is None
    assert drain() == 0
    assert len(mail.outbox) == 3


@pytest.mark.usefixtures("committed")
def test_mail_that_is_not_due_waits(plain, drain):
    row = transactional.queue_email("plain", "reader@example.org")
    TransactionalEmail.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert drain() == 0
    row.refresh_from_db()
    assert row.state == DeliveryState.PENDING


@pytest.mark.usefixtures("committed")
def test_what_a_composer_declines_is_skipped_or_later(register_composer, drain):
    register_composer("left", lambda mail: Skip("left"))
    register_composer("later", lambda mail: Defer(3600))
    left, later = (
        transactional.queue_email("left", "a@example.org"),
        transactional.queue_email("later", "b@example.org"),
    )
    assert drain() == 0
    left.refresh_from_db()
    later.refresh_from_db()
    assert (left.state, left.reason, left.attempts) == (DeliveryState.SKIPPED, "left", 0)
    assert (later.state, later.attempts) == (DeliveryState.RETRY, 0)
    assert later.due_at > timezone.now() + timedelta(minutes=50)


@pytest.mark.usefixtures("committed")
def test_a_composer_that_fails_stops_nobody_else(register_composer, plain, drain, settings):
    def broken(mail):
        raise RuntimeError(f"nothing works for {mail.address}")

    register_composer("broken", broken)
    bad, good = (
        transactional.queue_email("broken", "canary@example.org"),
        transactional.queue_email("plain", "b@example.org"),
    )
    assert drain() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.reason, bad.attempts) == (DeliveryState.RETRY, "not-composed", 1)
    assert "RuntimeError" in bad.response
    assert "canary" not in bad.response
    assert good.state == DeliveryState.ACCEPTED
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"max_attempts": 3}
    drain(later=True)
    bad.refresh_from_db()
    assert (bad.state, bad.reason, bad.attempts) == (DeliveryState.FAILED, "gave-up", 3)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a b@example.org", "a@example.org,b@c.org"])
def test_no_address_becomes_two(register_composer, drain, address):
    register_composer("forged", lambda mail: Message(address, "Subject", "Text"))
    row = transactional.queue_email("forged", "a@example.org")
    assert drain() == 0
    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.FAILED, "bad-message")
    assert mail.outbox == []


@pytest.mark.usefixtures("committed")
def test_who_waits_for_a_mail_does_not_wait_behind_a_bulletin(register_composer, drain, settings, monkeypatch):
    """A confirmation that is asked for in the midst of a mailing goes out next but one at the latest."""
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"poll_urgent": 0}
    for name, order, kind in (("transactional", 0, "confirmation"), ("bulk", 100, "bulk")):
        kinds = {"group_field": "kind", "sendable_groups": lambda kind=kind: [kind]}
        monkeypatch.setitem(
            STREAMS, name, MessageStream(name, TransactionalEmail, transactional.compose, priority=order, **kinds)
        )

    def bulk(row):
        if row.object_id == "5":
            transactional.queue_email("confirmation", "waiting@example.org", object_id="confirmation")
        return Message(row.address, row.object_id, "")

    register_composer("bulk", bulk)
    register_composer("confirmation", lambda row: Message(row.address, row.object_id, ""))
    for number in range(20):
        transactional.queue_email("bulk", f"reader{number}@example.org", object_id=str(number))
    assert drain() == 21
    order = [message.subject for message in mail.outbox]
    assert 4 <= order.index("confirmation") <= 7
    assert [subject for subject in order if subject != "confirmation"] == [str(number) for number in range(20)]


@pytest.mark.usefixtures("committed")
def test_a_worker_says_that_it_was_there(drain):
    drain()
    sign = WorkerStatus.objects.get()
    assert sign.name == "test"
    assert sign.stopped_at


@pytest.mark.django_db
def test_a_test_may_run_one_in_its_own_transaction(plain, drain, mailoutbox):
    """Other rooms' tests do, by the command."""
    transactional.queue_email("plain", "reader@example.org")
    said = StringIO()
    call_command("mail_worker", drain=True, stdout=said)
    assert said.getvalue() == "1 sent.\n"
    assert len(mailoutbox) == TransactionalEmail.objects.filter(state=DeliveryState.ACCEPTED).count() == 1


@pytest.mark.usefixtures("committed")
def test_a_machine_whose_clock_is_wrong_goes_by_the_database(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's clock is the machine's")
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=1))
    clock = Clock()
    clock.synchronise()
    assert abs((clock.now() - right()).total_seconds()) < 5
