"""The reply after the content may take ten minutes (RFC 5321): neither we nor other workers give it up before."""

import smtplib
from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import DeliveryState, TransactionalEmail
from engagement.mail.outbox import Outbox, recover_expired
from engagement.mail.transactional import TRANSACTIONAL, queue_email

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


@pytest.mark.once
def test_only_the_reply_to_the_content_has_so_much_time(plain, drain, by_smtp, monkeypatch):
    real, timeouts = smtplib.SMTP.getreply, []

    def recording(self):
        timeouts.append(self.sock.gettimeout())
        return real(self)

    for number in range(2):
        queue_email("plain", f"reader{number}@example.org")
    monkeypatch.setattr(smtplib.SMTP, "getreply", recording)
    assert drain() == 2
    # MAIL, RCPT, DATA and the content; and again over the same connection.
    first = timeouts.index(600)
    assert timeouts[first - 3 : first + 5] == [30, 30, 30, 600] * 2
    assert timeouts.count(600) == 2


@pytest.mark.slow
def test_a_server_that_is_slower_than_any_other_step_may_be(plain, drain, by_smtp, settings):
    settings.EMAIL_TIMEOUT = 4
    by_smtp.behave("content", "wait 6", times=1)
    row = queue_email("plain", "reader@example.org")
    assert drain() == 1
    row.refresh_from_db()
    assert row.state == DeliveryState.ACCEPTED


def test_an_email_that_is_being_sent_is_held_longer_than_what_is_claimed(plain):
    """After a claim's time the others may go to another worker; that one only when its server can't answer any more."""
    for number in range(3):
        queue_email("plain", f"reader{number}@example.org")
    outbox = Outbox("slow", Clock(), WorkerConfig())
    sending, *claimed = outbox.claim(TRANSACTIONAL, 3)
    assert outbox.mark_sending(TRANSACTIONAL, sending) == (True, True)
    later = Clock()
    for seconds, expected in ((100, (0, 0)), (130, (2, 0)), (610, (0, 0)), (730, (0, 1))):
        later.offset = timedelta(seconds=seconds)
        assert recover_expired(TRANSACTIONAL, later) == expected
    sending.refresh_from_db()
    assert (sending.state, sending.reason) == (DeliveryState.UNKNOWN, "worker-died")
    assert not TransactionalEmail.objects.filter(pk__in=[row.pk for row in claimed]).exclude(state="pending").exists()


def test_a_killed_workers_email_is_in_doubt_after_its_lease(plain):
    """Also when it was sent right after another: one commit settles that and begins this."""
    for number in range(2):
        queue_email("plain", f"reader{number}@example.org")
    outbox = Outbox("killed", Clock(), WorkerConfig(content_timeout=60, lease=5))
    first, second = outbox.claim(TRANSACTIONAL, 2)
    outbox.mark_sending(TRANSACTIONAL, first)
    second.refresh_from_db()
    assert second.lease_until < timezone.now() + timedelta(seconds=6)
    first.refresh_from_db()
    assert first.lease_until > timezone.now() + timedelta(seconds=50)
