"""What stands beside a proposition: how far it is supported, what was said about it, and what came of that."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from engagement.feedback.analysis.counts import PERSON_MODES, TABLE_MODES, stances_by_version
from engagement.feedback.models import FeedbackRound, Outcome
from engagement.feedback.reporting.outcomes import outcomes_for_proposition
from engagement.feedback.reporting.published_figures import PropositionSupport, proposition_support
from engagement.feedback.reporting.quotations import QuotedText, published_quotations, quoted_texts
from engagement.feedback.schema import STANCES, RatedProposition

__all__ = ["PropositionFeedback", "RoundSupport", "feedback_on_proposition", "reported_rounds"]


@dataclass(frozen=True, slots=True)
class RoundSupport:
    """How far one round supports a proposition: people, and tables in the room (None without any)."""

    round: FeedbackRound
    people: PropositionSupport
    tables: PropositionSupport | None

    @property
    def rows(self) -> list[tuple[str, list[int | None], int | None]]:
        """The lines of its table: what each counts, a count for each stance, and all. None is hidden."""
        found = _table_rows("People", self.people)
        return found + (_table_rows("Tables in the room", self.tables) if self.tables else [])

    @property
    def is_hidden(self) -> bool:
        """Whether any number is."""
        return any(answered is None or None in counts for _, counts, answered in self.rows) or any(
            one.split_is_hidden for one in (self.people, self.tables) if one
        )


@dataclass(frozen=True, slots=True)
class PropositionFeedback:
    """All of it. ``outcomes`` are official responses with the version that came of each."""

    support: list[RoundSupport]
    outcomes: list[Outcome]
    quotations: list[QuotedText]

    def __bool__(self) -> bool:
        return bool(self.support or self.outcomes or self.quotations)

    @property
    def stances(self) -> list[str]:
        """The stances in words, in the order of ``rows``."""
        return [*STANCES.values()]


def reported_rounds() -> list[FeedbackRound]:
    """All that were reported back, the newest first. One query."""
    return list(FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED).order_by("-reported_at", "-pk"))


def feedback_on_proposition(page: Any, rounds: list[FeedbackRound]) -> PropositionFeedback:
    """What stands beside the proposition ``page``, of ``rounds`` that were reported back.

    Eight queries at most, however many rounds and answers there are; none without a round.
    """
    if not rounds:
        return PropositionFeedback([], [], [])
    found = [stances_by_version(rounds, modes, page.pk) for modes in (PERSON_MODES, TABLE_MODES)]
    rated = RatedProposition(f"p{page.pk}", page.pk, 0, 0, page.ref, page.title, "", "")
    supports = []
    for one in rounds:
        people, tables = (by_round.get((one.pk, page.pk), {}) for by_round in found)
        if people or tables:
            smallest = one.suppression_threshold
            at_tables = proposition_support(rated, tables, smallest) if tables else None
            supports.append(RoundSupport(one, proposition_support(rated, people, smallest), at_tables))
    about = Q(proposition=page.pk) | Q(proposition=None, anchor__startswith=f"p{page.pk}-")
    words = quoted_texts(published_quotations().filter(about, response__round__in=rounds))
    return PropositionFeedback(supports, list(outcomes_for_proposition(page.pk)), words)


def _table_rows(label: str, one: PropositionSupport) -> list[tuple[str, list[int | None], int | None]]:
    rows = [(label, [*one.whole.counts.values()], one.whole.answered)]
    return rows + [
        (f"{label}, on version {number}", [*shown.counts.values()], shown.answered)
        for number, shown in one.by_version.items()
    ]
