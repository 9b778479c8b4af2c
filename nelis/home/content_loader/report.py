"""What a load did, counted by kind."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Outcome", "Report"]


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
