"""When a round ended, and how long contact details are kept after that."""

from calendar import monthrange
from datetime import datetime

from engagement.feedback.models import FeedbackRound

__all__ = ["contact_kept_until", "ended_at"]

State = FeedbackRound.State


def ended_at(feedback_round: FeedbackRound) -> datetime | None:
    """From when on a round takes no answers: its closing time, or when it was closed before that. One query at most.

    None for one that has no end yet. It may lie ahead.
    """
    if feedback_round.state == State.DRAFT:
        return None
    closed = None
    if feedback_round.state != State.OPEN:
        closed = feedback_round.events.filter(action="closed").values_list("at", flat=True).last()
    return min((one for one in (feedback_round.closes_at, closed) if one), default=None)


def contact_kept_until(feedback_round: FeedbackRound) -> datetime | None:
    """When the contact details of a round are emptied: so many months after the first report, or after its end.

    None for one that was never reported back and has no end yet. One query at most.
    """
    began = feedback_round.reported_at or ended_at(feedback_round)
    if began is None:
        return None
    year, month = divmod(began.year * 12 + began.month - 1 + feedback_round.contact_months, 12)
    return began.replace(year=year, month=month + 1, day=min(began.day, monthrange(year, month + 1)[1]))
