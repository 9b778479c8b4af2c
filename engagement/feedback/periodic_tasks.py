"""Periodic tasks of feedback.

What is deleted after some time is a rule of ``privacy/retention.py``, and runs with those of the mailing list.
"""

from datetime import timedelta

from engagement.feedback.models import FeedbackRound
from engagement.feedback.reporting.editions import update_edition
from engagement.feedback.responses import throttling
from engagement.mail.scheduler import periodic_task

__all__ = ["clear_networks", "update_editions"]


@periodic_task("feedback.networks", timedelta(hours=1))
def clear_networks() -> str:
    """Clear which responses came from the same network."""
    return f"{throttling.clear_throttle_keys()} responses forgot their network."


@periodic_task("feedback.editions", timedelta(hours=1))
def update_editions() -> str:
    """Publish the next edition of the figures of reported rounds, where enough answers came or went."""
    rounds = FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED)
    editions = [update_edition(round_) for round_ in rounds]
    return f"The figures of {len(editions)} rounds were counted."
