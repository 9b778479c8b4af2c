"""The lane of mails that somebody waits for, which comes first; and the post room's own regular jobs."""

from datetime import timedelta

from engagement.post import events
from engagement.post.jobs import regularly
from engagement.post.lanes import Lane, register
from engagement.post.models import ServiceMail
from engagement.post.service import compose, reported

SERVICE = Lane(
    "service",
    ServiceMail,
    compose,
    settled=reported,
    heeds=ServiceMail.TELLING,
    order=0,
)
register(SERVICE)


@regularly("post.reports", timedelta(minutes=1))
def match_reports() -> str:
    """Reports that came before we knew what the provider calls the mail find it."""
    return f"{events.match_again()} found their mail."


@regularly("post.retention", timedelta(days=1))
def retain() -> str:
    """Reports of providers go after a while."""
    return f"{events.delete_old()} old reports deleted."
