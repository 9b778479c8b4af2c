"""How long contact details are kept."""

from calendar import monthrange
from datetime import datetime

from engagement.feedback.models import FeedbackRound

__all__ = ["contact_kept_until"]


def contact_kept_until(feedback_round: FeedbackRound) -> datetime | None:
    """When the contact details of a round are emptied; None before it was reported back."""
    if feedback_round.reported_at is None:
        return None
    began = feedback_round.reported_at
    year, month = divmod(began.year * 12 + began.month - 1 + feedback_round.contact_months, 12)
    return began.replace(year=year, month=month + 1, day=min(began.day, monthrange(year, month + 1)[1]))
