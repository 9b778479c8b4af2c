"""What runners do beside sending, and what they do when the database goes away."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from engagement.post import backoffice, jobs, lanes, ledger, service
from engagement.post.backoffice import BackOffice, do_due_jobs
from engagement.post.clock import Clock
from engagement.post.models import JobRun, ServiceMail, State
from engagement.post.outcomes import Outcome
from engagement.post.pace import Pace
from engagement.post.runner import Runner
from tests.post.harness import account

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


@pytest.fixture
def job(monkeypatch):
    """Register jobs that nobody else has."""
    monkeypatch.setattr(jobs, "JOBS", {})
    monkeypatch.setattr(backoffice, "JOBS", jobs.JOBS)
    return jobs.regularly


def test_a_job_is_done_once_in_each_interval(job):
    done = []
    job("count", timedelta(hours=1))(lambda: done.append(1) or "Counted.")
    assert [do_due_jobs(Clock()) for _ in range(3)] == [1, 0, 0]
    run = JobRun.objects.get(name="count")
    assert (run.outcome, len(done)) == ("Counted.", 1)
    JobRun.objects.update(
        started_at=timezone.now() - timedelta(minutes=61), finished_at=timezone.now() - timedelta(minutes=60)
    )
    assert do_due_jobs(Clock()) == 1


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
            do_due_jobs(Clock())
        finally:
            connection.close()

    JobRun.objects.create(name="once")
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
    service.queue("plain", "reader@example.org")
    assert drain() == 1
    outcomes = dict(JobRun.objects.values_list("name", "outcome"))
    assert outcomes["fine"] == "Fine."
    assert outcomes["broken"].startswith("Failed: RuntimeError in ")
    assert "canary" not in outcomes["broken"]


def test_a_job_whose_runner_died_is_done_again(job):
    job("died", timedelta(minutes=5))(lambda: "Done.")
    JobRun.objects.create(name="died", started_at=timezone.now() - timedelta(minutes=50))
    assert do_due_jobs(Clock()) == 0
    JobRun.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    assert do_due_jobs(Clock()) == 1


def test_housekeeping_that_fails_stops_nothing(plain, drain, monkeypatch):
    def broken():
        raise RuntimeError

    other = lanes.Lane("broken", ServiceMail, service.compose, open_rows=lambda rows: rows.none(), housekeep=broken)
    monkeypatch.setitem(lanes.LANES, "broken", other)
    service.queue("plain", "reader@example.org")
    assert drain() == 1


def test_a_lane_that_is_closed_sends_nothing_and_what_was_claimed_goes_back(plain, still, monkeypatch):
    """As when a bulletin is paused: its mails that were claimed already stay unsent."""
    closed = []
    lane = lanes.Lane(
        "service", ServiceMail, service.compose, open_rows=lambda rows: rows.none() if closed else rows, order=0
    )
    monkeypatch.setitem(lanes.LANES, "service", lane)
    for number in range(5):
        service.queue("plain", f"reader{number}@example.org")
    runner = Runner("test", drain=True)
    runner.pace = runner.supply.pace = Pace(recheck=0, glance=0, poll=0.01)
    compose = service._composers["plain"]

    def pause(mail):
        closed.append(1)
        return compose(mail)

    service._composers["plain"] = pause
    runner.run()
    states = list(ServiceMail.objects.order_by("pk").values_list("state", flat=True))
    assert states.count(State.PENDING) >= 3
    assert set(states) <= {State.PENDING, State.ACCEPTED}


def test_what_a_lane_makes_of_it_comes_second(plain, drain, monkeypatch):
    def broken(row):
        raise RuntimeError

    lane = lanes.Lane("service", ServiceMail, service.compose, settled=broken, order=0)
    monkeypatch.setitem(lanes.LANES, "service", lane)
    row = service.queue("plain", "reader@example.org")
    assert drain() == 1
    row.refresh_from_db()
    assert row.state == State.ACCEPTED


def test_a_lane_hears_of_what_it_heeds(plain, drain, monkeypatch, composes):
    from engagement.post.letters import Skip

    heard = []
    lane = lanes.Lane(
        "service",
        ServiceMail,
        service.compose,
        settled=lambda row: heard.append((row.about, row.state)),
        heeds=frozenset((State.SKIPPED,)),
        order=0,
    )
    monkeypatch.setitem(lanes.LANES, "service", lane)
    composes("left", lambda mail: Skip("left"))
    service.queue("plain", "reader@example.org", about="sent")
    service.queue("left", "reader@example.org", about="left")
    drain()
    assert heard == [("left", State.SKIPPED)]


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_lane_hears_that_a_mail_is_not_unknown_after_all(plain, goes_on):
    """Its runner was taken for dead, and knows how it ended; with the next mail in hand, or without one."""
    heard = []
    lane = lanes.Lane(
        *("service", ServiceMail, service.compose),
        settled=lambda row: heard.append((row.about, row.state)),
        heeds=frozenset((State.SKIPPED,)),
    )
    for about in ("first", "second"):
        service.queue("plain", "reader@example.org", about=about)
    clock, pace = Clock(), Pace()
    first, second = ledger.claim(lane, "slow", 2, 600, clock)
    assert ledger.begin(lane, first, "slow", 600, clock) == (True, True)
    ServiceMail.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert ledger.recover(lane, clock) == (0, 1)
    ended = ledger.settlement(lane, first, Outcome(State.ACCEPTED, response="250"), clock, pace)
    if goes_on:
        assert ledger.begin(lane, second, "slow", 600, clock, ended) == (True, True)
    else:
        assert ledger.settle(ended, "slow", clock)
    assert dict(ServiceMail.objects.values_list("about", "state")) == {
        "first": State.ACCEPTED,
        "second": State.SENDING if goes_on else State.CLAIMED,
    }
    assert heard == [("first", State.ACCEPTED)]


@pytest.mark.parametrize("step", ["claim", "begin", "settle", "give_back"])
@pytest.mark.parametrize("committed_all_the_same", [False, True])
def test_a_database_that_goes_away(plain, hours_pass, by_smtp, monkeypatch, step, committed_all_the_same):
    """At any step, before it is committed or just after: each mail goes out once, and the ledger says so."""
    for number in range(6):
        service.queue("plain", f"reader{number}@example.org")
    real, calls = getattr(ledger, step), []

    def gone(*args, **kwargs):
        calls.append(1)
        if len(calls) not in (2, 3):
            return real(*args, **kwargs)
        if committed_all_the_same:
            real(*args, **kwargs)
        raise OperationalError("the database is away")

    monkeypatch.setattr(ledger, step, gone)
    hours_pass()
    Runner("test", drain=True, patience=1).run()
    found = account(ServiceMail.objects.all(), by_smtp)
    assert found.faults == []
    assert found.states[State.ACCEPTED] + found.states[State.CLAIMED] + found.states[State.SENDING] == 6
    # What a lost answer left claimed is free once the claim expires.
    ServiceMail.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
    Runner("test", drain=True).run()
    found = account(ServiceMail.objects.all(), by_smtp)
    assert found.faults == []
    assert found.states == {State.ACCEPTED: 6}


def test_on_postgresql_a_connection_that_is_cut(plain, hours_pass, by_smtp, settings):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections that could be cut")
    for number in range(40):
        service.queue("plain", f"reader{number}@example.org")
    by_smtp.behave("content", "wait 0.02")
    hours_pass()
    # What was claimed as the connection was cut, and the runner never heard of, is free after this.
    settings.POST_ROOM = settings.POST_ROOM | {"lease": 5}
    runner = Runner("test", drain=True, patience=60)
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
    found = account(ServiceMail.objects.all(), by_smtp)
    assert found.faults == []
    assert found.states == {State.ACCEPTED: 40}


def test_the_back_office_thread_ends_when_it_is_told(job):
    done = []
    job("tick", timedelta(0))(lambda: done.append(1) or "")
    office = BackOffice(Clock(), Pace(housekeep=0.01))
    office.start()
    deadline = time.monotonic() + 20
    while len(done) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    office.stop(10)
    assert len(done) >= 2
    assert not office.thread.is_alive()
