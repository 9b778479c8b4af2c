"""Periodic tasks of feedback.

What is deleted after some time is a rule of ``privacy/retention.py``, and runs with those of the mailing list.
"""

from datetime import timedelta

from engagement.feedback.responses import throttling
from engagement.mail.scheduler import periodic_task

__all__ = ["clear_networks"]


@periodic_task("feedback.networks", timedelta(hours=1))
def clear_networks() -> str:
    """Clear which responses came from the same network."""
    return f"{throttling.clear_throttle_keys()} responses forgot their network."
