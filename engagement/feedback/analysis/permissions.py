"""When answers can be worked on, and what else has to happen when they are."""

from typing import Any

from engagement.feedback.models import FeedbackRound, Response
from nelis.core.models import ContentVersion

__all__ = [
    "READ_RESPONDENTS",
    "READ_RESPONSES",
    "REPORT_ROUND",
    "WITHDRAWN",
    "RefusedError",
    "invalidate_results",
    "is_closed",
    "lock_response",
]

#: Who may read and code answers, see who gave them, and say what is published.
READ_RESPONSES, READ_RESPONDENTS, REPORT_ROUND = (
    "feedback.read_responses",
    "feedback.read_respondents",
    "feedback.report_feedbackround",
)
#: Said of what somebody wanted to work on.
WITHDRAWN = "This response was withdrawn."


class RefusedError(ValueError):
    """It can't be done. The message says why, to the member of staff who asked for it."""


def is_closed(feedback_round: FeedbackRound) -> bool:
    """Whether the round was closed, so that no answer changes any more: what points at words stays where it is."""
    return feedback_round.state in (FeedbackRound.State.CLOSED, FeedbackRound.State.REPORTED)


def lock_response(response: Response) -> Any:
    """The same response, locked until the caller's transaction ends.

    Raises RefusedError for one that can still change, and for one that was withdrawn or never sent.
    """
    found = Response.objects.select_for_update(of=("self", "round")).select_related("round").get(pk=response.pk)
    if not is_closed(found.round):
        raise RefusedError("The round isn’t closed: people can still change what they wrote.")
    if found.state not in Response.SENT:
        raise RefusedError(WITHDRAWN)
    return found


def invalidate_results(feedback_round: FeedbackRound) -> None:
    """Have the pages made anew that show this round's results, if it has any: what they are made of has changed."""
    if feedback_round.state == FeedbackRound.State.REPORTED:
        ContentVersion.bump()
