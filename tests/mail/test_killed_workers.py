"""Workers killed at random moments, and at chosen ones: no mail is lost, none goes out twice."""

import os
import signal

import pytest

from engagement.mail import transactional
from engagement.mail.models import DeliveryState, TransactionalEmail, WorkerStatus
from tests.mail.harness import (
    is_running,
    is_stopped,
    reconcile,
    run_with_kills,
    stop_workers,
    wait_until,
    worker_pool,
)

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


def queue(count, kind="plain"):
    transactional._composers.setdefault(kind, lambda mail: None)
    from engagement.mail.addresses import address_hash

    TransactionalEmail.objects.bulk_create(
        TransactionalEmail(kind=kind, address=f"canary{number}@example.org", address_hash=address_hash(str(number)))
        for number in range(count)
    )


@pytest.mark.slow
def test_killed_at_random(sink, tmp_path):
    """Thirteen kills and more over six hundred mails, three workers at a time."""
    queue(600)
    sink.behave("content", "wait 0.008")
    with worker_pool(sink, tmp_path) as pool:
        killed = run_with_kills(pool, TransactionalEmail, workers=3, kills=14, seconds=300, seed=7)
    result = reconcile(TransactionalEmail.objects.all(), sink)
    assert killed >= 12
    assert result.faults == []
    assert set(result.states) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert sum(result.states.values()) == 600
    assert len(result.unknown) <= killed
    # Whoever was killed in the midst of sending is told of, and so is why.
    for row in TransactionalEmail.objects.filter(state=DeliveryState.UNKNOWN):
        assert (row.reason, row.attempts) == ("worker-died", 1)
    assert sum(result.received.values()) >= result.states[DeliveryState.ACCEPTED]
    log = (tmp_path / "log").read_text()
    assert "started" in log
    assert "canary" not in log


@pytest.mark.parametrize(
    ("fault", "unknown", "arrived"),
    [
        pytest.param("claim:before:1", 0, 0, marks=pytest.mark.slow),
        pytest.param("claim:after:1", 0, 0, marks=pytest.mark.slow),
        pytest.param("mark_sending:before:4", 1, 1, marks=pytest.mark.slow),
        pytest.param("mark_sending:after:4", 1, 0, marks=pytest.mark.slow),
        pytest.param("content:now:4", 1, 0, marks=pytest.mark.slow),
        ("reply:now:4", 1, 1),
        pytest.param("settle:before:1", 1, 1, marks=pytest.mark.slow),
        pytest.param("settle:after:1", 0, 0, marks=pytest.mark.slow),
    ],
)
def test_killed_at_a_chosen_moment(sink, tmp_path, fault, unknown, arrived):
    """At most one email is unknown, and only if the worker had begun to send it. ``arrived``: it did all the same."""
    result = one_dies_and_the_next_goes_on(sink, tmp_path, fault)
    assert result.states[DeliveryState.ACCEPTED] == 12 - unknown
    assert len(result.unknown) == unknown
    assert sum(result.received[name] for name in result.unknown) == arrived


@pytest.mark.slow
def test_killed_beside_the_scheduler(sink, tmp_path):
    """That is a thread of its own: how far the sending is by then, nobody knows. One mail may have been begun."""
    result = one_dies_and_the_next_goes_on(sink, tmp_path, "recover_expired:after:1")
    assert len(result.unknown) <= 1
    assert result.states[DeliveryState.ACCEPTED] == 12 - len(result.unknown)


def one_dies_and_the_next_goes_on(sink, tmp_path, fault):
    """Twelve mails, a worker that kills itself at ``fault``, and one that does the rest. The account of them."""
    queue(12)
    with worker_pool(sink, tmp_path, batch_size=5) as pool:
        process = pool.start(fault=fault)
        wait_until(lambda: not is_running(process), 180)
        last = pool.start()
        wait_until(lambda: not TransactionalEmail.objects.filter(state__in=TransactionalEmail.OPEN).exists(), 180)
        # Held up for longer than its claims hold, it takes itself for dead; it knows better when it goes on.
        stop_workers(last)
    result = reconcile(TransactionalEmail.objects.all(), sink)
    assert result.faults == []
    return result


@pytest.mark.slow
def test_two_workers_never_send_the_same_mail(sink, tmp_path):
    queue(300)
    with worker_pool(sink, tmp_path, batch_size=3, lease=60) as pool:
        for _ in range(4):
            pool.start()
        wait_until(lambda: not TransactionalEmail.objects.filter(state__in=TransactionalEmail.OPEN).exists(), 180)
    result = reconcile(TransactionalEmail.objects.all(), sink)
    assert result.faults == []
    assert result.states == {DeliveryState.ACCEPTED: 300}
    assert sum(result.received.values()) == 300


def test_told_to_stop_it_finishes_the_mail_and_gives_back_the_rest(sink, tmp_path):
    queue(100)
    sink.behave("content", "wait 0.05")
    with worker_pool(sink, tmp_path, lease=60) as pool:
        process = pool.start()
        wait_until(lambda: len(sink.received()) >= 3, 180)
        os.kill(process, signal.SIGTERM)
        wait_until(lambda: not is_running(process), 180)
    result = reconcile(TransactionalEmail.objects.all(), sink)
    assert result.faults == []
    assert set(result.states) == {DeliveryState.ACCEPTED, DeliveryState.PENDING}
    assert not TransactionalEmail.objects.exclude(claimed_by="").exists()
    assert WorkerStatus.objects.get().stopped_at


@pytest.mark.slow
def test_one_that_was_taken_for_dead_and_wakes_up_does_no_harm(sink, tmp_path):
    """Stopped for longer than its claims hold, amid an email: another says unknown, then it says how it was."""
    queue(30)
    with worker_pool(sink, tmp_path, lease=0.8, content_timeout=2) as pool:
        process = pool.start(fault="reply:stop:4", drain=True)
        wait_until(lambda: is_stopped(process), 180)
        # The reply to the fourth lies there, and nobody reads it.
        wait_until(lambda: len(sink.received()) == 4, 180)
        other = pool.start()
        wait_until(lambda: not TransactionalEmail.objects.filter(state__in=TransactionalEmail.OPEN).exists(), 180)
        # The other, too, may have been held up for longer than its claims hold; but it is awake, and says so.
        unknown = TransactionalEmail.objects.filter(state=DeliveryState.UNKNOWN).values_list("address", flat=True)
        wait_until(lambda: list(unknown.all()) == ["canary3@example.org"], 180)
        os.kill(process, signal.SIGCONT)
        wait_until(lambda: not unknown.exists(), 180)
        wait_until(lambda: not is_running(process), 180)
        assert is_running(other)
    result = reconcile(TransactionalEmail.objects.all(), sink)
    assert result.faults == []
    assert result.states == {DeliveryState.ACCEPTED: 30}
