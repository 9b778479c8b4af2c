"""The lanes that mail travels in: each has a ledger of its own, and none waits behind another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from engagement.post.letters import Later, Letter, Skip
from engagement.post.models import Outgoing

__all__ = ["LANES", "Lane", "heard", "in_order", "register", "tell"]


def _all(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _nothing(*args: Any) -> None:
    return None


@dataclass(frozen=True)
class Lane:
    """A ledger, and what a runner needs to know to send from it."""

    name: str
    model: type[Outgoing]
    #: Makes the mail at the moment of sending, or says why there is none.
    compose: Callable[[Any], Letter | Skip | Later]
    #: Narrows the rows of the ledger to those that may be sent at present: of a bulletin that isn't paused, say.
    open_rows: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called by a runner every few seconds: begins what is due, completes what is done. Must be safe to run twice.
    housekeep: Callable[[], None] = _nothing
    #: Called in the transaction that settles a row, with the row: by the runner, or when the provider reports.
    settled: Callable[[Any], None] = _nothing
    #: Which states ``settled`` wants to hear of; None for all. Leaving out ``accepted`` makes sending faster.
    heeds: frozenset[str] | None = None
    #: Narrows rows in doubt to those that a person may let wait again: not those of what was cancelled, say.
    again_rows: Callable[[QuerySet[Any]], QuerySet[Any]] = _all
    #: Called in the transaction in which a person lets a row wait again, with the row.
    again: Callable[[Any], None] = _nothing
    #: The field that says what rows belong together, such as the bulletin they are copies of.
    batch: str = ""
    #: Lanes with a lower number are looked at first, after every mail.
    order: int = 100


LANES: dict[str, Lane] = {}


def register(lane: Lane) -> None:
    """Add a lane. Modules called ``lanes`` of our apps are imported at start."""
    if lane.name in LANES:
        raise LookupError(f"There are two lanes called {lane.name!r}.")
    LANES[lane.name] = lane


def tell(lane: Lane, row: Any) -> None:
    """Let the lane know that ``row`` is settled, in the caller's transaction."""
    if heard(lane, row.state):
        lane.settled(row)


def heard(lane: Lane, state: str) -> bool:
    """Whether the lane wants to know of a row in ``state``."""
    return lane.settled is not _nothing and (lane.heeds is None or state in lane.heeds)


def in_order() -> list[Lane]:
    """All lanes, the most urgent first."""
    return sorted(LANES.values(), key=lambda lane: (lane.order, lane.name))
