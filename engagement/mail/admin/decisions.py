"""What a person decides about an email that no worker touches any more. Each decision is logged."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from engagement.mail.models import DeliveryState
from engagement.mail.streams import STREAMS

__all__ = [
    "ACTIONS",
    "NOT_SENT",
    "SEND_AGAIN",
    "SENT",
    "DecisionError",
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
#: The states in which a person may decide so. What is refused hasn't arrived, so nobody gets it twice.
SOURCES = {
    SENT: (DeliveryState.UNKNOWN,),
    NOT_SENT: (DeliveryState.UNKNOWN,),
    SEND_AGAIN: (DeliveryState.UNKNOWN, DeliveryState.FAILED),
}
#: Emails settled with one button: as many as one request has time for.
MAX_AT_ONCE = 500
NOT_RETRYABLE = (
    "It isn’t sent again: what it belongs to was cancelled, or its address has been deleted. Nothing was changed."
)


class DecisionError(Exception):
    """Raised for a decision that isn't possible, with the reason in a sentence."""


def settle_manually(stream_name: str, key: int, decision: str, user: Any) -> bool:
    """Settle an unknown email, or send an unknown or refused one again. False when it is in no such state any more.

    Raises LookupError for what doesn't exist, DecisionError for sending again what its stream would never send.
    """
    stream, (action, _) = STREAMS[stream_name], ACTIONS[decision]
    with transaction.atomic():
        rows = stream.emails.filter(pk=key)
        row = rows.select_for_update(of=("self",)).filter(state__in=SOURCES[decision]).first()
        if row is None:
            return False
        if decision == SEND_AGAIN:
            if not stream.retryable(rows).exists():
                raise DecisionError(NOT_RETRYABLE)
            reset_for_sending(row)
        else:
            row.state = DeliveryState.ACCEPTED if decision == SENT else DeliveryState.FAILED
            row.reason, row.settled_at, row.claimed_by = f"person-{decision}", timezone.now(), ""
        row.save()
        log(instance=row, action=action, user=user)
        # Streams are told what a person decides whatever they have in ``notify_on``.
        (stream.on_retry if decision == SEND_AGAIN else stream.on_settled)(row)
    return True


def settle_group(
    stream_name: str,
    group: str,
    reason: str,
    last: datetime,
    decision: str,
    user: Any,
    state: str = DeliveryState.UNKNOWN,
) -> int:
    """Settle the emails of a group that are in ``state`` for one reason, and became so by ``last``. Returns how many.

    Each is logged. Raises LookupError and ValueError for what makes no sense, DecisionError if none may be sent again.
    """
    stream = STREAMS[stream_name]
    if state not in SOURCES[decision]:
        raise ValueError(state)
    rows = stream.emails.filter(state=state, reason=reason, settled_at__lte=last)
    if stream.group_field:
        rows = rows.filter(**{stream.group_field: int(group)})
    if decision == SEND_AGAIN and rows.exists():
        rows = stream.retryable(rows)
        if not rows.exists():
            raise DecisionError(NOT_RETRYABLE)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MAX_AT_ONCE])
    return sum(settle_manually(stream_name, key, decision, user) for key in keys)


def reset_for_sending(row: Any) -> None:
    """Make the row as if it had never been tried."""
    row.state, row.due_at, row.attempts = DeliveryState.PENDING, timezone.now(), 0
    row.reason = row.response = row.provider_message_id = row.claimed_by = ""
    row.sending_at = row.settled_at = row.lease_until = None
