"""The lane of mails that somebody waits for, which comes first; and the post room's own regular jobs."""

from datetime import timedelta

from engagement.mail import webhooks
from engagement.mail.models import TransactionalEmail
from engagement.mail.scheduler import periodic_task
from engagement.mail.streams import MessageStream, register_stream
from engagement.mail.transactional import compose, notify_failure_handlers

TRANSACTIONAL = MessageStream(
    "service",
    TransactionalEmail,
    compose,
    on_settled=notify_failure_handlers,
    notify_on=TransactionalEmail.FAILURE_STATES,
    priority=0,
)
register_stream(TRANSACTIONAL)


@periodic_task("mail.reports", timedelta(minutes=1))
def match_events() -> str:
    """Reports that came before we knew what the provider calls the mail find it."""
    return f"{webhooks.match_unmatched()} found their mail."


@periodic_task("mail.retention", timedelta(days=1))
def delete_old_events() -> str:
    """Reports of providers go after a while."""
    return f"{webhooks.delete_old_events()} old reports deleted."
