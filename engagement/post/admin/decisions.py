"""What a person decides about a mail that no machine may touch. Each decision is written to the log."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from engagement.post.lanes import LANES
from engagement.post.models import ServiceMail, State

__all__ = ["ACTIONS", "AGAIN", "NOT_SENT", "SENT", "RefusedError", "retry", "settle_by_hand", "settle_many"]

SENT, NOT_SENT, AGAIN = "sent", "not-sent", "again"
#: The words of the log.
ACTIONS = {
    SENT: ("post.settled_sent", "Settled as sent"),
    NOT_SENT: ("post.settled_not_sent", "Settled as not sent"),
    AGAIN: ("post.send_again", "To be sent again"),
}
#: Mails settled with one button: as many as an answer may take to come.
AT_ONCE = 500


class RefusedError(Exception):
    """Raised for what can't be decided so, with the reason in a sentence."""


def settle_by_hand(lane_name: str, key: int, decision: str, user: Any) -> bool:
    """Settle a mail in doubt. False when it isn't in doubt any more. Raises LookupError for what doesn't exist.

    Raises RefusedError for a mail that would never be sent again, whatever anybody decides.
    """
    lane, (action, _) = LANES[lane_name], ACTIONS[decision]
    with transaction.atomic():
        row = lane.model._default_manager.select_for_update(of=("self",)).filter(pk=key, state=State.UNKNOWN).first()
        if row is None:
            return False
        if decision == AGAIN:
            if not lane.again_rows(lane.model._default_manager.filter(pk=key)).exists():
                raise RefusedError(
                    "What this mail belongs to was cancelled, so it isn’t sent again. Nothing was changed."
                )
            wait_again(row)
        else:
            row.state = State.ACCEPTED if decision == SENT else State.FAILED
            row.reason, row.settled_at, row.claimed_by = f"person-{decision}", timezone.now(), ""
        row.save()
        log(instance=row, action=action, user=user)
        # What a person says is told whatever the lane wants to hear of by machine.
        (lane.again if decision == AGAIN else lane.settled)(row)
    return True


def settle_many(lane_name: str, batch: str, reason: str, last: datetime, decision: str, user: Any) -> int:
    """Settle the mails in doubt that belong together, for one reason, and got there by ``last``. How many.

    Each is written to the log. Raises LookupError and ValueError for what makes no sense.
    """
    lane = LANES[lane_name]
    rows = lane.model._default_manager.filter(state=State.UNKNOWN, reason=reason, settled_at__lte=last)
    if lane.batch:
        rows = rows.filter(**{lane.batch: int(batch)})
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(settle_by_hand(lane_name, key, decision, user) for key in keys)


def retry(key: int, user: Any) -> bool:
    """Let a refused service mail wait again. False when it isn't refused, or its address is gone."""
    with transaction.atomic():
        row = ServiceMail.objects.select_for_update().filter(pk=key, state=State.FAILED).exclude(address="").first()
        if row is None:
            return False
        wait_again(row)
        row.save()
        log(instance=row, action=ACTIONS[AGAIN][0], user=user)
    return True


def wait_again(row: Any) -> None:
    """As if it had never been tried."""
    row.state, row.due_at, row.attempts = State.PENDING, timezone.now(), 0
    row.reason = row.response = row.provider_id = row.claimed_by = ""
    row.sending_at = row.settled_at = row.lease_until = None
