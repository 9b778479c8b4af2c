"""Periodic tasks run once in each interval, and what goes wrong in one stops nothing else."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from engagement.mail import scheduler
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import TaskRun, TransactionalEmail
from engagement.mail.scheduler import Scheduler, run_due_tasks
from engagement.mail.streams import STREAMS, MessageStream
from engagement.mail.transactional import compose, queue_email

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


@pytest.fixture
def task(monkeypatch):
    """Register tasks; there are no others."""
    monkeypatch.setattr(scheduler, "PERIODIC_TASKS", {})
    return scheduler.periodic_task


def test_a_task_is_run_once_in_each_interval(task):
    runs = []
    task("count", timedelta(hours=1))(lambda: runs.append(1) or "Counted.")
    assert [run_due_tasks(Clock()) for _ in range(3)] == [1, 0, 0]
    run = TaskRun.objects.get(name="count")
    assert (run.outcome, len(runs)) == ("Counted.", 1)
    TaskRun.objects.update(
        started_at=timezone.now() - timedelta(minutes=61), finished_at=timezone.now() - timedelta(minutes=60)
    )
    assert run_due_tasks(Clock()) == 1


def test_of_several_workers_one_runs_it(task):
    runs, idle = [], []
    begin = threading.Barrier(4)
    others_have_looked = threading.Event()

    def work():
        runs.append(1)
        others_have_looked.wait(30)
        return "Done."

    task("once", timedelta(hours=1))(work)

    def worker():
        begin.wait(10)
        try:
            if not run_due_tasks(Clock()):
                idle.append(1)
            if len(idle) == 3:
                others_have_looked.set()
        finally:
            connection.close()

    TaskRun.objects.create(name="once")
    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(runs) == 1


def test_a_task_that_fails_is_recorded_and_stops_nothing(task, plain, drain):
    def work():
        raise RuntimeError("canary@example.org")

    task("broken", timedelta(hours=1))(work)
    task("fine", timedelta(hours=1))(lambda: "Fine.")
    queue_email("plain", "reader@example.org")
    assert drain() == 1
    outcomes = dict(TaskRun.objects.values_list("name", "outcome"))
    assert outcomes["fine"] == "Fine."
    assert outcomes["broken"].startswith("Failed: RuntimeError in ")
    assert "canary" not in outcomes["broken"]


def test_a_task_whose_worker_died_is_run_again(task):
    task("died", timedelta(minutes=5))(lambda: "Done.")
    TaskRun.objects.create(name="died", started_at=timezone.now() - timedelta(minutes=50))
    assert run_due_tasks(Clock()) == 0
    TaskRun.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    assert run_due_tasks(Clock()) == 1


def test_housekeeping_that_fails_stops_nothing(plain, drain, monkeypatch):
    def broken():
        raise RuntimeError

    stream = MessageStream(
        "broken", TransactionalEmail, compose, group_field="kind", sendable_groups=list, housekeep=broken
    )
    monkeypatch.setitem(STREAMS, "broken", stream)
    queue_email("plain", "reader@example.org")
    assert drain() == 1


def test_the_thread_ends_when_it_is_told(task):
    runs, heartbeats = [], []
    task("tick", timedelta(0))(lambda: runs.append(1) or "")
    scheduler = Scheduler(Clock(), WorkerConfig(schedule=0.01), lambda: heartbeats.append(1))
    scheduler.start()
    deadline = time.monotonic() + 20
    while len(runs) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    scheduler.stop(10)
    assert len(runs) >= 2
    # A worker that waits for a slow server is still seen.
    assert len(heartbeats) >= len(runs)
    assert not scheduler.thread.is_alive()
