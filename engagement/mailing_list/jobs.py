"""What happens to subscriptions by itself."""

from datetime import timedelta

from engagement.mailing_list import changes
from engagement.post.jobs import regularly

__all__ = ["resume_and_expire"]


@regularly("mailing_list.resume_and_expire", timedelta(minutes=15))
def resume_and_expire() -> str:
    """Pauses that are over end, and sign-ups that nobody confirmed expire."""
    return f"{changes.resume_due()} resumed, {changes.expire_due()} expired."
