"""What a person decides about an email that no worker may touch. Each decision is logged."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from engagement.mail.models import DeliveryState, TransactionalEmail
from engagement.mail.streams import STREAMS

__all__ = [
    "ACTIONS",
    "NOT_SENT",
    "SEND_AGAIN",
    "SENT",
    "DecisionError",
    "retry_failed",
    "settle_group",
    "settle_manually",
]

SENT, NOT_SENT, SEND_AGAIN = "sent", "not-sent", "again"
#: Log actions and their labels.
ACTIONS = {
    SENT: ("mail.settled_sent", "Settled as sent"),
    NOT_SENT: ("mail.settled_not_sent", "Settled as not sent"),
    SEND_AGAIN: ("mail.send_again", "To be sent again"),
}
#: Emails settled with one button: as many as one request has time for.
MAX_AT_ONCE = 500


class DecisionError(Exception):
    """Raised for a decision that isn't possible, with the reason in a sentence."""


def settle_manually(stream_name: str, key: int, decision: str, user: Any) -> bool:
    """Settle an unknown email. False when it isn't unknown any more. Raises LookupError for what doesn't exist.

    Raises DecisionError for sending again what its stream would never send.
    """
    stream, (action, _) = STREAMS[stream_name], ACTIONS[decision]
    with transaction.atomic():
        rows = stream.emails.filter(pk=key)
        row = rows.select_for_update(of=("self",)).filter(state=DeliveryState.UNKNOWN).first()
        if row is None:
            return False
        if decision == SEND_AGAIN:
            if not stream.retryable(rows).exists():
                raise DecisionError(
                    "What this email belongs to was cancelled, so it isn’t sent again. Nothing was changed."
                )
            reset_for_sending(row)
        else:
            row.state = DeliveryState.ACCEPTED if decision == SENT else DeliveryState.FAILED
            row.reason, row.settled_at, row.claimed_by = f"person-{decision}", timezone.now(), ""
        row.save()
        log(instance=row, action=action, user=user)
        # Streams are told what a person decides whatever they have in ``notify_on``.
        (stream.on_retry if decision == SEND_AGAIN else stream.on_settled)(row)
    return True


def settle_group(stream_name: str, group: str, reason: str, last: datetime, decision: str, user: Any) -> int:
    """Settle the emails of a group that are unknown for one reason, and became so by ``last``. Returns how many.

    Each is logged. Raises LookupError and ValueError for what makes no sense.
    """
    stream = STREAMS[stream_name]
    rows = stream.emails.filter(state=DeliveryState.UNKNOWN, reason=reason, settled_at__lte=last)
    if stream.group_field:
        rows = rows.filter(**{stream.group_field: int(group)})
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MAX_AT_ONCE])
    return sum(settle_manually(stream_name, key, decision, user) for key in keys)


def retry_failed(key: int, user: Any) -> bool:
    """Queue a refused transactional email again. False when it isn't refused, or its address is gone."""
    with transaction.atomic():
        rows = TransactionalEmail.objects.select_for_update().filter(state=DeliveryState.FAILED).exclude(address="")
        row = rows.filter(pk=key).first()
        if row is None:
            return False
        reset_for_sending(row)
        row.save()
        log(instance=row, action=ACTIONS[SEND_AGAIN][0], user=user)
    return True


def reset_for_sending(row: Any) -> None:
    """Make the row as if it had never been tried."""
    row.state, row.due_at, row.attempts = DeliveryState.PENDING, timezone.now(), 0
    row.reason = row.response = row.provider_message_id = row.claimed_by = ""
    row.sending_at = row.settled_at = row.lease_until = None
