"""How far each proposition is supported, as a ruled bar: support from the left end, opposition from the right.

Only what is published is drawn. What is hidden of a row is one piece, as long as what is left, and keeps its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from engagement.feedback.analysis.disclosure_control import PublishedTally
from engagement.feedback.schema import RatedProposition

__all__ = ["SUPPORT_CLASSES", "SupportBar", "SupportCell", "count_supported", "support_bar"]

#: The classes from left to right, the same for all propositions so that they can be compared: label and kind of each.
SUPPORT_CLASSES = {
    "Support, strongly or not": ("Support", "undivided"),
    "Neither": ("Neither", "neither"),
    "Unsure": ("Unsure", "unsure"),
    "Oppose, strongly or not": ("Oppose", "oppose"),
}
SUPPORT, STRONG_SUPPORT, WEAK_SUPPORT = "Support, strongly or not", "Strongly support", "Support"
#: White between two pieces, in hundredths of the bar.
BETWEEN = 0.5
#: From one stripe to the next, in hundredths of the bar.
STRIPE = 1.6


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the bar: from where to where, in hundredths of it, and how many it stands for."""

    kind: str
    start: float
    end: float
    count: int

    @property
    def width(self) -> float:
        return round(self.end - self.start, 2)

    @property
    def oppose_stripes(self) -> list[float]:
        """Where the stripes of opposition are, so that it prints without colour; none in other pieces."""
        if self.kind != "oppose":
            return []
        number = int((self.end - self.start) / STRIPE)
        return [round(self.start + (place + 0.75) * STRIPE, 2) for place in range(number)]


@dataclass(frozen=True, slots=True)
class SupportCell:
    """A number of the row: how many, and the share in a hundred. None where it is hidden."""

    label: str
    kind: str
    count: int | None
    share: int | None


@dataclass(frozen=True, slots=True)
class SupportBar:
    """A row: what is rated, its pieces from left to right, its numbers, and how many took a stance."""

    rated: RatedProposition
    pieces: list[Piece]
    cells: list[SupportCell]
    answered: int | None

    @property
    def is_hidden(self) -> bool:
        """Whether nothing may be said of it, not even how many took a stance."""
        return self.answered is None


def support_bar(rated: RatedProposition, whole: PublishedTally) -> SupportBar:
    """The bar of one proposition."""
    answered = whole.answered
    cells = [
        SupportCell(label, kind, count, round(100 * count / answered) if answered and count is not None else None)
        for name, (label, kind) in SUPPORT_CLASSES.items()
        for count in [whole.counts[name] if answered is not None else None]
    ]
    return SupportBar(rated, _pieces(whole), cells, answered)


def _pieces(whole: PublishedTally) -> list[Piece]:
    if whole.answered is None:
        return [Piece("hidden", 0, 100, 0)]
    names = [*SUPPORT_CLASSES]
    last_hidden = max((place for place, name in enumerate(names) if whole.counts[name] is None), default=-1)
    lengths: list[tuple[str, int]] = []
    for place, name in enumerate(names):
        if place == last_hidden:
            lengths.append(("hidden", whole.hidden_together))
        elif name == SUPPORT and whole.parts:
            lengths += [("strong", whole.parts[STRONG_SUPPORT]), ("support", whole.parts[WEAK_SUPPORT])]
        else:
            lengths.append((SUPPORT_CLASSES[name][1], whole.counts[name] or 0))
    pieces, reached = [], 0
    for kind, count in lengths:
        if count:
            start, reached = reached, reached + count
            end = 100 * reached / whole.answered - (BETWEEN if reached < whole.answered else 0)
            pieces.append(Piece(kind, round(100 * start / whole.answered, 2), round(end, 2), count))
    return pieces


def count_supported(bars: Iterable[SupportBar]) -> tuple[int, int, int]:
    """How many bars there are, how many of more than half who took a stance support, and of how many it is hidden."""
    support = [(bar.cells[0].count, bar.answered) for bar in bars]
    most = sum(1 for count, answered in support if count is not None and answered and 2 * count > answered)
    return len(support), most, sum(1 for count, _ in support if count is None)
