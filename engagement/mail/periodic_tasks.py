"""Periodic tasks of email delivery itself."""

from datetime import timedelta

from django.conf import settings

from engagement.mail import webhooks
from engagement.mail.bounce_mailbox import MailboxError, read_mailbox
from engagement.mail.scheduler import periodic_task

__all__ = ["delete_old_events", "match_events", "read_bounces"]


@periodic_task("mail.match_events", timedelta(minutes=1))
def match_events() -> str:
    """Match provider events that came before their email's provider ID was known."""
    return f"{webhooks.match_unmatched()} found their email."


@periodic_task("mail.delete_old_events", timedelta(days=1))
def delete_old_events() -> str:
    """Delete provider events after three months."""
    return f"{webhooks.delete_old_events()} old events deleted."


@periodic_task("mail.read_bounces", timedelta(minutes=5))
def read_bounces() -> str:
    """Read the mailbox that bounces come back to, where there is one."""
    if not (settings.BOUNCE_ADDRESS and settings.BOUNCE_MAILBOX):
        return "No mailbox is set up."
    try:
        reports, others = read_mailbox()
    except MailboxError as error:
        return str(error)
    return f"{reports} reports, {others} other messages."
