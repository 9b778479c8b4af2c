"""Who may work on responses, and when; and what else has to happen when somebody does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from engagement.feedback.models import FeedbackRound, Response

READ_RESPONSES = "feedback.read_responses"
READ_RESPONDENTS = "feedback.read_respondents"
REPORT_ROUND = "feedback.report_feedbackround"
DELETE_ROUND = "feedback.delete_feedbackround"
WITHDRAWN = "This response was withdrawn."


class RefusedError(ValueError):
    """An action that can't be done. The message says why, to the member of staff who asked for it."""


def is_closed(round_: FeedbackRound) -> bool:
    """Tell whether a round is closed: no answer changes any more, so codes and redactions stay on their words."""
    return round_.state in (FeedbackRound.State.CLOSED, FeedbackRound.State.REPORTED)


@contextmanager
def locked_response(response: Response) -> Iterator[Any]:
    """Open a transaction in which ``response`` is locked and can be worked on; yields it as it is now.

    Raises RefusedError for one that can still change, and for one that was withdrawn or never sent.
    """
    with transaction.atomic():
        locked = Response.objects.select_for_update(of=("self", "round")).select_related("round").get(pk=response.pk)
        if not is_closed(locked.round):
            raise RefusedError("The round isn’t closed: people can still change what they wrote.")
        if locked.state not in Response.SENT:
            raise RefusedError(WITHDRAWN)
        yield locked


@contextmanager
def locked_round(round_: FeedbackRound) -> Iterator[FeedbackRound]:
    """Open a transaction in which a round is locked, so that one person at a time works on it; yields it as it is."""
    with transaction.atomic():
        yield FeedbackRound.objects.select_for_update().get(pk=round_.pk)
