"""What happens to feedback by itself."""

from datetime import timedelta

from engagement.feedback import limits, retention, withdrawals
from engagement.post.jobs import regularly

__all__ = ["forget_networks", "keep_list_of_withdrawn", "retain"]


@regularly("feedback.networks", timedelta(hours=1))
def forget_networks() -> str:
    """Responses no longer say that they came from the same network."""
    return f"{limits.forget()} responses forgot their network."


@regularly("feedback.retention", timedelta(days=1))
def retain() -> str:
    """Contact details go when their time is over, and so do answers that were never sent."""
    done = retention.run()
    return "; ".join(f"{number} {words}" for words, number in done.items() if number) or "Nothing was due."


@regularly("feedback.withdrawn", timedelta(hours=1))
def keep_list_of_withdrawn() -> str:
    """The list by which a restored backup is put right is brought up to date."""
    return f"{withdrawals.write_list()} responses were withdrawn."
