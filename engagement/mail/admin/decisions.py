"""What a person decides about a mail that no machine may touch. Each decision is written to the log."""

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
#: The words of the log.
ACTIONS = {
    SENT: ("mail.settled_sent", "Settled as sent"),
    NOT_SENT: ("mail.settled_not_sent", "Settled as not sent"),
    SEND_AGAIN: ("mail.send_again", "To be sent again"),
}
#: Mails settled with one button: as many as an answer may take to come.
MAX_AT_ONCE = 500


class DecisionError(Exception):
    """Raised for what can't be decided so, with the reason in a sentence."""


def settle_manually(lane_name: str, key: int, decision: str, user: Any) -> bool:
    """Settle a mail in doubt. False when it isn't in doubt any more. Raises LookupError for what doesn't exist.

    Raises RefusedError for a mail that would never be sent again, whatever anybody decides.
    """
    lane, (action, _) = STREAMS[lane_name], ACTIONS[decision]
    with transaction.atomic():
        row = (
            lane.model._default_manager.select_for_update(of=("self",))
            .filter(pk=key, state=DeliveryState.UNKNOWN)
            .first()
        )
        if row is None:
            return False
        if decision == SEND_AGAIN:
            if not lane.retryable(lane.model._default_manager.filter(pk=key)).exists():
                raise DecisionError(
                    "What this mail belongs to was cancelled, so it isn’t sent again. Nothing was changed."
                )
            reset_for_sending(row)
        else:
            row.state = DeliveryState.ACCEPTED if decision == SENT else DeliveryState.FAILED
            row.reason, row.settled_at, row.claimed_by = f"person-{decision}", timezone.now(), ""
        row.save()
        log(instance=row, action=action, user=user)
        # What a person says is told whatever the lane wants to hear of by machine.
        (lane.on_retry if decision == SEND_AGAIN else lane.on_settled)(row)
    return True


def settle_group(lane_name: str, batch: str, reason: str, last: datetime, decision: str, user: Any) -> int:
    """Settle the mails in doubt that belong together, for one reason, and got there by ``last``. How many.

    Each is written to the log. Raises LookupError and ValueError for what makes no sense.
    """
    lane = STREAMS[lane_name]
    rows = lane.model._default_manager.filter(state=DeliveryState.UNKNOWN, reason=reason, settled_at__lte=last)
    if lane.group_field:
        rows = rows.filter(**{lane.group_field: int(batch)})
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MAX_AT_ONCE])
    return sum(settle_manually(lane_name, key, decision, user) for key in keys)


def retry_failed(key: int, user: Any) -> bool:
    """Let a refused service mail wait again. False when it isn't refused, or its address is gone."""
    with transaction.atomic():
        row = (
            TransactionalEmail.objects.select_for_update()
            .filter(pk=key, state=DeliveryState.FAILED)
            .exclude(address="")
            .first()
        )
        if row is None:
            return False
        reset_for_sending(row)
        row.save()
        log(instance=row, action=ACTIONS[SEND_AGAIN][0], user=user)
    return True


def reset_for_sending(row: Any) -> None:
    """As if it had never been tried."""
    row.state, row.due_at, row.attempts = DeliveryState.PENDING, timezone.now(), 0
    row.reason = row.response = row.provider_message_id = row.claimed_by = ""
    row.sending_at = row.settled_at = row.lease_until = None
