"""Periodic tasks, and what each worker does beside sending: recovery after dead workers, housekeeping of the streams.

The scheduler has a thread of its own, so that a task of ten seconds keeps no confirmation waiting.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import TaskRun, WorkerStatus
from engagement.mail.outbox import DATABASE_ERRORS, recover_expired
from engagement.mail.streams import by_priority
from engagement.mail.transports import redacted_line

__all__ = ["PERIODIC_TASKS", "Scheduler", "error_location", "last_runs", "periodic_task", "run_due_tasks"]

logger = logging.getLogger(__name__)

#: Returns what it did, in a sentence without names or addresses.
TaskFunction = Callable[[], str]

#: A run that hasn't ended after this, or after its interval if that is longer, has died with its worker. A task
#: that may run twice at once can set a shorter time.
TASK_TIMEOUT = timedelta(hours=1)
#: Workers without a heartbeat for so long aren't listed any more.
FORGET_WORKERS_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A function, and how often it is due."""

    name: str
    every: timedelta
    run: TaskFunction
    timeout: timedelta = TASK_TIMEOUT


PERIODIC_TASKS: dict[str, PeriodicTask] = {}


def periodic_task(
    name: str, every: timedelta, timeout: timedelta = TASK_TIMEOUT
) -> Callable[[TaskFunction], TaskFunction]:
    """Register a function to be run once in each interval, by whichever worker comes first.

    Modules called ``periodic_tasks`` in our apps are imported at start.
    """

    def register(function: TaskFunction) -> TaskFunction:
        if name in PERIODIC_TASKS:
            raise LookupError(f"There are two periodic tasks called {name!r}.")
        PERIODIC_TASKS[name] = PeriodicTask(name, every, function, timeout)
        return function

    return register


class Scheduler:
    """The thread of a worker beside its sending.

    ``heartbeat`` is called in each round: the worker itself may wait ten minutes for the reply of a server.
    """

    def __init__(self, clock: Clock, config: WorkerConfig, heartbeat: Callable[[], None]) -> None:
        self.clock, self.config, self.heartbeat = clock, config, heartbeat
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self.thread.start()

    def stop(self, timeout: float) -> None:
        """Let it finish what it is at, for so many seconds at the most."""
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join(timeout)

    def run_once(self) -> None:
        """Recover after dead workers, call each stream's ``housekeep``, run the tasks that are due."""
        for stream in by_priority():
            waiting, unknown = recover_expired(stream, self.clock)
            if waiting or unknown:
                logger.warning("Stream %s: workers died: %d wait again, %d unknown.", stream.name, waiting, unknown)
            try:
                stream.housekeep()
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                logger.error("Housekeeping of the stream %s failed: %s", stream.name, error_location(error))
        run_due_tasks(self.clock)
        WorkerStatus.objects.filter(seen_at__lt=self.clock.now() - FORGET_WORKERS_AFTER).delete()

    def _loop(self) -> None:
        while not self.stopping.is_set():
            try:
                self.heartbeat()
                self.run_once()
            except DATABASE_ERRORS as error:
                logger.warning("The scheduler waits for the database: %s", type(error).__name__)
                connection.close()
            except Exception as error:
                logger.error("The scheduler: %s", error_location(error))
            self.stopping.wait(self.config.schedule)
        connection.close()


def run_due_tasks(clock: Clock) -> int:
    """Run every task that is due and that no other worker runs. Returns how many were."""
    count = 0
    for task in PERIODIC_TASKS.values():
        if claim_task(task, clock.now()):
            started = time.monotonic()
            try:
                outcome = task.run()
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                logger.error("The task %s failed: %s", task.name, error_location(error))
                outcome = f"Failed: {error_location(error)}"
            logger.info("The task %s took %.1f s.", task.name, time.monotonic() - started)
            outcome = redacted_line(outcome or "Done.")
            TaskRun.objects.filter(name=task.name).update(finished_at=clock.now(), outcome=outcome)
            count += 1
    return count


def claim_task(task: PeriodicTask, now: datetime) -> bool:
    """Whether it is due, and ours: of several workers, one takes it."""
    TaskRun.objects.get_or_create(name=task.name)
    with transaction.atomic():
        run = TaskRun.objects.select_for_update(skip_locked=True).filter(name=task.name).first()
        if run is None or not is_due(run, task, now):
            return False
        run.started_at = now
        run.save(update_fields=["started_at"])
    return True


def is_due(run: TaskRun, task: PeriodicTask, now: datetime) -> bool:
    """Whether the interval has passed, and no worker still runs it."""
    if run.started_at is None:
        return True
    is_running = run.finished_at is None or run.finished_at < run.started_at
    return now >= run.started_at + (max(task.every, task.timeout) if is_running else task.every)


def last_runs() -> dict[str, TaskRun | None]:
    """The last run of each task."""
    runs = {run.name: run for run in TaskRun.objects.all()}
    return {name: runs.get(name) for name in sorted(PERIODIC_TASKS)}


def error_location(error: Exception) -> str:
    """The kind of an error and where it was raised, without its message: that may name somebody."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return type(error).__name__
    file = "/".join(last.tb_frame.f_code.co_filename.split("/")[-3:])
    return f"{type(error).__name__} in {file}, line {last.tb_lineno}"
