"""The email that says that answers have arrived, to an address that was given with leave to write to it.

Nobody confirms such an address, so a stranger may read it: nothing in it was typed into a form, and neither the
reference nor the code to come back is in it.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from engagement.feedback.models import Respondent, Response
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import automatic_message
from engagement.mail.transactional import composer
from engagement.mailing_list import abuse
from engagement.mailing_list.models import Suppression
from engagement.mailing_list.subscription_service import is_suppressed
from nelis.core.site_address import absolute_url

__all__ = ["RECEIPT", "queue_receipt"]

RECEIPT = "feedback-receipt"


def queue_receipt(response: Response, request: HttpRequest) -> None:
    """Queue the email for a response that was just sent, if we may write. In the caller's transaction."""
    respondent = getattr(response, "respondent", None)
    if respondent is not None and respondent.may_be_written_to and not abuse.network_is_rate_limited(request):
        # In the data, which goes with the address: the outbox doesn't remember whose answers an email was about.
        abuse.queue_request(RECEIPT, respondent.address, request, response=response.pk)


@composer(RECEIPT)
def receipt(email: TransactionalEmail) -> Message | Skip:
    """Say that answers have arrived, and how they are changed and withdrawn."""
    with transaction.atomic():
        # Whoever was erased since a worker claimed it has no address in it.
        rows = TransactionalEmail.objects.select_for_update()
        email.refresh_from_db(fields=["address", "data"], from_queryset=rows)
        people = Respondent.objects.filter(response=email.data.get("response"), address_hash=email.address_hash)
        respondent = people.select_related("response__round").first() if email.address else None
        if respondent is None:
            return _skip(email, "erased")
        if not respondent.may_contact:
            return _skip(email, "changed")
        if is_suppressed(email.address_hash, Suppression.FINAL):
            return _skip(email, "suppressed")
        if abuse.address_is_rate_limited(email):
            return _skip(email, "capped")
        abuse.record_outcome(email, "receipt")
        return _receipt_message(respondent.response, email.address)


def _skip(email: TransactionalEmail, reason: str) -> Skip:
    abuse.record_outcome(email, reason)
    return Skip(reason)


def _receipt_message(response: Response, address: str) -> Message:
    round_ = response.round
    context: dict[str, Any] = {
        "round": round_,
        "response": response,
        "link": absolute_url(reverse("feedback:return", args=[round_.slug])),
        "label": "Come back to your answers",
        "held": absolute_url(reverse("mailing_list:request_link")),
    }
    return automatic_message(
        address, f"Your answers have arrived: {round_.title}", "feedback_receipt", context, kicker="Feedback"
    )
