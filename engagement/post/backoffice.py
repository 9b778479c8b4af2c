"""What a runner does beside sending: what others left behind, the lanes' housekeeping, the regular jobs.

It has a thread of its own, so that a job of ten seconds keeps no confirmation waiting.
"""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from engagement.post.clock import Clock
from engagement.post.jobs import JOBS, Job
from engagement.post.lanes import in_order
from engagement.post.ledger import DATABASE_GONE, recover
from engagement.post.models import JobRun, Runner
from engagement.post.outcomes import words
from engagement.post.pace import Pace

__all__ = ["BackOffice", "do_due_jobs", "where"]

logger = logging.getLogger(__name__)

#: A job that hasn't ended after this, or after its interval if that is longer, has died with its runner.
LONGEST_JOB = timedelta(hours=1)
#: Runners that nobody has heard of for so long aren't listed any more.
FORGOTTEN = timedelta(days=2)


class BackOffice:
    """The thread, and a way to do the same without it."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self.clock, self.pace = clock, pace
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

    def round(self) -> None:
        """Everything once."""
        for lane in in_order():
            back, lost = recover(lane, self.clock)
            if back or lost:
                logger.warning("Lane %s: runners died: %d wait again, %d unknown.", lane.name, back, lost)
            try:
                lane.housekeep()
            except DATABASE_GONE:
                raise
            except Exception as error:
                logger.error("Housekeeping of the lane %s failed: %s", lane.name, where(error))
        do_due_jobs(self.clock)
        Runner.objects.filter(seen_at__lt=self.clock.now() - FORGOTTEN).delete()

    def _loop(self) -> None:
        while not self.over.is_set():
            try:
                self.round()
            except DATABASE_GONE as error:
                logger.warning("The back office waits for the database: %s", type(error).__name__)
                connection.close()
            except Exception as error:
                logger.error("The back office: %s", where(error))
            self.over.wait(self.pace.housekeep)
        connection.close()


def do_due_jobs(clock: Clock) -> int:
    """Do every job that is due and that no other runner is at. How many were."""
    done = 0
    for job in JOBS.values():
        if take_job(job, clock.now()):
            started = time.monotonic()
            try:
                outcome = job.work()
            except DATABASE_GONE:
                raise
            except Exception as error:
                logger.error("The job %s failed: %s", job.name, where(error))
                outcome = f"Failed: {where(error)}"
            logger.info("The job %s took %.1f s.", job.name, time.monotonic() - started)
            JobRun.objects.filter(name=job.name).update(finished_at=clock.now(), outcome=words(outcome or "Done."))
            done += 1
    return done


def take_job(job: Job, now: datetime) -> bool:
    """Whether it is due, and ours: of several runners, one takes it."""
    JobRun.objects.get_or_create(name=job.name)
    with transaction.atomic():
        run = JobRun.objects.select_for_update(skip_locked=True).filter(name=job.name).first()
        if run is None or not is_due(run, job, now):
            return False
        run.started_at = now
        run.save(update_fields=["started_at"])
    return True


def is_due(run: JobRun, job: Job, now: datetime) -> bool:
    """Whether its interval has passed, and nobody is still at it."""
    if run.started_at is None:
        return True
    running = run.finished_at is None or run.finished_at < run.started_at
    return now >= run.started_at + (max(job.every, LONGEST_JOB) if running else job.every)


def where(error: Exception) -> str:
    """What kind of error it was and where, without its message: that may name somebody."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return type(error).__name__
    file = "/".join(last.tb_frame.f_code.co_filename.split("/")[-3:])
    return f"{type(error).__name__} in {file}, line {last.tb_lineno}"


def last_runs() -> dict[str, JobRun | None]:
    """Each job, and how it went the last time."""
    runs = {run.name: run for run in JobRun.objects.all()}
    return {name: runs.get(name) for name in sorted(JOBS)}


def seconds_since(moment: datetime | None) -> float:
    """How long ago that was."""
    return (timezone.now() - moment).total_seconds() if moment else 0.0
