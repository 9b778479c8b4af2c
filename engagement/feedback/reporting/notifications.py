"""Telling those who asked to hear what came of a round: who they are, the ledger, and the mail.

Each address is told once for a round. Whether it may be, is asked again at the moment of sending.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import FeedbackRound, OutcomeMail, Respondent, RoundEvent
from engagement.feedback.reporting.outcomes import prefetch_outcomes
from engagement.mail.message import Message, Skip
from engagement.mail.mime import CONTROL_CHARACTERS
from engagement.mail.models import DeliveryState
from engagement.mail.render import render
from engagement.mailing_list.models import Suppression

__all__ = [
    "NotificationStatus",
    "compose",
    "notifiable_respondents",
    "notification_status",
    "outcome_message",
    "queue_notifications",
]

#: Says to other machines that nobody typed this, so that none answers.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True, slots=True)
class NotificationStatus:
    """Who is told: those not in the ledger yet, and how many of it stand where, in words."""

    waiting: int
    told: int
    by_state: tuple[tuple[str, int], ...]


def notifiable_respondents(feedback_round: FeedbackRound) -> QuerySet[Respondent]:
    """Those who asked to hear, and whose answers are still there and count."""
    counted = feedback_round.responses.counted()
    return Respondent.objects.filter(response__in=counted, may_contact=True).exclude(address="")


def notification_status(feedback_round: FeedbackRound) -> NotificationStatus:
    """How the telling stands. Two queries."""
    ledger = feedback_round.outcome_mails.all()
    counts = dict(ledger.order_by().values_list("state").annotate(Count("pk")))
    waiting = notifiable_respondents(feedback_round).exclude(address_hash__in=ledger.values("address_hash"))
    shown = tuple((label, counts[state]) for state, label in DeliveryState.choices if state in counts)
    return NotificationStatus(waiting.values("address_hash").distinct().count(), sum(counts.values()), shown)


def queue_notifications(feedback_round: FeedbackRound, by: Any) -> int:
    """Put everybody who asked to hear into the ledger, once each. How many were added. Raises RefusedError."""
    with transaction.atomic():
        locked = FeedbackRound.objects.select_for_update().get(pk=feedback_round.pk)
        if locked.state != FeedbackRound.State.REPORTED:
            raise RefusedError("There is nothing to tell before the round is reported back.")
        if locked.is_demonstration:
            raise RefusedError("Nobody is written to about a demonstration.")
        before = locked.outcome_mails.count()
        rows = notifiable_respondents(locked).order_by("pk").values_list("response", "address_hash")
        OutcomeMail.objects.bulk_create(
            [OutcomeMail(round=locked, answered_id=key, address_hash=hashed) for key, hashed in rows],
            ignore_conflicts=True,
            batch_size=1000,
        )
        added = locked.outcome_mails.count() - before
        if added:
            RoundEvent.write(locked, "told", by, f"{added} who asked to hear")
    return added


def compose(mail: OutcomeMail) -> Message | Skip:
    """The mail, made at the moment of sending; or why there is none any more."""
    person = Respondent.objects.filter(response=mail.answered_id, address_hash=mail.address_hash).first()
    if person is None or not person.address:
        return Skip("erased")
    if not person.may_contact:
        return Skip("changed")
    if Suppression.objects.filter(address_hash=mail.address_hash, reason__in=Suppression.NO_MAIL).exists():
        return Skip("suppressed")
    return outcome_message(mail.round, person.address)


def outcome_message(feedback_round: FeedbackRound, address: str) -> Message:
    """The mail to one address: nothing in it was typed into a form, since addresses there aren't confirmed."""
    # Titles are pasted from other programs, some with characters in them that no subject may have.
    subject = CONTROL_CHARACTERS.sub(" ", f"What came of your answers: {feedback_round.title}")
    responses = feedback_round.official_responses.filter(published_at__isnull=False)
    context = {
        "subject": subject,
        "round": feedback_round,
        "responses": prefetch_outcomes(responses),
        "base": settings.BASE_URL,
        "link": _absolute_url("results", feedback_round),
        "own": _absolute_url("outcome", feedback_round),
        "withdraw": _absolute_url("round", feedback_round),
        "label": "Read what came of it",
    }
    written = render("feedback_outcome", context)
    return Message(address, subject, written.text, written.html, HEADERS)


def _absolute_url(name: str, feedback_round: FeedbackRound) -> str:
    return f"{settings.BASE_URL}{reverse(f'feedback:{name}', args=[feedback_round.slug])}"
