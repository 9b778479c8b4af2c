"""Keeping small numbers of people out of published tables, so that subtracting from totals doesn't bring them back.

A count below the threshold is hidden. So are others beside it, as small ones as will do, until nobody can work out a
hidden small count who knows everything that is published, that counts are whole, and that nothing hidden is zero. This
is primary and secondary cell suppression: Hundepool and others, “Statistical Disclosure Control” (Wiley, 2012),
chapter 4.

How: rows and columns are the nodes of a network, and counts are flows between them. A total is a flow in the other
direction, so that at every node as much comes in as goes out. A hidden count can be different exactly if, among hidden
counts, there is a way round from one of its ends to the other on which each flow can grow, or shrink and stay above
zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import product

__all__ = ["SuppressedCounts", "suppress_row", "suppress_table"]

Place = tuple[int, int]
Node = tuple[str, int]
#: Hiding a count of nobody says more than it keeps: only where there is nothing else.
COST_OF_ZERO = 10**9


@dataclass(frozen=True, slots=True)
class SuppressedCounts:
    """A table as it may be published: None where a count is hidden.

    When fewer people than the threshold are in it altogether, everything is hidden, the totals too.
    """

    cells: tuple[tuple[int | None, ...], ...]
    #: The totals of rows, of columns (empty where none are published), and of all.
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    total: int | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is hidden."""
        return None not in (*self.rows, *self.columns, self.total) and all(None not in row for row in self.cells)


def suppress_row(counts: Sequence[int], threshold: int) -> SuppressedCounts:
    """What may be published of one row of counts of people, with its total. Raises what ``hide_small`` raises."""
    return suppress_table([counts], threshold, column_totals=False)


def suppress_table(table: Sequence[Sequence[int]], threshold: int, *, column_totals: bool = True) -> SuppressedCounts:
    """What may be published of a table of counts of people, with its totals.

    Counts of 1 to ``threshold`` − 1 are hidden, and totals that small like them. ``column_totals`` says whether columns
    have published totals. Raises ValueError for a count below zero, or rows of different lengths.
    """
    counts = [list(row) for row in table]
    if not counts or any(count < 0 for row in counts for count in row) or len({len(row) for row in counts}) > 1:
        raise ValueError("A table needs rows of one length, of counts that are not below zero.")
    if 0 < sum(map(sum, counts)) < threshold:
        hidden_row = (None,) * len(counts[0])
        return SuppressedCounts((hidden_row,) * len(counts), (None,) * len(counts), hidden_row, None)
    network = Network(counts, column_totals)
    hidden = {place for place, count in network.counts.items() if 0 < count < threshold}
    small = sorted(hidden, key=lambda place: (network.counts[place], place))
    for place in small:
        hidden |= network.cheapest_way_round(place, hidden)
    return network.published(hidden)


class Network:
    """The counts of a table and its totals, each a flow from one node to another."""

    def __init__(self, counts: list[list[int]], column_totals: bool) -> None:
        self.height, self.width = len(counts), len(counts[0])
        self.column_totals = column_totals
        extended = [[*row, sum(row)] for row in counts]
        extended.append([sum(column) for column in zip(*extended, strict=True)])
        places = product(range(self.height + 1), range(self.width + 1))
        self.counts: dict[Place, int] = {
            (row, column): extended[row][column] for row, column in places if self.is_published(row, column)
        }

    def is_published(self, row: int, column: int) -> bool:
        """Whether there is such a count: the last row are the totals of columns."""
        if self.column_totals:
            return True
        return row < self.height

    def ends(self, anchor: Place) -> tuple[Node, Node]:
        """From where to where the flow goes."""
        row, column = anchor
        # Without totals of columns nothing ties a column together: all of them are one node.
        ends = ("row", row), ("column", column if self.column_totals else 0)
        is_total = (row == self.height) != (column == self.width)
        return (ends[1], ends[0]) if is_total else ends

    def cheapest_way_round(self, anchor: Place, hidden: set[Place]) -> set[Place]:
        """What else to hide so that the count at ``place`` can be different; nothing, if it can be already."""
        start, end = self.ends(anchor)
        ways = [self._way(end, start, anchor, hidden)]
        if self.counts[anchor] > 1:
            ways.append(self._way(start, end, anchor, hidden))
        _cost, way = min(ways)
        return set(way)

    def _way(self, start: Node, end: Node, without: Place, hidden: set[Place]) -> tuple[int, tuple[Place, ...]]:
        """The cheapest way between two nodes, over any count but one, and what it hides (Dijkstra, 1959)."""
        steps: dict[Node, list[tuple[Node, Place]]] = {}
        for one, other, place in self._steps(without, hidden):
            steps.setdefault(one, []).append((other, place))
        waiting: list[tuple[int, tuple[Place, ...], Node]] = [(0, (), start)]
        reached: set[Node] = set()
        while waiting:
            cost, way, node = heappop(waiting)
            if node == end:
                return cost, way
            if node in reached:
                continue
            reached.add(node)
            for other, place in steps.get(node, ()):
                extra = 0 if place in hidden else (self.counts[place] or COST_OF_ZERO)
                heappush(waiting, (cost + extra, (*way, place) if extra else way, other))
        # There is no other count at all: a table of one cell. Its total is the same number.
        return 0, ()

    def _steps(self, without: Place, hidden: set[Place]) -> Iterator[tuple[Node, Node, Place]]:
        for place, count in self.counts.items():
            if place == without:
                continue
            one, other = self.ends(place)
            yield one, other, place
            if count > 1:
                yield other, one, place

    def published(self, hidden: set[Place]) -> SuppressedCounts:
        """The table with what is hidden left out."""

        def shown(row: int, column: int) -> int | None:
            return None if (row, column) in hidden else self.counts[row, column]

        rows, columns = range(self.height), range(self.width)
        totals = tuple(shown(self.height, column) for column in columns) if self.column_totals else ()
        total = shown(self.height, self.width) if self.column_totals else None
        if not self.column_totals and self.height == 1:
            total = shown(0, self.width)
        return SuppressedCounts(
            tuple(tuple(shown(row, column) for column in columns) for row in rows),
            tuple(shown(row, self.width) for row in rows),
            totals,
            total,
        )
