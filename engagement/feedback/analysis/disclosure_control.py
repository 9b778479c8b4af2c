"""Statistical disclosure control: keep small numbers of people out of published counts, and what gives them away.

**The rule.** A count is small if it is 1 to ``threshold`` − 1. A row without small counts is published whole, noughts
too. In any other row the smallest counts are hidden, noughts too and equal ones together, until

- the people in the hidden counts are ``threshold`` or more, and
- they would still fit in below the smallest count that is shown if one of the hidden counts were nought:
  ``people <= (hidden − 1) * (smallest shown − 1)``.

**What it guarantees** to somebody who knows this rule and all that is published: whatever is subtracted from what, each
hidden small count can be at least two different small numbers, and the hidden counts together are no small number. Both
conditions look only at what is published, so that how far the rule went says no more than its result: rules that hide
as little as possible are undone by asking why they stopped (“minimality attack”: Wong and others, VLDB 2007).
``tests/feedback/analysis/test_disclosure_control.py`` proves it by going through all small tables.

Hiding the smallest first, then what gives them away, is primary and secondary cell suppression: Hundepool and others,
“Statistical Disclosure Control” (Wiley, 2012), chapter 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engagement.feedback.analysis.counts import Tally


@dataclass(frozen=True, slots=True)
class PublishedTally:
    """What may be published of a tally: None where a count is hidden. It knows none of the hidden numbers.

    ``counts`` are by the tally's groups if it has any, such as all who support, and else by its options. ``parts`` are
    the options of those groups, where they may be told apart.
    """

    key: str
    ref: str
    text: str
    counts: Mapping[str, int | None]
    answered: int | None
    several: bool = False
    parts: Mapping[str, int] = field(default_factory=dict)
    #: The day on which it was counted, as an ISO date, once it is in an edition.
    counted_on: str = field(default="", compare=False)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is hidden of ``counts``."""
        return self.answered is not None and None not in self.counts.values()

    @property
    def finest(self) -> Mapping[str, int | None]:
        """The counts in as many classes as may be told apart."""
        return self.parts or self.counts

    @property
    def hidden_together(self) -> int:
        """How many are in the hidden counts, for a row whose total is shown: anybody can subtract."""
        return (self.answered or 0) - sum(count or 0 for count in self.counts.values())


def publish_tally(tally: Tally, threshold: int) -> PublishedTally:
    """``tally`` without numbers of people below ``threshold``, and without what would give them away."""
    groups = {name: [tally.counts[option] for option in members] for name, members in tally.groups.items()}
    counts = {name: sum(parts) for name, parts in groups.items()} or tally.counts
    row = suppress([*counts.values()], tally.answered, threshold, several=tally.several)
    parts: Mapping[str, int] = {}
    if groups and row and None not in row and all(may_split(options, threshold) for options in groups.values()):
        parts = tally.counts
    return PublishedTally(
        tally.key,
        tally.ref,
        tally.text,
        dict(zip(counts, row or [None] * len(counts), strict=True)),
        None if row is None else tally.answered,
        tally.several,
        parts,
    )


def suppress(counts: Sequence[int], answered: int, threshold: int, *, several: bool = False) -> list[int | None] | None:
    """What may be published of a row of counts beside its total, ``answered``; None where even that is too small.

    With ``several``, people may be in several counts and are in one at least: the counts add up to ``answered`` or
    more. Then how many are in the hidden counts isn't known, except that whoever isn't in those shown is.
    """
    if 0 < answered < threshold:
        return None
    if not any(0 < count < threshold for count in counts):
        return [*counts]
    for most in sorted({threshold - 1, *(count for count in counts if count >= threshold)}):
        shown = [count for count in counts if count > most]
        rest, hidden = answered - sum(shown), len(counts) - len(shown)
        fits = rest <= (hidden - 1) * (min(shown, default=answered + 1) - 1)
        if fits and (several or rest >= threshold):
            break
    return [count if count > most else None for count in counts]


def may_split(parts: Sequence[int], threshold: int) -> bool:
    """Whether a number that is published may be published in parts: nobody is in it, or ``threshold`` in each part.

    Where it isn't, any of the parts may be nought, one, or all of it.
    """
    return not any(parts) or min(parts) >= threshold


def publish_responses(
    answered: int | None, totals: Iterable[int | None], threshold: int, *, is_covered: bool, is_apart: bool
) -> int | None:
    """How many responses may be said to have come in, beside how many answered each question (``totals``).

    Where a total is hidden, that can say more of it than is shown. ``is_covered``: each response is in one total at
    least, so it says how large the hidden ones must be. ``is_apart``: in one at most, so it says how large they can be.
    """
    if answered is None or 0 < answered < threshold:
        return None
    totals = [*totals]
    hidden, rest = totals.count(None), answered - sum(total or 0 for total in totals)
    # A little more than needed: else that it isn't said would say that it would have told something.
    tells_least, tells_most = is_covered and rest > 0, is_apart and rest < hidden * threshold
    return None if hidden and (tells_least or tells_most) else answered


def restrict(published: PublishedTally, threshold: int) -> PublishedTally:
    """``published`` as it may stand where ``threshold`` became larger; unchanged if no number is smaller."""
    if published.answered is None:
        return published
    shown = {name: count for name, count in published.counts.items() if count is not None}
    # All that are hidden are one number: by subtracting, it is as public as the others.
    hidden = [] if published.is_complete or published.several else [published.hidden_together]
    row = suppress([*shown.values(), *hidden], published.answered, threshold, several=published.several)
    counts = dict.fromkeys(published.counts) | dict(zip(shown, row or [None] * len(shown), strict=False))
    keeps_parts = (
        row is not None and None not in row and all(part == 0 or part >= threshold for part in published.parts.values())
    )
    return replace(
        published,
        counts=counts,
        answered=None if row is None else published.answered,
        parts=published.parts if keeps_parts else {},
    )


def may_follow(before: PublishedTally, after: PublishedTally, threshold: int) -> bool:
    """Whether ``after`` may be published in the place of ``before``: numbers stay, or move by ``threshold`` or more.

    So nobody who keeps both can tell from their difference what one person answered who came or went in between.
    """
    if before.answered is None or after.answered is None:
        return before.answered is None
    moves = [after.answered - before.answered]
    for old, new in ((before.counts, after.counts), (before.parts, after.parts)):
        both = [name for name in old if old[name] is not None and new.get(name) is not None]
        by_name = [(new[name] or 0) - (old[name] or 0) for name in both]
        # What is in all the others can be subtracted, too.
        moves += [*by_name, moves[0] - sum(by_name)] if both and not before.several else by_name
    return all(move == 0 or abs(move) >= threshold for move in moves)
