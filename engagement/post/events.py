"""What the provider reports about mails: taken once each, in whatever order they come."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from engagement.post.lanes import LANES, Lane, tell
from engagement.post.models import Outgoing, ProviderEvent, State
from engagement.post.outcomes import words
from engagement.post.parcels import uuid_of

__all__ = ["SOFT", "apply", "delete_old", "match_again"]

#: A kind of our own: see ``engagement.post.webhooks``.
SOFT = "soft-bounced"
#: What a report says of the mail. Others, such as opens, say nothing about whether it arrived: they are kept, no more.
MEANINGS = {
    "queued": State.ACCEPTED,
    "sent": State.ACCEPTED,
    "deferred": State.ACCEPTED,
    "failed": State.FAILED,
    "rejected": State.FAILED,
    "delivered": State.DELIVERED,
    "bounced": State.BOUNCED,
    # It came back, but not because the mailbox is gone: it was full, say, or the mail was taken for spam.
    SOFT: State.BOUNCED,
    "complained": State.COMPLAINED,
}
#: A report only moves a mail up this list, so that the order in which reports come makes no difference.
RANK = {
    state: rank
    for rank, states in enumerate(
        [
            (*Outgoing.OPEN, State.UNKNOWN),
            (State.ACCEPTED,),
            (State.FAILED,),
            (State.DELIVERED,),
            (State.BOUNCED,),
            (State.COMPLAINED,),
            # Was never sent: a report about it is a mistake.
            (State.SKIPPED,),
        ]
    )
    for state in states
}
#: A report may come before we have written down what the provider calls the mail, which we do seconds after it said so.
#: It is tried again for so long.
TRY_AGAIN = timedelta(hours=2)
#: Reports are deleted after this: what they said is in the ledgers by then, and no provider sends one again so late.
KEPT = timedelta(days=90)
#: Rows deleted in one statement.
BATCH = 1000


def apply(
    event_id: str,
    mail: uuid.UUID | str | None,
    kind: str,
    detail: str = "",
    at: datetime | None = None,
    *,
    provider_id: str = "",
) -> ProviderEvent:
    """Write a report down and move its mail's state. One that came before changes nothing.

    The mail is found by ``mail``, our own uuid for it, or by ``provider_id``, the provider's name for it; by neither,
    the report is kept and listed for staff.
    """
    report = ProviderEvent(
        event_id=_clean(event_id),
        mail=_uuid(mail) or uuid_of(provider_id),
        provider_id=_clean(provider_id),
        kind=_clean(kind)[:30],
        detail=words(detail),
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


def match_again() -> int:
    """Try the reports of the last hours again that no mail was found for. For how many there is one now.

    One query for each lane, however many there are: most are of mails that aren't ours, and never will be.
    """
    strangers = ProviderEvent.objects.filter(lane="", received_at__gte=timezone.now() - TRY_AGAIN)
    found = 0
    for lane in LANES.values():
        ours = Q(Exists(lane.model._default_manager.filter(uuid=OuterRef("mail"))))
        ours |= Q(~Q(provider_id=""), Exists(lane.model.named(OuterRef("provider_id"))))
        for key in list(strangers.filter(ours).order_by("received_at", "pk").values_list("pk", flat=True)):
            with transaction.atomic():
                report = ProviderEvent.objects.select_for_update().filter(pk=key, lane="").first()
                if report is not None:
                    _match(report)
                    found += 1
    return found


def delete_old() -> int:
    """Delete the reports that nobody needs any more. How many."""
    old = ProviderEvent.objects.filter(received_at__lt=timezone.now() - KEPT).order_by()
    done = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        done += ProviderEvent.objects.filter(pk__in=keys).delete()[0]
    return done


def _match(report: ProviderEvent) -> None:
    """Find the mail in whichever lane has it, and move it."""
    for lane in LANES.values():
        row = _find(lane, report)
        if row is not None:
            report.lane = lane.name
            report.applied = _move(lane, row, report)
            report.save(update_fields=["lane", "applied"])
            return


def _find(lane: Lane, report: ProviderEvent) -> Outgoing | None:
    rows = lane.model._default_manager.select_for_update(of=("self",))
    found: Outgoing | None = rows.filter(uuid=report.mail).first() if report.mail else None
    if found is None and report.provider_id:
        found = lane.model.named(report.provider_id).select_for_update(of=("self",)).first()
    return found


def _move(lane: Lane, row: Outgoing, report: ProviderEvent) -> bool:
    """Whether the report says more than we knew."""
    state = MEANINGS.get(report.kind)
    if state is None or not _says_more(report.kind, state, row):
        return False
    row.state = state
    row.reason = "" if state in (State.ACCEPTED, State.DELIVERED) else f"provider-{report.kind}"
    row.response = report.detail or row.response
    row.settled_at = report.happened_at or timezone.now()
    # What a runner had in hand is settled now, whatever it finds.
    row.claimed_by, row.lease_until = "", None
    row.save(update_fields=["state", "reason", "response", "settled_at", "claimed_by", "lease_until"])
    tell(lane, row)
    return True


def _says_more(kind: str, state: State, row: Outgoing) -> bool:
    before = State(row.state)
    if state == before == State.BOUNCED:
        # It came back, and only then it turned out that the mailbox is gone.
        return kind != SOFT and row.reason == Outgoing.CAME_BACK_ONCE
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
