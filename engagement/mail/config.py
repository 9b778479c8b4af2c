"""Every interval, limit and time-out of the workers. ``MAIL_WORKER`` in the settings may change any of them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

__all__ = ["WorkerConfig", "worker_config"]


@dataclass(frozen=True)
class WorkerConfig:
    """In seconds, unless the comment says otherwise."""

    #: How long a claim holds, and so how long a dead worker keeps its emails from the others. Renewed while working.
    lease: float = 120
    #: How long a server may take for the content and the reply to it: RFC 5321 asks for ten minutes. An email that is
    #: being sent is held for so much longer than a claim.
    content_timeout: float = 600
    #: Emails claimed at once.
    batch_size: int = 50
    #: An email is tried again after this, then after twice as long each time, up to the maximum.
    retry_first: float = 60
    retry_max: float = 4 * 3600
    #: An email has failed after so many attempts. They take two days and more.
    max_attempts: int = 20
    #: A server that asks us to slow down is left alone for this, then for twice as long each time, up to the maximum.
    back_off_first: float = 5
    back_off_max: float = 600
    #: Between looks for new emails when there were none; and for urgent ones, while others are sent.
    poll: float = 1
    poll_urgent: float = 0.2
    #: Between heartbeats. Staff are warned when no worker has had one for ``dead_after``.
    heartbeat: float = 10
    dead_after: float = 60
    #: Between rounds of the scheduler.
    schedule: float = 5
    #: Between checks whether claimed emails may still be sent: a bulletin may have been paused.
    recheck: float = 1
    #: A connection that nothing was sent over for this long is closed.
    idle_timeout: float = 20
    #: How long a worker that was told to stop waits for a database that is away.
    database_timeout: float = 20


def worker_config() -> WorkerConfig:
    """The configuration in force."""
    changed: dict[str, Any] = getattr(settings, "MAIL_WORKER", {})
    return WorkerConfig(**changed)
