"""Periodic tasks of email delivery itself."""

from datetime import timedelta

from engagement.mail import webhooks
from engagement.mail.scheduler import periodic_task

__all__ = ["delete_old_events", "match_events"]


@periodic_task("mail.match_events", timedelta(minutes=1))
def match_events() -> str:
    """Match provider events that came before their email's provider ID was known."""
    return f"{webhooks.match_unmatched()} found their email."


@periodic_task("mail.delete_old_events", timedelta(days=1))
def delete_old_events() -> str:
    """Delete provider events after three months."""
    return f"{webhooks.delete_old_events()} old events deleted."
