"""What a stream decides: which emails may be sent at present, and of which outcomes it is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.mail import transactional
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.message import Skip
from engagement.mail.models import DeliveryState, TransactionalEmail
from engagement.mail.outbox import Outbox, recover_expired
from engagement.mail.streams import STREAMS, MessageStream
from engagement.mail.transactional import queue_email
from engagement.mail.transports import Outcome
from engagement.mail.worker import Worker

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


@pytest.fixture
def stream(monkeypatch):
    """Make the transactional stream over, with other options."""

    def make(**options):
        made = MessageStream("transactional", TransactionalEmail, transactional.compose, priority=0, **options)
        monkeypatch.setitem(STREAMS, "transactional", made)
        return made

    return make


def test_a_stream_that_is_closed_sends_nothing_and_what_was_claimed_is_released(plain, still, stream):
    """As when a bulletin is paused: its emails that were claimed already stay unsent."""
    closed = []
    stream(group_field="kind", sendable_groups=lambda: [] if closed else ["plain"])
    for number in range(5):
        queue_email("plain", f"reader{number}@example.org")
    worker = Worker("test", drain=True)
    worker.config = worker.prefetcher.config = WorkerConfig(recheck=0, poll_urgent=0, poll=0.01)
    compose = transactional._composers["plain"]

    def pause(email):
        closed.append(1)
        return compose(email)

    transactional._composers["plain"] = pause
    worker.run()
    states = list(TransactionalEmail.objects.order_by("pk").values_list("state", flat=True))
    assert states.count(DeliveryState.PENDING) >= 3
    assert set(states) <= {DeliveryState.PENDING, DeliveryState.ACCEPTED}


def test_the_record_stands_whatever_the_stream_makes_of_it(plain, drain, stream):
    def broken(email):
        raise RuntimeError

    stream(on_settled=broken)
    email = queue_email("plain", "reader@example.org")
    assert drain() == 1
    email.refresh_from_db()
    assert email.state == DeliveryState.ACCEPTED


@pytest.fixture
def told(stream):
    """Make a stream that wants to be told of skipped emails; what it was told."""
    heard = []
    stream(
        on_settled=lambda email: heard.append((email.object_id, email.state)),
        notify_on=frozenset((DeliveryState.SKIPPED,)),
    )
    return heard


def test_a_stream_is_told_of_the_states_in_notify_on(plain, drain, told, register_composer):
    register_composer("left", lambda email: Skip("left"))
    queue_email("plain", "reader@example.org", object_id="sent")
    queue_email("left", "reader@example.org", object_id="left")
    drain()
    assert told == [("left", DeliveryState.SKIPPED)]


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_stream_is_told_that_an_email_is_not_unknown_after_all(plain, told, goes_on):
    """Its worker was taken for dead, and knows the outcome; with the next email in hand, or without one."""
    for object_id in ("first", "second"):
        queue_email("plain", "reader@example.org", object_id=object_id)
    clock, stream = Clock(), STREAMS["transactional"]
    outbox = Outbox("slow", clock, WorkerConfig(lease=600))
    first, second = outbox.claim(stream, 2)
    assert outbox.mark_sending(stream, first) == (True, True)
    TransactionalEmail.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recover_expired(stream, clock) == (0, 1)
    settlement = outbox.settlement(stream, first, Outcome(DeliveryState.ACCEPTED, response="250"))
    if goes_on:
        assert outbox.mark_sending(stream, second, settlement) == (True, True)
    else:
        assert outbox.settle(settlement)
    assert dict(TransactionalEmail.objects.values_list("object_id", "state")) == {
        "first": DeliveryState.ACCEPTED,
        "second": DeliveryState.SENDING if goes_on else DeliveryState.CLAIMED,
    }
    assert told == [("first", DeliveryState.ACCEPTED)]
