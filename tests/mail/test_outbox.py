"""The outbox says what was sent, and each email goes out once, whatever the database does meanwhile."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import DeliveryState, RateLimit, TransactionalEmail
from engagement.mail.outbox import Outbox, recover_expired
from engagement.mail.prefetch import Prefetcher
from engagement.mail.transactional import TRANSACTIONAL, queue_email
from engagement.mail.transports import Outcome
from engagement.mail.worker import Worker
from tests.mail.harness import reconcile, wait_until

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


@pytest.mark.parametrize("step", ["claim", "mark_sending", "settle", "release"])
@pytest.mark.parametrize("committed_all_the_same", [False, True])
def test_a_database_that_goes_away(plain, hours_pass, by_smtp, monkeypatch, step, committed_all_the_same):
    """At any step, before it is committed or just after."""
    for number in range(6):
        queue_email("plain", f"reader{number}@example.org")
    real, calls = getattr(Outbox, step), []

    def gone(*args, **kwargs):
        calls.append(1)
        if len(calls) not in (2, 3):
            return real(*args, **kwargs)
        if committed_all_the_same:
            real(*args, **kwargs)
        raise OperationalError("the database is away")

    monkeypatch.setattr(Outbox, step, gone)
    hours_pass()
    Worker("test", drain=True, patience=1).run()
    result = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert result.faults == []
    in_hand = result.states[DeliveryState.CLAIMED] + result.states[DeliveryState.SENDING]
    assert result.states[DeliveryState.ACCEPTED] + in_hand == 6
    # What a lost answer left claimed is free once the lease expires.
    TransactionalEmail.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
    Worker("test", drain=True).run()
    result = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert result.faults == []
    assert result.states == {DeliveryState.ACCEPTED: 6}


def test_on_postgresql_a_connection_that_is_cut(plain, hours_pass, by_smtp, settings):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections that could be cut")
    for number in range(40):
        queue_email("plain", f"reader{number}@example.org")
    by_smtp.behave("content", "wait 0.02")
    hours_pass()
    # What was claimed as the connection was cut, and the worker never heard of, is free after this.
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"lease": 5}
    worker = Worker("test", drain=True, patience=60)
    thread = threading.Thread(target=worker.run)
    thread.start()
    accepted = TransactionalEmail.objects.filter(state=DeliveryState.ACCEPTED)
    for sent in (6, 12, 18, 24):
        wait_until(lambda sent=sent: accepted.count() >= sent, 60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    thread.join(180)
    assert not thread.is_alive()
    result = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert result.faults == []
    assert result.states == {DeliveryState.ACCEPTED: 40}


@pytest.mark.parametrize("worker_died", [False, True])
def test_what_is_released_waits_as_it_did_before(plain, drain, by_smtp, worker_died):
    """Claimed again, and then all had to wait, or its worker died: it is still known that it was put off."""
    by_smtp.behave("rcpt", "450 4.2.0 Greylisted", only="tried@")
    tried = queue_email("plain", "tried@example.org")
    drain()
    TransactionalEmail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    fresh = queue_email("plain", "reader@example.org")
    clock = Clock()
    outbox = Outbox("somebody", clock, WorkerConfig(lease=60))
    claimed = outbox.claim(TRANSACTIONAL, 10)
    assert [row.pk for row in claimed] == [tried.pk, fresh.pk]
    if worker_died:
        TransactionalEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert recover_expired(TRANSACTIONAL, clock) == (2, 0)
    else:
        assert outbox.release(TRANSACTIONAL, [row.pk for row in claimed]) == 2
    for row in (tried, fresh):
        row.refresh_from_db()
    assert (tried.state, tried.reason, tried.attempts) == (DeliveryState.RETRY, "put-off", 1)
    assert (fresh.state, fresh.reason, fresh.attempts) == (DeliveryState.PENDING, "", 0)
    by_smtp.well()
    assert drain() == 2


def test_one_of_two_that_was_taken_away_does_not_hold_up_the_other(plain):
    """A provider event, or a person, settles one email between the end of one and the beginning of the next."""
    for number in range(4):
        queue_email("plain", f"reader{number}@example.org")
    outbox = Outbox("slow", Clock(), WorkerConfig())
    first, second, third, fourth = outbox.claim(TRANSACTIONAL, 4)

    def accepted(row):
        return outbox.settlement(TRANSACTIONAL, row, Outcome(DeliveryState.ACCEPTED, response="250"))

    assert outbox.mark_sending(TRANSACTIONAL, first) == (True, True)
    TransactionalEmail.objects.filter(pk=first.pk).update(state=DeliveryState.DELIVERED, claimed_by="")
    assert outbox.mark_sending(TRANSACTIONAL, second, accepted(first)) == (
        True,
        False,
    )
    TransactionalEmail.objects.filter(pk=third.pk).update(claimed_by="other")
    assert outbox.mark_sending(TRANSACTIONAL, third, accepted(second)) == (
        False,
        True,
    )
    assert outbox.mark_sending(TRANSACTIONAL, fourth) == (True, True)
    states = list(TransactionalEmail.objects.order_by("pk").values_list("state", flat=True))
    assert states == [DeliveryState.DELIVERED, DeliveryState.ACCEPTED, DeliveryState.CLAIMED, DeliveryState.SENDING]


def test_an_email_that_is_put_back_leaves_nothing_claimed(plain, register_composer, settings, monkeypatch):
    """There is no token for an urgent email, while another one is composed already: both are released."""
    settings.MAIL_WORKER = {"poll_urgent": 0}
    queue_email("plain", "reader@example.org")
    prefetcher = Prefetcher(Outbox("somebody", Clock(), WorkerConfig()))
    first = prefetcher.next()
    prefetcher.ahead = first
    queue_email("plain", "urgent@example.org")
    prefetcher.look_now()
    second = prefetcher._prepare(prefetcher.queues)
    assert first is not None and second is not None
    prefetcher.put_back(second)
    assert prefetcher.next() is second
    prefetcher.put_back(second)
    prefetcher.release()
    assert not TransactionalEmail.objects.exclude(state=DeliveryState.PENDING).exists()
    assert not RateLimit.objects.exists()
