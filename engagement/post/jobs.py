"""Regular jobs, such as retention: done by whichever runner comes first, once in each interval."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

__all__ = ["JOBS", "Job", "regularly"]

#: What a job did, in a sentence without names or addresses.
Work = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Job:
    """A function, and how often it is due."""

    name: str
    every: timedelta
    work: Work


JOBS: dict[str, Job] = {}


def regularly(name: str, every: timedelta) -> Callable[[Work], Work]:
    """Register a function as a job. Modules called ``jobs`` of our apps are imported at start."""

    def register(work: Work) -> Work:
        if name in JOBS:
            raise LookupError(f"There are two jobs called {name!r}.")
        JOBS[name] = Job(name, every, work)
        return work

    return register
