"""How much readers see of made-up answers, as many as a session, a day and a summit give. Decision 76 has the table."""

import random

import pytest

from engagement.feedback.demonstration import RANDOM_SEED, STANCE_WEIGHTS
from engagement.feedback.reporting.presenters import support_results
from engagement.feedback.reporting.published_figures import GroupFigures, PublishedFigures, proposition_support
from engagement.feedback.schema import STANCES, FormPage, FormSchema, RatedProposition

# Nothing here touches a database.
pytestmark = pytest.mark.once

PROPOSITIONS = 300
SMALLEST = 5


def make_figures(answers: int) -> PublishedFigures:
    """What is published of a round with so many made-up answers to each proposition."""
    chance = random.Random(RANDOM_SEED)  # noqa: S311 - no secrets
    rated = [RatedProposition(f"p{at}", at, 1, 1, f"P{at}", "Made up", "", "") for at in range(PROPOSITIONS)]
    stances = {}
    for proposition in rated:
        counts = dict.fromkeys(STANCES, 0)
        for stance in chance.choices(list(STANCES), STANCE_WEIGHTS, k=answers):
            counts[stance] += 1
        stances[proposition.key] = proposition_support(proposition, {1: counts}, SMALLEST)
    form = FormSchema("", "", "", (FormPage("page", "Made up", propositions=tuple(rated)),))
    return PublishedFigures(form, GroupFigures(answers, stances, {}), GroupFigures(0, {}, {}), 0)


@pytest.mark.parametrize(("answers", "whole", "in_numbers"), [(45, 0.25, 0.75), (150, 0.98, 0.99), (350, 1, 1)])
def test_every_row_is_drawn(answers: int, whole: float, in_numbers: float):
    """``whole``: the least share of rows with all four classes; ``in_numbers``: of answers in a shown number."""
    figures = make_figures(answers)
    bars = support_results(figures.form.pages[0], figures.people).bars
    assert all(any(piece.kind != "hidden" for piece in bar.pieces) for bar in bars)
    supports = [support.whole for support in figures.people.stances.values()]
    assert sum(support.is_complete for support in supports) >= whole * PROPOSITIONS
    hidden = sum(support.hidden_together for support in supports)
    assert hidden <= (1 - in_numbers) * PROPOSITIONS * answers
    # How many support it is what everybody wants to know.
    assert all(support.counts["Support, strongly or not"] for support in supports)
