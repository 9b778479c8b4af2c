"""How those who asked to hear are told what came of a round: a lane behind mails that somebody waits for."""

from django.db.models import QuerySet

from engagement.feedback.models import FeedbackRound, OutcomeMail
from engagement.feedback.reporting.notifications import compose
from engagement.mail.streams import MessageStream, register_stream
from engagement.mailing_list import subscription_service

__all__ = ["OUTCOME_STREAM", "on_settled", "sendable"]


def sendable(rows: QuerySet[OutcomeMail]) -> QuerySet[OutcomeMail]:
    """Nothing is sent of a round whose report was taken back, until it is there again."""
    return rows.filter(round__state=FeedbackRound.State.REPORTED)


def on_settled(mail: OutcomeMail) -> None:
    """Whoever has no mailbox any more, or reported the mail as unwanted, is not written to again."""
    if not mail.is_anonymised:
        subscription_service.apply_delivery_outcome(mail)


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
