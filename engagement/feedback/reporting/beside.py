"""What stands beside a proposition: how far it is supported, what was said about it, and what came of that."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from engagement.feedback.counts import PEOPLE, TABLES, stances_by_version
from engagement.feedback.form import STANCES, Rated
from engagement.feedback.models import FeedbackRound, Outcome
from engagement.feedback.reporting.outcomes import outcomes_of
from engagement.feedback.reporting.tables import Support, support
from engagement.feedback.reporting.words import Quoted, published_quotations, quoted

__all__ = ["Beside", "SupportInRound", "beside", "reported_rounds"]


@dataclass(frozen=True, slots=True)
class SupportInRound:
    """How far one round supports a proposition: people, and tables in the room (None without any)."""

    round: FeedbackRound
    people: Support
    tables: Support | None

    @property
    def rows(self) -> list[tuple[str, list[int | None], int | None]]:
        """The lines of its table: what each counts, a count for each stance, and all. None is hidden."""
        found = _rows("People", self.people)
        return found + (_rows("Tables in the room", self.tables) if self.tables else [])

    @property
    def is_hidden(self) -> bool:
        """Whether any number is."""
        return any(answered is None or None in counts for _, counts, answered in self.rows) or any(
            one.split_is_hidden for one in (self.people, self.tables) if one
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it. ``outcomes`` are official responses with the version that came of each."""

    support: list[SupportInRound]
    outcomes: list[Outcome]
    quotations: list[Quoted]

    def __bool__(self) -> bool:
        return bool(self.support or self.outcomes or self.quotations)

    @property
    def stances(self) -> list[str]:
        """The stances in words, in the order of ``rows``."""
        return [*STANCES.values()]


def reported_rounds() -> list[FeedbackRound]:
    """All that were reported back, the newest first. One query."""
    return list(FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED).order_by("-reported_at", "-pk"))


def beside(page: Any, rounds: list[FeedbackRound]) -> Beside:
    """What stands beside the proposition ``page``, of ``rounds`` that were reported back.

    Eight queries at most, however many rounds and answers there are; none without a round.
    """
    if not rounds:
        return Beside([], [], [])
    found = [stances_by_version(rounds, modes, page.pk) for modes in (PEOPLE, TABLES)]
    rated = Rated(f"p{page.pk}", page.pk, 0, 0, page.ref, page.title, "", "")
    supports = []
    for one in rounds:
        people, tables = (by_round.get((one.pk, page.pk), {}) for by_round in found)
        if people or tables:
            smallest = one.smallest_number
            at_tables = support(rated, tables, smallest) if tables else None
            supports.append(SupportInRound(one, support(rated, people, smallest), at_tables))
    about = Q(proposition=page.pk) | Q(proposition=None, place__startswith=f"p{page.pk}-")
    words = quoted(published_quotations().filter(about, response__round__in=rounds))
    return Beside(supports, list(outcomes_of(page.pk)), words)


def _rows(label: str, one: Support) -> list[tuple[str, list[int | None], int | None]]:
    rows = [(label, [*one.whole.counts.values()], one.whole.answered)]
    return rows + [
        (f"{label}, on version {number}", [*shown.counts.values()], shown.answered)
        for number, shown in one.by_version.items()
    ]
