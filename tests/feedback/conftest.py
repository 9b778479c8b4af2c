"""A round about kites in Exampleshire, a place that isn't there."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from engagement.feedback.models import FeedbackRound, QuestionKind, RoundProposition, RoundQuestion, RoundSession
from engagement.feedback.rounds.opening import open_round
from tests.feedback.staff import OFFICER, signed_in
from tests.sectors.conftest import make_kites, propose


@pytest.fixture(scope="module")
def round_made(made_once) -> Iterator[SimpleNamespace]:
    with made_once(make_round) as made:
        yield made


@pytest.fixture
def fair(round_made: SimpleNamespace, db: None) -> SimpleNamespace:
    """An open round of two sessions: two propositions to rate, and a question of every kind."""
    return deepcopy(round_made)


def make_round() -> SimpleNamespace:
    kites = make_kites()
    propositions = [kites.proposition, propose(kites, "P2", "Tail workshop")]
    for page in propositions:
        page.save_revision().publish()
    asked = FeedbackRound.objects.create(
        title="The kite fair",
        slug="kite-fair",
        intro="What should be flown?",
        privacy_text="Two people in Exampleshire read it.",
        opens_at=timezone.now() - timedelta(hours=1),
        closes_at=timezone.now() + timedelta(days=3),
    )
    first = RoundSession.objects.create(round=asked, sort_order=0, title="Kites", about=kites.sector, code="KT7194")
    second = RoundSession.objects.create(round=asked, sort_order=1, title="The fair itself")
    for order, page in enumerate(propositions):
        RoundProposition.objects.create(session=first, proposition=page, sort_order=order)
    why = RoundQuestion.objects.create(session=first, text="What is missing?", max_length=100)
    questions = {
        kind: RoundQuestion.objects.create(
            session=second,
            sort_order=order,
            text=f"A question of the kind {kind}",
            kind=kind,
            choices="Red\nGreen\nBlue" if kind in ("choice", "choices") else "",
            is_required=kind == "yes_no",
        )
        for order, kind in enumerate(QuestionKind.values)
    }
    form = open_round(FeedbackRound.objects.get(pk=asked.pk))
    return SimpleNamespace(
        kites=kites,
        propositions=propositions,
        round=FeedbackRound.objects.get(pk=asked.pk),
        sessions=[first, second],
        why=why,
        questions=questions,
        form=form,
    )


@pytest.fixture
def olive(db: None) -> Client:
    """An engagement officer."""
    return signed_in(OFFICER)


@pytest.fixture
def otto(db: None) -> Client:
    """A colleague of hers, who may publish what she wrote."""
    return signed_in("Administrator")
