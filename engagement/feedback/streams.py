"""The stream of emails that tell respondents what came of a round. It comes after transactional emails."""

from django.db.models import QuerySet

from engagement.feedback.models import FeedbackRound, OutcomeMail
from engagement.feedback.reporting.notifications import compose
from engagement.mail.streams import MessageStream, register_stream
from engagement.mailing_list import subscription_service

__all__ = ["OUTCOME_STREAM", "on_settled", "sendable"]


def sendable(rows: QuerySet[OutcomeMail]) -> QuerySet[OutcomeMail]:
    """Leave out rounds whose report was taken back, until it is published again."""
    return rows.filter(round__state=FeedbackRound.State.REPORTED)


def on_settled(email: OutcomeMail) -> None:
    """Suppress the address after a hard bounce or a complaint."""
    if not email.is_anonymised:
        subscription_service.apply_delivery_outcome(email)


OUTCOME_STREAM = MessageStream(
    name="feedback",
    model=OutcomeMail,
    compose=compose,
    sendable=sendable,
    on_settled=on_settled,
    notify_on=OutcomeMail.FAILURE_STATES,
    priority=50,
)
register_stream(OUTCOME_STREAM)
