"""Regular jobs, such as retention: done by whichever runner comes first, once in each interval."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

__all__ = ["PERIODIC_TASKS", "PeriodicTask", "periodic_task"]

#: What a job did, in a sentence without names or addresses.
TaskFunction = Callable[[], str]


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A function, and how often it is due."""

    name: str
    every: timedelta
    run: TaskFunction


PERIODIC_TASKS: dict[str, PeriodicTask] = {}


def periodic_task(name: str, every: timedelta) -> Callable[[TaskFunction], TaskFunction]:
    """Register a function as a job. Modules called ``jobs`` of our apps are imported at start."""

    def register(run: TaskFunction) -> TaskFunction:
        if name in PERIODIC_TASKS:
            raise LookupError(f"There are two jobs called {name!r}.")
        PERIODIC_TASKS[name] = PeriodicTask(name, every, run)
        return run

    return register
