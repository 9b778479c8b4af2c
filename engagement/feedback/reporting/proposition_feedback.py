"""The section on a proposition's page: how far it is supported, what was said about it, and what came of that."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from engagement.feedback.analysis.counts import PERSON_MODES, TABLE_MODES, stances_by_version
from engagement.feedback.models import FeedbackRound, Outcome
from engagement.feedback.reporting.outcomes import outcomes_for_proposition
from engagement.feedback.reporting.published_figures import PropositionSupport, proposition_support
from engagement.feedback.reporting.quotations import QuotedText, published_quotations, quoted_texts
from engagement.feedback.schema import STANCES, RatedProposition


@dataclass(frozen=True, slots=True)
class RoundSupport:
    """How far one round supports a proposition: people, and tables in the room (None without any)."""

    round: FeedbackRound
    people: PropositionSupport
    tables: PropositionSupport | None

    @property
    def rows(self) -> list[tuple[str, list[int | None], int | None]]:
        """The rows of its table: label, a count for each stance, and the total. None stands for hidden."""
        rows = _table_rows("People", self.people)
        return rows + (_table_rows("Tables in the room", self.tables) if self.tables else [])

    @property
    def is_hidden(self) -> bool:
        """Whether any number is hidden."""
        return any(answered is None or None in counts for _, counts, answered in self.rows) or any(
            support.split_is_hidden for support in (self.people, self.tables) if support
        )


@dataclass(frozen=True, slots=True)
class PropositionFeedback:
    """The whole section. ``outcomes`` are official responses with the version that came of each."""

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
    """List the rounds that were reported back, the newest first. One query."""
    return list(FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED).order_by("-reported_at", "-pk"))


def feedback_on_proposition(page: Any, rounds: list[FeedbackRound]) -> PropositionFeedback:
    """Gather what ``rounds``, which were reported back, have to do with the proposition ``page``.

    Eight queries at most, however many rounds and answers there are; none without a round.
    """
    if not rounds:
        return PropositionFeedback([], [], [])
    stances = [stances_by_version(rounds, modes, page.pk) for modes in (PERSON_MODES, TABLE_MODES)]
    rated = RatedProposition(f"p{page.pk}", page.pk, 0, 0, page.ref, page.title, "", "")
    supports = []
    for round_ in rounds:
        people, tables = (by_round.get((round_.pk, page.pk), {}) for by_round in stances)
        if people or tables:
            threshold = round_.suppression_threshold
            at_tables = proposition_support(rated, tables, threshold) if tables else None
            supports.append(RoundSupport(round_, proposition_support(rated, people, threshold), at_tables))
    about = Q(proposition=page.pk) | Q(proposition=None, anchor__startswith=f"p{page.pk}-")
    quotations = quoted_texts(published_quotations().filter(about, response__round__in=rounds))
    return PropositionFeedback(supports, list(outcomes_for_proposition(page.pk)), quotations)


def _table_rows(label: str, support: PropositionSupport) -> list[tuple[str, list[int | None], int | None]]:
    rows = [(label, [*support.whole.counts.values()], support.whole.answered)]
    return rows + [
        (f"{label}, on version {number}", [*tally.counts.values()], tally.answered)
        for number, tally in support.by_version.items()
    ]
