"""What feedback does regularly."""

from datetime import timedelta

from engagement.feedback import limits
from engagement.post.jobs import regularly

__all__ = ["forget_networks"]


@regularly("feedback_networks", timedelta(hours=1))
def forget_networks() -> str:
    """Responses no longer say that they came from the same network."""
    return f"{limits.forget()} responses forgot their network."
