"""What happens to feedback by itself."""

from datetime import timedelta

from engagement.feedback.privacy import retention, withdrawals
from engagement.feedback.responses import throttling
from engagement.mail.scheduler import periodic_task

__all__ = ["forget_networks", "keep_list_of_withdrawn", "retain"]


@periodic_task("feedback.networks", timedelta(hours=1))
def forget_networks() -> str:
    """Responses no longer say that they came from the same network."""
    return f"{throttling.clear_throttle_keys()} responses forgot their network."


@periodic_task("feedback.retention", timedelta(days=1))
def retain() -> str:
    """Contact details go when their time is over, and so do answers that were never sent."""
    done = retention.run()
    return "; ".join(f"{number} {words}" for words, number in done.items() if number) or "Nothing was due."


@periodic_task("feedback.withdrawn", timedelta(hours=1))
def keep_list_of_withdrawn() -> str:
    """The list by which a restored backup is put right is brought up to date."""
    return f"{withdrawals.write_withdrawn_list()} responses were withdrawn."
