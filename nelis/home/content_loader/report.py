"""What a load reports: mistakes in the content files, and counts of what was created, updated or left alone."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["ContentError", "ExpectationError", "Outcome", "Problem", "Report"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is, and what was expected there."""

    file: str
    entry: str
    field: str
    expected: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                self.entry and f"entry {self.entry}",
                self.field and f"field {self.field}",
            )
            if part
        )
        return f"{place}: expected {self.expected}"


class ExpectationError(Exception):
    """Raised while reading one value; the message ends the sentence “expected …”."""

    def __init__(self, expected: str, field: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.field = field


class ContentError(Exception):
    """The content files have mistakes. Nothing has been changed. ``problems`` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Outcome(StrEnum):
    """What became of one entry."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept as edited"
    REMOVED = "left removed"


@dataclass(slots=True)
class Report:
    """Counts by kind, and the names of the entries that were left as an editor made them."""

    counts: dict[str, Counter[Outcome]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def add(self, label: str, outcome: Outcome, name: str) -> None:
        self.counts.setdefault(label, Counter())[outcome] += 1
        if outcome in {Outcome.KEPT, Outcome.REMOVED}:
            self.skipped.append(f"{name} ({outcome})")

    def total(self, outcome: Outcome) -> int:
        return sum(counter[outcome] for counter in self.counts.values())

    @property
    def changed(self) -> bool:
        return bool(self.total(Outcome.CREATED) or self.total(Outcome.UPDATED))

    def line(self, label: str) -> str:
        """One kind in a line: “propositions: 11 created”."""
        counter = self.counts.get(label, Counter())
        return f"{label}: " + ", ".join(f"{n} {what}" for what, n in sorted(counter.items()))

    def summary(self) -> str:
        """The whole load in a sentence."""
        if not self.changed:
            return "Nothing has changed."
        parts = [f"{self.total(what)} {what}" for what in Outcome if self.total(what)]
        return ", ".join(parts)[:1].upper() + ", ".join(parts)[1:] + "."
