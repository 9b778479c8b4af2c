"""The workflow of a submitted response: coded, checked, then published or withheld."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engagement.feedback.analysis.permissions import READ_RESPONSES, REPORT_ROUND, RefusedError, locked_response
from engagement.feedback.models import FeedbackRound, Response, RoundEvent

State = Response.State


@dataclass(frozen=True, slots=True)
class Transition:
    """A change from one state to another, the label of its button, and who may make it."""

    source: str
    target: str
    label: str
    permission: str = READ_RESPONSES
    needs_reason: bool = False

    @property
    def key(self) -> str:
        """Its name in a form: a source has one transition to a target."""
        return f"{self.source}-{self.target}"


#: All there are. The first from submitted to coded also happens by itself, when a coder completes the response.
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
    """List the transitions that ``by`` may make with a response now."""
    return [
        transition
        for transition in TRANSITIONS
        if transition.source == response.state and _is_allowed(transition, response.round, by)
    ]


def transitions_for_many(round_: FeedbackRound, by: Any) -> list[Transition]:
    """List the transitions that ``by`` may make with responses of a round, whatever their state is."""
    return [transition for transition in TRANSITIONS if _is_allowed(transition, round_, by)]


def change_states(
    responses: Iterable[Response], transition: Transition, by: Any, reason: str = ""
) -> tuple[int, list[Response]]:
    """Make a transition with each response by itself. How many made it, and those that are in another state.

    Raises RefusedError, before anything is done, where the reason is missing.
    """
    if transition.needs_reason and not reason.strip():
        raise RefusedError("Say why they are withheld.")
    done, left = 0, []
    for response in responses:
        try:
            change_state(response, transition.target, by, reason, source=transition.source)
            done += 1
        except RefusedError:
            left.append(response)
    return done, left


def _is_allowed(transition: Transition, round_: FeedbackRound, by: Any) -> bool:
    """Check the permission of ``by``, and that only rounds whose policy says so publish whole responses."""
    publishes = transition.target == State.PUBLISHED
    if publishes and round_.publish_policy != FeedbackRound.Publish.ANONYMOUS:
        return False
    return by is None or by.has_perm(transition.permission)


def change_state(response: Response, target: str, by: Any, reason: str = "", *, source: str = "") -> None:
    """Move a response to another state and log it. Raises RefusedError where that isn't allowed, or lacks its reason.

    ``by`` is None for the site itself, which may make every transition. With ``source``, only from that state.
    """
    with locked_response(response) as locked:
        if source and locked.state != source:
            raise RefusedError(f"It is in another state: {locked.get_state_display()}.")
        transition = next((one for one in TRANSITIONS if (one.source, one.target) == (locked.state, target)), None)
        if transition is None or not _is_allowed(transition, locked.round, by):
            raise RefusedError("That step can’t be taken now. This is how it stands.")
        reason = reason.strip()
        if transition.needs_reason and not reason:
            raise RefusedError("Say why it is withheld.")
        note = f"{locked.get_state_display()} → {State(target).label}"
        locked.state = target
        locked.save(update_fields=["state"])
        RoundEvent.write(locked.round, "moved", by, f"{note}: {reason}" if reason else note, response=locked)
        # Whole responses are published in one state alone, and words of one that is withheld aren't quoted.
        locked.round.invalidate_results()
    response.state = locked.state
