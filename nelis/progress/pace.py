"""How far a target has come, and whether that is fast enough.

Share of the way divided by share of the time gone is the pace: one is exactly the speed needed.
Dates known only as years make the time gone a range, and the pace with it; a status is given only
when both ends of that range agree on it. The cut-offs 0.95 and 0.60 follow the method that Open SDG
and Statistics Canada publish for progress against a target; theirs compares compound growth, this
is linear because the targets add up year by year.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ON_COURSE_FROM = Decimal("0.95")
SLOW_BELOW = Decimal("0.60")


class Status(StrEnum):
    """The verdict on a target, in the words readers see."""

    MET = "Met"
    ON_COURSE = "On course"
    BEHIND = "Behind pace"
    SLOW = "Slow"
    AWAY = "Moving away"
    PASSED = "Deadline passed"
    TOO_CLOSE = "Too close to call"
    UNKNOWN = "Not enough data"


Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a target stands: shares and pace as fractions, 1 being the whole or the speed needed."""

    status: Status
    share: Decimal | None = None
    remaining: Decimal | None = None
    elapsed_low: Decimal | None = None
    elapsed_high: Decimal | None = None
    pace_low: Decimal | None = None
    pace_high: Decimal | None = None


def year_span(year: int) -> Span:
    """A date known only by its year: its first day to the first day of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def measure_progress(gained: Decimal | None, wanted: Decimal, start: Span, deadline: Span, at: Span | None) -> Progress:
    """Progress of a target that asks for a gain of ``wanted`` over its start.

    ``gained`` is the gain so far (None when not held) and ``at`` when it was measured. ``start``,
    ``deadline`` and ``at`` are each an earliest and a latest date. Raises ValueError when
    ``wanted`` is not positive.
    """
    if wanted <= 0:
        raise ValueError("A target’s gain must be positive.")
    if gained is None or at is None:
        return Progress(Status.UNKNOWN)
    share = gained / wanted
    left = max(wanted - gained, Decimal(0))
    if share >= 1:
        return Progress(Status.MET, share, left)
    if at[0] >= deadline[1]:
        return Progress(Status.PASSED, share, left)
    if deadline[0] <= start[1]:
        # Known so roughly, start and deadline may be the same day: no time to be measured against.
        return Progress(Status.UNKNOWN, share, left)
    ratios = [
        Decimal((moment - begin).days) / Decimal((end - begin).days)
        for moment in at
        for begin in start
        for end in deadline
    ]
    low, high = min(ratios), max(ratios)
    if low <= 0:
        return Progress(Status.UNKNOWN, share, left)
    slowest, fastest = sorted((share / high, share / low))
    verdicts = {_verdict(slowest), _verdict(fastest)}
    status = verdicts.pop() if len(verdicts) == 1 else Status.TOO_CLOSE
    return Progress(status, share, left, low, high, slowest, fastest)


def _verdict(pace: Decimal) -> Status:
    if pace >= ON_COURSE_FROM:
        return Status.ON_COURSE
    if pace >= SLOW_BELOW:
        return Status.BEHIND
    if pace >= 0:
        return Status.SLOW
    return Status.AWAY
