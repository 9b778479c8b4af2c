"""What a runner does beside sending: what others left behind, the lanes' housekeeping, the regular jobs.

It has a thread of its own, so that a job of ten seconds keeps no confirmation waiting.
"""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import TaskRun, WorkerStatus
from engagement.mail.outbox import DATABASE_ERRORS, recover_expired
from engagement.mail.scheduler import PERIODIC_TASKS, PeriodicTask
from engagement.mail.streams import by_priority
from engagement.mail.transports.outcomes import redacted_line

__all__ = ["Scheduler", "error_location", "run_due_tasks"]

logger = logging.getLogger(__name__)

#: A job that hasn't ended after this, or after its interval if that is longer, has died with its runner.
TASK_TIMEOUT = timedelta(hours=1)
#: Runners that nobody has heard of for so long aren't listed any more.
FORGET_WORKERS_AFTER = timedelta(days=2)


class Scheduler:
    """The thread, and a way to do the same without it."""

    def __init__(self, clock: Clock, config: WorkerConfig) -> None:
        self.clock, self.config = clock, config
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._loop, name="back office", daemon=True)

    def start(self) -> None:
        """Begin, beside the sending."""
        self.thread.start()

    def stop(self, patience: float) -> None:
        """Let it finish what it is at, for so many seconds at the most."""
        self.over.set()
        if self.thread.is_alive():
            self.thread.join(patience)

    def run_once(self) -> None:
        """Everything once."""
        for lane in by_priority():
            back, lost = recover_expired(lane, self.clock)
            if back or lost:
                logger.warning("Lane %s: runners died: %d wait again, %d unknown.", lane.name, back, lost)
            try:
                lane.housekeep()
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                logger.error("Housekeeping of the lane %s failed: %s", lane.name, error_location(error))
        run_due_tasks(self.clock)
        WorkerStatus.objects.filter(seen_at__lt=self.clock.now() - FORGET_WORKERS_AFTER).delete()

    def _loop(self) -> None:
        while not self.over.is_set():
            try:
                self.run_once()
            except DATABASE_ERRORS as error:
                logger.warning("The back office waits for the database: %s", type(error).__name__)
                connection.close()
            except Exception as error:
                logger.error("The back office: %s", error_location(error))
            self.over.wait(self.config.housekeep)
        connection.close()


def run_due_tasks(clock: Clock) -> int:
    """Do every job that is due and that no other runner is at. How many were."""
    done = 0
    for job in PERIODIC_TASKS.values():
        if claim_task(job, clock.now()):
            started = time.monotonic()
            try:
                outcome = job.run()
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                logger.error("The job %s failed: %s", job.name, error_location(error))
                outcome = f"Failed: {error_location(error)}"
            logger.info("The job %s took %.1f s.", job.name, time.monotonic() - started)
            TaskRun.objects.filter(name=job.name).update(
                finished_at=clock.now(), outcome=redacted_line(outcome or "Done.")
            )
            done += 1
    return done


def claim_task(job: PeriodicTask, now: datetime) -> bool:
    """Whether it is due, and ours: of several runners, one takes it."""
    TaskRun.objects.get_or_create(name=job.name)
    with transaction.atomic():
        run = TaskRun.objects.select_for_update(skip_locked=True).filter(name=job.name).first()
        if run is None or not is_due(run, job, now):
            return False
        run.started_at = now
        run.save(update_fields=["started_at"])
    return True


def is_due(run: TaskRun, job: PeriodicTask, now: datetime) -> bool:
    """Whether its interval has passed, and nobody is still at it."""
    if run.started_at is None:
        return True
    running = run.finished_at is None or run.finished_at < run.started_at
    return now >= run.started_at + (max(job.every, TASK_TIMEOUT) if running else job.every)


def error_location(error: Exception) -> str:
    """What kind of error it was and where, without its message: that may name somebody."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return type(error).__name__
    file = "/".join(last.tb_frame.f_code.co_filename.split("/")[-3:])
    return f"{type(error).__name__} in {file}, line {last.tb_lineno}"


def last_runs() -> dict[str, TaskRun | None]:
    """Each job, and how it went the last time."""
    runs = {run.name: run for run in TaskRun.objects.all()}
    return {name: runs.get(name) for name in sorted(PERIODIC_TASKS)}


def seconds_since(moment: datetime | None) -> float:
    """How long ago that was."""
    return (timezone.now() - moment).total_seconds() if moment else 0.0
