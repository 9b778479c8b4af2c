"""Build a round from what there is: from another round, or from the questions of question sets."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import transaction

from engagement.feedback.models import FeedbackRound, Question, RoundEvent, RoundQuestion, RoundSession
from engagement.feedback.rounds.opening import apply_edit
from engagement.feedback.rounds.standing_round import COPIED_FIELDS, MAX_TITLE_LENGTH
from nelis.core.models.references import free_slug

__all__ = ["copy_round", "take_questions"]


@transaction.atomic
def copy_round(round_: FeedbackRound, by: Any) -> FeedbackRound:
    """Make a draft that asks the same: with the sessions, questions and propositions of a round, without its answers.

    Codes and keys are its own, so that nothing of the two is ever counted together.
    """
    copy = FeedbackRound.objects.create(
        title=f"Copy of {round_.title}"[:MAX_TITLE_LENGTH],
        slug=free_slug(FeedbackRound, round_.slug),
        **{name: getattr(round_, name) for name in COPIED_FIELDS},
    )
    for session in round_.sessions.prefetch_related("questions", "propositions"):
        questions, propositions = list(session.questions.all()), list(session.propositions.all())
        session.pk, session.round, session.key, session.code = None, copy, uuid4(), None
        session._state.adding = True
        session.save()
        for row in (*questions, *propositions):
            row.pk, row.session = None, session
            row._state.adding = True
            if isinstance(row, RoundQuestion):
                row.key = uuid4()
            row.save()
    RoundEvent.write(copy, "copied", by, f"from “{round_.title}”")
    return copy


@transaction.atomic
def take_questions(session: RoundSession, questions: Iterable[Question], by: Any) -> int:
    """Add questions of question sets to the end of a session, except those that it has. How many were added.

    In an open round people are asked them from now on, by a new version of its form. Raises CannotOpenError.
    """
    round_ = FeedbackRound.objects.select_for_update().get(pk=session.round_id)
    existing = list(session.questions.all())
    refs = {question.ref for question in existing}
    added = [question for question in questions if question.ref not in refs]
    # A row that was never put in order sorts first on one database and last on the other.
    for order, row in enumerate(existing):
        row.sort_order = order
    RoundQuestion.objects.bulk_update(existing, ["sort_order"])
    for order, question in enumerate(added, start=len(existing)):
        RoundQuestion.objects.create(session=session, sort_order=order, ref=question.ref, text=question.text)
    if added:
        apply_edit(round_, by, [f"questions taken into “{session.title}”"])
    return len(added)
