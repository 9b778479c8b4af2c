"""Tell those who asked to hear what came of a round by email: who they are, the outbox, and the message.

Each address is told once for a round. Whether it may be, is checked again at the moment of sending.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse

from engagement.feedback.analysis.permissions import RefusedError, locked_round
from engagement.feedback.models import FeedbackRound, OutcomeMail, Respondent, RoundEvent
from engagement.feedback.reporting.outcomes import prefetch_outcomes
from engagement.mail.message import Message, Skip
from engagement.mail.models import DeliveryState
from engagement.mail.render import automatic_message
from engagement.mailing_list.models import Suppression
from nelis.core.site_address import absolute_url


@dataclass(frozen=True, slots=True)
class NotificationStatus:
    """How many addresses are not in the outbox yet, how many are, and how many of those in which state (in words)."""

    waiting: int
    queued: int
    by_state: tuple[tuple[str, int], ...]


def notifiable_respondents(round_: FeedbackRound) -> QuerySet[Respondent]:
    """Find those who asked to hear, and whose responses are still there and count."""
    counted = round_.responses.counted()
    return Respondent.objects.filter(response__in=counted, may_contact=True).exclude(address="")


def notification_status(round_: FeedbackRound) -> NotificationStatus:
    """Count who is told. Two queries."""
    outbox = round_.outcome_mails.all()
    counts = dict(outbox.order_by().values_list("state").annotate(Count("pk")))
    waiting = notifiable_respondents(round_).exclude(address_hash__in=outbox.values("address_hash"))
    by_state = tuple((label, counts[state]) for state, label in DeliveryState.choices if state in counts)
    return NotificationStatus(waiting.values("address_hash").distinct().count(), sum(counts.values()), by_state)


def queue_notifications(round_: FeedbackRound, by: Any) -> int:
    """Put everybody who asked to hear into the outbox, once each; return how many were added. Raises RefusedError."""
    with locked_round(round_) as locked:
        if locked.state != FeedbackRound.State.REPORTED:
            raise RefusedError("There is nothing to tell before the round is reported back.")
        if locked.is_demonstration:
            raise RefusedError("Nobody is written to about a demonstration.")
        before = locked.outcome_mails.count()
        people = notifiable_respondents(locked).order_by("pk").values_list("response", "address_hash")
        OutcomeMail.objects.bulk_create(
            [OutcomeMail(round=locked, answered_id=key, address_hash=address_hash) for key, address_hash in people],
            ignore_conflicts=True,
            batch_size=1000,
        )
        added = locked.outcome_mails.count() - before
        if added:
            RoundEvent.write(locked, "told", by, f"{added} who asked to hear")
    return added


def compose(mail: OutcomeMail) -> Message | Skip:
    """Make the message at the moment of sending, or say why there is none any more."""
    person = Respondent.objects.filter(response=mail.answered_id, address_hash=mail.address_hash).first()
    if person is None or not person.address:
        return Skip("erased")
    if not person.may_contact:
        return Skip("changed")
    if Suppression.objects.filter(address_hash=mail.address_hash, reason__in=Suppression.NO_MAIL).exists():
        return Skip("suppressed")
    return outcome_message(mail.round, person.address)


def outcome_message(round_: FeedbackRound, address: str) -> Message:
    """Make the message to one address. Nothing in it was typed into a form: addresses there aren't confirmed."""
    context = {
        "round": round_,
        "responses": prefetch_outcomes(round_.official_responses.filter(published_at__isnull=False)),
        "base": settings.BASE_URL,
        "link": _absolute_url("results", round_),
        "own": _absolute_url("outcome", round_),
        "withdraw": _absolute_url("round", round_),
        "label": "Read what came of it",
    }
    return automatic_message(
        address, f"What came of your answers: {round_.title}", "feedback_outcome", context, kicker="Feedback"
    )


def _absolute_url(name: str, round_: FeedbackRound) -> str:
    return absolute_url(reverse(f"feedback:{name}", args=[round_.slug]))
