"""How long things take and how often they are done: all the post room's numbers, in one place.

``MAIL_WORKER`` in the settings may change any of them; tests do, to see hours pass in a second.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

__all__ = ["WorkerConfig", "worker_config"]


@dataclass(frozen=True)
class WorkerConfig:
    """Seconds, unless the comment says otherwise."""

    #: How long a claim holds. A runner that died keeps its mails from the others for so long. Renewed while working.
    lease: float = 120
    #: Mails claimed at once.
    batch: int = 50
    #: A mail that failed for the moment is tried again after this, then twice as long, up to the longest.
    retry_first: float = 60
    retry_longest: float = 4 * 3600
    #: After so many attempts it has failed. They take two days and more.
    attempts: int = 20
    #: A server that asks to slow down is left alone for this, then twice as long, up to the longest.
    slow_first: float = 5
    slow_longest: float = 600
    #: Looking for new mail when there was none; and for mail in a more urgent lane, while others are sent.
    poll: float = 1
    glance: float = 0.2
    #: Saying that one is alive. After ``gone`` without a word, staff are warned.
    heartbeat: float = 10
    gone: float = 60
    #: Housekeeping of the lanes, and looking whether jobs are due.
    housekeep: float = 5
    #: Whether mails claimed earlier may still be sent: a bulletin may have been paused.
    recheck: float = 1
    #: A connection that nothing went over for this long is closed.
    idle: float = 20
    #: What the database is given to come back before a runner that was told to stop gives up on it.
    database: float = 20


def worker_config() -> WorkerConfig:
    """The numbers in force."""
    changed: dict[str, Any] = getattr(settings, "MAIL_WORKER", {})
    return WorkerConfig(**changed)
