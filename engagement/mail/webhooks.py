"""What the provider reports about mails: taken once each, in whatever order they come."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from engagement.mail.envelope import uuid_from_message_id
from engagement.mail.models import DeliveryState, OutgoingEmail, ProviderEvent
from engagement.mail.streams import STREAMS, MessageStream, notify
from engagement.mail.transports.outcomes import redacted_line

__all__ = ["SOFT_BOUNCE", "delete_old_events", "match_unmatched", "record_event"]

#: A kind of our own: see ``engagement.mail.webhook_views``.
SOFT_BOUNCE = "soft-bounced"
#: What a report says of the mail. Others, such as opens, say nothing about whether it arrived: they are kept, no more.
STATE_OF_EVENT = {
    "queued": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
    "deferred": DeliveryState.ACCEPTED,
    "failed": DeliveryState.FAILED,
    "rejected": DeliveryState.FAILED,
    "delivered": DeliveryState.DELIVERED,
    "bounced": DeliveryState.BOUNCED,
    # It came back, but not because the mailbox is gone: it was full, say, or the mail was taken for spam.
    SOFT_BOUNCE: DeliveryState.BOUNCED,
    "complained": DeliveryState.COMPLAINED,
}
#: A report only moves a mail up this list, so that the order in which reports come makes no difference.
RANK = {
    state: rank
    for rank, states in enumerate(
        [
            (*OutgoingEmail.OPEN, DeliveryState.UNKNOWN),
            (DeliveryState.ACCEPTED,),
            (DeliveryState.FAILED,),
            (DeliveryState.DELIVERED,),
            (DeliveryState.BOUNCED,),
            (DeliveryState.COMPLAINED,),
            # Was never sent: a report about it is a mistake.
            (DeliveryState.SKIPPED,),
        ]
    )
    for state in states
}
#: A report may come before we have written down what the provider calls the mail, which we do seconds after it said so.
#: It is tried again for so long.
MATCH_WITHIN = timedelta(hours=2)
#: Reports are deleted after this: what they said is in the ledgers by then, and no provider sends one again so late.
KEEP_EVENTS = timedelta(days=90)
#: Rows deleted in one statement.
BATCH = 1000


def record_event(
    event_id: str,
    mail: uuid.UUID | str | None,
    kind: str,
    detail: str = "",
    at: datetime | None = None,
    *,
    provider_message_id: str = "",
) -> ProviderEvent:
    """Write a report down and move its mail's state. One that came before changes nothing.

    The mail is found by ``mail``, our own uuid for it, or by ``provider_message_id``, the provider's name for it.
    Found by neither, the report is kept and listed for staff.
    """
    report = ProviderEvent(
        event_id=_clean(event_id),
        email_uuid=_uuid(mail) or uuid_from_message_id(provider_message_id),
        provider_message_id=_clean(provider_message_id),
        kind=_clean(kind)[:30],
        detail=redacted_line(detail),
        happened_at=at,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                report.save(force_insert=True)
        except IntegrityError:
            return ProviderEvent.objects.get(event_id=report.event_id)
        _match(report)
    return report


def match_unmatched() -> int:
    """Try the reports of the last hours again that no mail was found for. For how many there is one now.

    One query for each lane, however many there are: most are of mails that aren't ours, and never will be.
    """
    strangers = ProviderEvent.objects.filter(stream="", received_at__gte=timezone.now() - MATCH_WITHIN)
    found = 0
    for lane in STREAMS.values():
        ours = Q(Exists(lane.model._default_manager.filter(uuid=OuterRef("email_uuid"))))
        ours |= Q(~Q(provider_message_id=""), Exists(lane.model.named(OuterRef("provider_message_id"))))
        for key in list(strangers.filter(ours).order_by("received_at", "pk").values_list("pk", flat=True)):
            with transaction.atomic():
                report = ProviderEvent.objects.select_for_update().filter(pk=key, stream="").first()
                if report is not None:
                    _match(report)
                    found += 1
    return found


def delete_old_events() -> int:
    """Delete the reports that nobody needs any more. How many."""
    old = ProviderEvent.objects.filter(received_at__lt=timezone.now() - KEEP_EVENTS).order_by()
    done = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        done += ProviderEvent.objects.filter(pk__in=keys).delete()[0]
    return done


def _match(report: ProviderEvent) -> None:
    """Find the mail in whichever lane has it, and move it."""
    for lane in STREAMS.values():
        row = _find(lane, report)
        if row is not None:
            report.stream = lane.name
            report.applied = _move(lane, row, report)
            report.save(update_fields=["stream", "applied"])
            return


def _find(stream: MessageStream, report: ProviderEvent) -> OutgoingEmail | None:
    rows = stream.model._default_manager.select_for_update(of=("self",))
    found: OutgoingEmail | None = rows.filter(uuid=report.email_uuid).first() if report.email_uuid else None
    if found is None and report.provider_message_id:
        found = stream.model.named(report.provider_message_id).select_for_update(of=("self",)).first()
    return found


def _move(stream: MessageStream, row: OutgoingEmail, report: ProviderEvent) -> bool:
    """Whether the report says more than we knew."""
    state = STATE_OF_EVENT.get(report.kind)
    if state is None or not _says_more(report.kind, state, row):
        return False
    row.state = state
    row.reason = "" if state in (DeliveryState.ACCEPTED, DeliveryState.DELIVERED) else f"provider-{report.kind}"
    row.response = report.detail or row.response
    row.settled_at = report.happened_at or timezone.now()
    # What a runner had in hand is settled now, whatever it finds.
    row.claimed_by, row.lease_until = "", None
    row.save(update_fields=["state", "reason", "response", "settled_at", "claimed_by", "lease_until"])
    notify(stream, row)
    return True


def _says_more(kind: str, state: DeliveryState, row: OutgoingEmail) -> bool:
    before = DeliveryState(row.state)
    if state == before == DeliveryState.BOUNCED:
        # It came back, and only then it turned out that the mailbox is gone.
        return kind != SOFT_BOUNCE and row.reason == OutgoingEmail.SOFT_BOUNCED
    return RANK[state] > RANK[before]


def _clean(name: str) -> str:
    """As the database takes it."""
    return name.replace("\x00", "")[:200]


def _uuid(given: uuid.UUID | str | None) -> uuid.UUID | None:
    if isinstance(given, uuid.UUID):
        return given
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        return None
