"""The section on a proposition's page: how far it is supported, what was said about it, and what came of that."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from engagement.feedback.models import FeedbackRound, Outcome
from engagement.feedback.reporting.editions import published_support
from engagement.feedback.reporting.outcomes import outcomes_for_proposition
from engagement.feedback.reporting.published_figures import STANCE_COLUMNS, PropositionSupport, stance_cells
from engagement.feedback.reporting.quotations import QuotedText, published_quotations, quoted_texts
from engagement.feedback.schema import RatedProposition, proposition_key


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
        supports = [support for support in (self.people, self.tables) if support]
        return not all(support.is_complete and support.whole.parts for support in supports)


@dataclass(frozen=True, slots=True)
class PropositionFeedback:
    """The whole section. ``outcomes`` are official responses with the version that came of each."""

    support: list[RoundSupport]
    outcomes: list[Outcome]
    quotations: list[QuotedText]

    def __bool__(self) -> bool:
        return bool(self.support or self.outcomes or self.quotations)

    @property
    def stances(self) -> tuple[str, ...]:
        """The columns of stances, in the order of ``rows``."""
        return STANCE_COLUMNS


def reported_rounds() -> list[FeedbackRound]:
    """List the rounds that were reported back, the newest first. One query."""
    return list(FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED).order_by("-reported_at", "-pk"))


def feedback_on_proposition(page: Any, rounds: list[FeedbackRound]) -> PropositionFeedback:
    """Gather what ``rounds``, which were reported back, have to do with the proposition ``page``.

    Seven queries at most, however many rounds and answers there are; none without a round.
    """
    if not rounds:
        return PropositionFeedback([], [], [])
    rated = RatedProposition(proposition_key(page.pk), page.pk, 0, 0, page.ref, page.title, "", "")
    published = published_support(rounds, rated)
    supports = []
    for round_ in rounds:
        people, tables = published.get(round_.pk, (None, None))
        if people and tables and (people.whole.answered != 0 or tables.whole.answered != 0):
            supports.append(RoundSupport(round_, people, None if tables.whole.answered == 0 else tables))
    about = Q(proposition=page.pk) | Q(proposition=None, anchor__startswith=f"{rated.key}-")
    quotations = quoted_texts(published_quotations().filter(about, response__round__in=rounds))
    return PropositionFeedback(supports, list(outcomes_for_proposition(page.pk)), quotations)


def _table_rows(label: str, support: PropositionSupport) -> list[tuple[str, list[int | None], int | None]]:
    rows = [(label, support.whole), *((f"{label}, on version {at}", tally) for at, tally in support.by_version.items())]
    return [(name, stance_cells(tally), tally.answered) for name, tally in rows]
