"""What runners do beside sending, and what they do when the database goes away."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from engagement.mail import outbox, scheduler, scheduling, streams, transactional
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import DeliveryState, TaskRun, TransactionalEmail
from engagement.mail.scheduling import Scheduler, run_due_tasks
from engagement.mail.transports.outcomes import Outcome
from engagement.mail.worker import Worker
from tests.mail.harness import reconcile

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


@pytest.fixture
def job(monkeypatch):
    """Register jobs that nobody else has."""
    monkeypatch.setattr(scheduler, "PERIODIC_TASKS", {})
    monkeypatch.setattr(scheduling, "PERIODIC_TASKS", scheduler.PERIODIC_TASKS)
    return scheduler.periodic_task


def test_a_job_is_done_once_in_each_interval(job):
    done = []
    job("count", timedelta(hours=1))(lambda: done.append(1) or "Counted.")
    assert [run_due_tasks(Clock()) for _ in range(3)] == [1, 0, 0]
    run = TaskRun.objects.get(name="count")
    assert (run.outcome, len(done)) == ("Counted.", 1)
    TaskRun.objects.update(
        started_at=timezone.now() - timedelta(minutes=61), finished_at=timezone.now() - timedelta(minutes=60)
    )
    assert run_due_tasks(Clock()) == 1


def test_of_several_runners_one_does_it(job):
    done = []
    begin = threading.Barrier(4)

    def work():
        done.append(1)
        time.sleep(0.2)
        return "Done."

    job("once", timedelta(hours=1))(work)

    def runner():
        begin.wait(10)
        try:
            run_due_tasks(Clock())
        finally:
            connection.close()

    TaskRun.objects.create(name="once")
    threads = [threading.Thread(target=runner) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 1


def test_a_job_that_fails_is_written_down_and_stops_nothing(job, plain, drain):
    def work():
        raise RuntimeError("canary@example.org")

    job("broken", timedelta(hours=1))(work)
    job("fine", timedelta(hours=1))(lambda: "Fine.")
    transactional.queue_email("plain", "reader@example.org")
    assert drain() == 1
    outcomes = dict(TaskRun.objects.values_list("name", "outcome"))
    assert outcomes["fine"] == "Fine."
    assert outcomes["broken"].startswith("Failed: RuntimeError in ")
    assert "canary" not in outcomes["broken"]


def test_a_job_whose_runner_died_is_done_again(job):
    job("died", timedelta(minutes=5))(lambda: "Done.")
    TaskRun.objects.create(name="died", started_at=timezone.now() - timedelta(minutes=50))
    assert run_due_tasks(Clock()) == 0
    TaskRun.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    assert run_due_tasks(Clock()) == 1


def test_housekeeping_that_fails_stops_nothing(plain, drain, monkeypatch):
    def broken():
        raise RuntimeError

    other = streams.MessageStream(
        "broken", TransactionalEmail, transactional.compose, sendable=lambda rows: rows.none(), housekeep=broken
    )
    monkeypatch.setitem(streams.STREAMS, "broken", other)
    transactional.queue_email("plain", "reader@example.org")
    assert drain() == 1


def test_a_lane_that_is_closed_sends_nothing_and_what_was_claimed_goes_back(plain, still, monkeypatch):
    """As when a bulletin is paused: its mails that were claimed already stay unsent."""
    closed = []
    lane = streams.MessageStream(
        "service",
        TransactionalEmail,
        transactional.compose,
        sendable=lambda rows: rows.none() if closed else rows,
        priority=0,
    )
    monkeypatch.setitem(streams.STREAMS, "service", lane)
    for number in range(5):
        transactional.queue_email("plain", f"reader{number}@example.org")
    runner = Worker("test", drain=True)
    runner.config = runner.prefetcher.config = WorkerConfig(recheck=0, glance=0, poll=0.01)
    compose = transactional._composers["plain"]

    def pause(mail):
        closed.append(1)
        return compose(mail)

    transactional._composers["plain"] = pause
    runner.run()
    states = list(TransactionalEmail.objects.order_by("pk").values_list("state", flat=True))
    assert states.count(DeliveryState.PENDING) >= 3
    assert set(states) <= {DeliveryState.PENDING, DeliveryState.ACCEPTED}


def test_what_a_lane_makes_of_it_comes_second(plain, drain, monkeypatch):
    def broken(row):
        raise RuntimeError

    lane = streams.MessageStream("service", TransactionalEmail, transactional.compose, on_settled=broken, priority=0)
    monkeypatch.setitem(streams.STREAMS, "service", lane)
    row = transactional.queue_email("plain", "reader@example.org")
    assert drain() == 1
    row.refresh_from_db()
    assert row.state == DeliveryState.ACCEPTED


def test_a_lane_hears_of_what_it_heeds(plain, drain, monkeypatch, composes):
    from engagement.mail.message import Skip

    heard = []
    lane = streams.MessageStream(
        "service",
        TransactionalEmail,
        transactional.compose,
        on_settled=lambda row: heard.append((row.object_id, row.state)),
        notify_on=frozenset((DeliveryState.SKIPPED,)),
        priority=0,
    )
    monkeypatch.setitem(streams.STREAMS, "service", lane)
    composes("left", lambda mail: Skip("left"))
    transactional.queue_email("plain", "reader@example.org", object_id="sent")
    transactional.queue_email("left", "reader@example.org", object_id="left")
    drain()
    assert heard == [("left", DeliveryState.SKIPPED)]


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_lane_hears_that_a_mail_is_not_unknown_after_all(plain, goes_on):
    """Its runner was taken for dead, and knows how it ended; with the next mail in hand, or without one."""
    heard = []
    lane = streams.MessageStream(
        *("service", TransactionalEmail, transactional.compose),
        on_settled=lambda row: heard.append((row.object_id, row.state)),
        notify_on=frozenset((DeliveryState.SKIPPED,)),
    )
    for about in ("first", "second"):
        transactional.queue_email("plain", "reader@example.org", object_id=about)
    clock, pace = Clock(), WorkerConfig()
    first, second = outbox.claim(lane, "slow", 2, 600, clock)
    assert outbox.mark_sending(lane, first, "slow", 600, clock) == (True, True)
    TransactionalEmail.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.recover_expired(lane, clock) == (0, 1)
    ended = outbox.plan_settlement(lane, first, Outcome(DeliveryState.ACCEPTED, response="250"), clock, pace)
    if goes_on:
        assert outbox.mark_sending(lane, second, "slow", 600, clock, ended) == (True, True)
    else:
        assert outbox.settle(ended, "slow", clock)
    assert dict(TransactionalEmail.objects.values_list("object_id", "state")) == {
        "first": DeliveryState.ACCEPTED,
        "second": DeliveryState.SENDING if goes_on else DeliveryState.CLAIMED,
    }
    assert heard == [("first", DeliveryState.ACCEPTED)]


@pytest.mark.parametrize("step", ["claim", "mark_sending", "settle", "release"])
@pytest.mark.parametrize("committed_all_the_same", [False, True])
def test_a_database_that_goes_away(plain, hours_pass, by_smtp, monkeypatch, step, committed_all_the_same):
    """At any step, before it is committed or just after: each mail goes out once, and the ledger says so."""
    for number in range(6):
        transactional.queue_email("plain", f"reader{number}@example.org")
    real, calls = getattr(outbox, step), []

    def gone(*args, **kwargs):
        calls.append(1)
        if len(calls) not in (2, 3):
            return real(*args, **kwargs)
        if committed_all_the_same:
            real(*args, **kwargs)
        raise OperationalError("the database is away")

    monkeypatch.setattr(outbox, step, gone)
    hours_pass()
    Worker("test", drain=True, patience=1).run()
    found = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert found.faults == []
    assert (
        found.states[DeliveryState.ACCEPTED] + found.states[DeliveryState.CLAIMED] + found.states[DeliveryState.SENDING]
        == 6
    )
    # What a lost answer left claimed is free once the claim expires.
    TransactionalEmail.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
    Worker("test", drain=True).run()
    found = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert found.faults == []
    assert found.states == {DeliveryState.ACCEPTED: 6}


def test_on_postgresql_a_connection_that_is_cut(plain, hours_pass, by_smtp, settings):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections that could be cut")
    for number in range(40):
        transactional.queue_email("plain", f"reader{number}@example.org")
    by_smtp.behave("content", "wait 0.02")
    hours_pass()
    # What was claimed as the connection was cut, and the runner never heard of, is free after this.
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"lease": 5}
    runner = Worker("test", drain=True, patience=60)
    thread = threading.Thread(target=runner.run)
    thread.start()
    for _ in range(4):
        time.sleep(0.3)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    thread.join(180)
    assert not thread.is_alive()
    found = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert found.faults == []
    assert found.states == {DeliveryState.ACCEPTED: 40}


def test_the_back_office_thread_ends_when_it_is_told(job):
    done = []
    job("tick", timedelta(0))(lambda: done.append(1) or "")
    office = Scheduler(Clock(), WorkerConfig(housekeep=0.01))
    office.start()
    deadline = time.monotonic() + 20
    while len(done) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    office.stop(10)
    assert len(done) >= 2
    assert not office.thread.is_alive()
