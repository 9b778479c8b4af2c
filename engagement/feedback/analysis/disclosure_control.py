"""Statistical disclosure control: keep small numbers of people out of published counts, and what gives them away.

A count below the threshold is hidden. So are others beside it, as small ones as will do, until nobody can work out a
hidden small count who knows everything that is published, that counts are whole, and that nothing hidden is zero. This
is primary and secondary cell suppression: Hundepool and others, “Statistical Disclosure Control” (Wiley, 2012),
chapter 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engagement.feedback.analysis.counts import Tally


@dataclass(frozen=True, slots=True)
class PublishedTally:
    """A tally as it may be published: None where a count is hidden."""

    tally: Tally
    counts: Mapping[str, int | None]
    answered: int | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is hidden."""
        return self.answered is not None and None not in self.counts.values()


def publish_tally(tally: Tally, threshold: int) -> PublishedTally:
    """``tally`` without numbers of people below ``threshold``, and without what would give them away."""
    if tally.several:
        return _publish_several(tally, threshold)
    counts, total = suppress_row([*tally.counts.values()], threshold)
    return PublishedTally(tally, dict(zip(tally.counts, counts, strict=True)), total)


def suppress_row(counts: Sequence[int], threshold: int) -> tuple[list[int | None], int | None]:
    """What may be published of one row of counts of people, and of its total: None for what is hidden.

    Counts of 1 to ``threshold`` − 1 are hidden; everything, where the total is that small. A hidden count stays unknown
    if it could be larger, and another that is hidden smaller, or the other way round; or if the total is hidden.
    """
    total = sum(counts)
    if 0 < total < threshold:
        return [None] * len(counts), None
    hidden = {position for position, count in enumerate(counts) if 0 < count < threshold}
    shows_total = True
    for position in sorted(hidden, key=lambda position: (counts[position], position)):
        others = hidden - {position}
        is_safe = any(counts[other] > 1 for other in others) or (others and counts[position] > 1)
        if is_safe or not shows_total:
            continue
        shown = [(count, other) for other, count in enumerate(counts) if count and other not in hidden]
        if shown:
            hidden.add(min(shown)[1])
        else:
            shows_total = False
    row = [None if position in hidden else count for position, count in enumerate(counts)]
    return row, total if shows_total else None


def _publish_several(tally: Tally, threshold: int) -> PublishedTally:
    """Counts that people are in several of. Everybody is in one at least, so they add up to ``answered`` or more.

    That alone can give hidden counts away. Of 40, 36 chose the one: so 4 chose the other. Or of 40, 28 chose the one,
    and the three others are hidden: the 12 who are left can only be 4 in each. So others are hidden beside them, the
    smallest first and all as large as it, until each may be as small as 1; and everything, where there are no others.
    """
    nothing = PublishedTally(tally, dict.fromkeys(tally.counts), None)
    if 0 < tally.answered < threshold:
        return nothing
    hidden_to = threshold - 1
    while _gives_away(tally, threshold, hidden_to):
        above = [count for count in tally.counts.values() if count > hidden_to]
        if not above:
            return nothing
        hidden_to = min(above)
    counts = {word: None if 0 < count <= hidden_to else count for word, count in tally.counts.items()}
    return PublishedTally(tally, counts, tally.answered)


def _gives_away(tally: Tally, threshold: int, hidden_to: int) -> bool:
    """Whether one of the small counts has to be more than 1, for whoever knows that all up to ``hidden_to`` are hidden.

    It looks at those that are hidden beside them, too: each is below any that is shown.
    """
    counts = [count for count in tally.counts.values() if count]
    small = sum(count < threshold for count in counts)
    shown = [count for count in counts if count > hidden_to]
    joined = len(counts) - len(shown) - small
    if not small:
        return False
    # Where only 1 is small, several by themselves are all 1.
    if not joined and (small == 1 or threshold == 2):
        return True
    left = tally.answered - sum(shown) - joined * (min(shown) - 1 if shown else tally.answered)
    return left - (small - 1) * (threshold - 1) > 1
