"""What happens to feedback by itself."""

from datetime import timedelta

from engagement.feedback.responses import throttling
from engagement.mail.scheduler import periodic_task

__all__ = ["forget_networks"]


@periodic_task("feedback.networks", timedelta(hours=1))
def forget_networks() -> str:
    """Responses no longer say that they came from the same network."""
    return f"{throttling.clear_throttle_keys()} responses forgot their network."
