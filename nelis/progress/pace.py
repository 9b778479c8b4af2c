"""How far a target has come, and whether that is fast enough: the published rule, as pure functions.

Share of the way divided by share of the time gone is the pace: one is exactly the speed needed. Dates known only as
years make the time gone a range; margins of error, and starts that aren’t known exactly, make the share one. A status
is given only when all ends of these ranges agree on it. The cut-offs 0.95 and 0.60 follow the method that Open SDG and
Statistics Canada publish for progress against a target; theirs compares compound growth, this is linear because the
targets add up year by year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ON_COURSE_FROM = Decimal("0.95")
SLOW_BELOW = Decimal("0.60")


class Status(StrEnum):
    """The verdict on a target, in the words readers see."""

    MET = "Met"
    NOT_MET = "Not met"
    ON_COURSE = "On course"
    BEHIND = "Behind pace"
    SLOW = "Slow"
    AWAY = "Moving away"
    TOO_CLOSE = "Too close to call"
    NO_FINAL = "No final figure"
    UNKNOWN = "Not enough data"

    @property
    def is_result(self) -> bool:
        """Whether it says how a target ended."""
        return self in (Status.MET, Status.NOT_MET)


#: An earliest and a latest day.
Span = tuple[date, date]
#: A lower and an upper end.
Range = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a target stands: shares and pace as fractions, 1 being the whole or the speed needed."""

    status: Status
    share: Range | None = None
    elapsed: Range | None = None
    pace: Range | None = None

    @property
    def direction(self) -> Status | None:
        """Whether it moved towards the aim at all: AWAY, TOO_CLOSE or ON_COURSE for towards; None without a share."""
        if self.share is None:
            return None
        low, high = self.share
        if low <= 0 <= high:
            return Status.TOO_CLOSE
        return Status.ON_COURSE if low > 0 else Status.AWAY


def year_span(year: int) -> Span:
    """A date known only by its year: its first day to the first day of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def measure_progress(
    share: Range | None, start: Span, deadline: Span, at: Span | None, on: date, *, steady: bool = False
) -> Progress:
    """Return where a target stands on the day ``on``, by a figure that describes ``at``.

    ``share`` is how much of what is wanted was reached, by its two ends; None when it isn’t held. ``start``,
    ``deadline`` and ``at`` are each an earliest and a latest day; the deadline has passed on its latest. After that
    there is a result and no pace, and a result needs a figure whose period may reach the deadline. A ``steady`` target
    asks for the same share all the time, so the time gone doesn’t matter.
    """
    if on >= deadline[1]:
        return Progress(_result(share, deadline, at), share)
    if share is None:
        return Progress(Status.UNKNOWN)
    if steady:
        return Progress(_verdict(share), share, pace=share)
    if share[0] >= 1:
        return Progress(Status.MET, share)
    # Known so roughly, start and deadline may be the same day: no time to be measured against.
    if at is None or deadline[0] <= start[1]:
        return Progress(Status.UNKNOWN, share)
    ratios = [
        Decimal((moment - begin).days) / Decimal((end - begin).days)
        for moment in at
        for begin in start
        for end in deadline
    ]
    elapsed = min(ratios), max(ratios)
    if elapsed[0] <= 0:
        return Progress(Status.UNKNOWN, share)
    pace = spread(reached / gone for reached in share for gone in elapsed)
    return Progress(_verdict(pace), share, elapsed, pace)


def gap_closed(gap: Range, starts: Iterable[Range]) -> Range | None:
    """Return how much of a gap has gone since it was one of ``starts``, as a fraction; less than 0 where it widened.

    None without a start, or where a start may be no gap at all.
    """
    starts = list(starts)
    if not starts or any(low <= 0 for low, _high in starts):
        return None
    return spread(1 - now / then for start in starts for then in start for now in gap)


def share_of_change(part: Decimal, whole: Decimal | None, smallest: Decimal = Decimal(0)) -> Decimal | None:
    """Return which share ``part`` is of all that was added; None where no more than ``smallest`` was."""
    if whole is None or whole <= 0 or whole < smallest:
        return None
    return part / whole


def spread(values: Iterable[Decimal]) -> Range:
    """Return the lowest and the highest of ``values``."""
    found = list(values)
    return min(found), max(found)


def _result(share: Range | None, deadline: Span, at: Span | None) -> Status:
    if share is None:
        return Status.UNKNOWN if at is None else Status.NO_FINAL
    if at is None or at[1] < deadline[0]:
        return Status.NO_FINAL
    if share[0] >= 1:
        return Status.MET
    return Status.NOT_MET if share[1] < 1 else Status.TOO_CLOSE


def _verdict(pace: Range) -> Status:
    """The status on which both ends agree."""
    low, high = (_verdict_at(end) for end in pace)
    return low if low is high else Status.TOO_CLOSE


def _verdict_at(pace: Decimal) -> Status:
    if pace >= ON_COURSE_FROM:
        return Status.ON_COURSE
    if pace >= SLOW_BELOW:
        return Status.BEHIND
    if pace >= 0:
        return Status.SLOW
    return Status.AWAY
