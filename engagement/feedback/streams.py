"""The stream of emails that tell respondents what came of a round. It comes after transactional emails."""

from engagement.feedback.models import FeedbackRound, OutcomeMail
from engagement.feedback.reporting.notifications import compose
from engagement.mail.streams import MessageStream, register_stream
from engagement.mailing_list import subscription_service

__all__ = ["OUTCOME_STREAM", "on_settled", "reported_rounds"]


def reported_rounds() -> list[int]:
    """Return the keys of rounds that are reported back: not of those whose report was taken back for now."""
    reported = FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED)
    return list(reported.order_by("pk").values_list("pk", flat=True))


def on_settled(email: OutcomeMail) -> None:
    """Suppress the address after a hard bounce or a complaint."""
    if not email.is_anonymised:
        subscription_service.apply_delivery_outcome(email)


OUTCOME_STREAM = MessageStream(
    name="feedback",
    model=OutcomeMail,
    compose=compose,
    on_settled=on_settled,
    notify_on=OutcomeMail.FAILURE_STATES,
    group_field="round",
    sendable_groups=reported_rounds,
    priority=50,
)
register_stream(OUTCOME_STREAM)
