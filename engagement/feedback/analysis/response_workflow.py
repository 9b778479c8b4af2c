"""The way of a response after it was sent: coded, checked, then published or withheld."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from engagement.feedback.analysis.permissions import (
    READ_RESPONSES,
    REPORT_ROUND,
    RefusedError,
    invalidate_results,
    lock_response,
)
from engagement.feedback.models import FeedbackRound, Response, RoundEvent

__all__ = ["TRANSITIONS", "Transition", "available_transitions", "change_state"]

State = Response.State


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from where to where, what its button says, and who may take it."""

    before: str
    to: str
    label: str
    permission: str = READ_RESPONSES
    needs_reason: bool = False


#: All there are. Coding moves a response on by itself, when the first coder is done with it.
TRANSITIONS = (
    Transition(State.SUBMITTED, State.CODED, "Nothing to code in it"),
    Transition(State.CODED, State.MODERATED, "Checked: no names and no harm in it, or blacked out"),
    Transition(State.CODED, State.WITHHELD, "Withhold", REPORT_ROUND, needs_reason=True),
    Transition(State.MODERATED, State.PUBLISHED, "Publish without names", REPORT_ROUND),
    Transition(State.MODERATED, State.WITHHELD, "Withhold", REPORT_ROUND, needs_reason=True),
    Transition(State.MODERATED, State.CODED, "Check it again"),
    Transition(State.PUBLISHED, State.WITHHELD, "Withhold", REPORT_ROUND, needs_reason=True),
    Transition(State.PUBLISHED, State.MODERATED, "Take it back from publication", REPORT_ROUND),
    Transition(State.WITHHELD, State.MODERATED, "Withhold it no longer", REPORT_ROUND),
)


def available_transitions(response: Response, by: Any) -> list[Transition]:
    """The steps that ``by`` may take with a response now."""
    return [
        one
        for one in TRANSITIONS
        if one.before == response.state and by.has_perm(one.permission) and _policy_allows(one, response.round)
    ]


def _policy_allows(step: Transition, feedback_round: FeedbackRound) -> bool:
    """Whether the round's policy knows such a step: most publish no whole answers."""
    return step.to != State.PUBLISHED or feedback_round.publish_policy == FeedbackRound.Publish.ANONYMOUS


def change_state(response: Response, to: str, by: Any, reason: str = "") -> None:
    """Take a step, and write it down. Raises RefusedError for one that there isn't, or without the reason it needs.

    ``by`` is None for the site itself, which may do everything.
    """
    with transaction.atomic():
        found = lock_response(response)
        step = next((one for one in TRANSITIONS if (one.before, one.to) == (found.state, to)), None)
        if (
            step is None
            or not _policy_allows(step, found.round)
            or (by is not None and not by.has_perm(step.permission))
        ):
            raise RefusedError("That step can’t be taken now. This is how it stands.")
        if step.needs_reason and not reason.strip():
            raise RefusedError("Say why it is withheld.")
        was, label = found.get_state_display(), State(to).label
        found.state = to
        found.save(update_fields=["state"])
        note = f"{was} → {label}"
        RoundEvent.write(found.round, "moved", by, f"{note}: {reason.strip()}" if reason.strip() else note, found)
        # Whole answers are published in one state alone, and words of one that is withheld aren't quoted.
        invalidate_results(found.round)
    response.state = found.state
