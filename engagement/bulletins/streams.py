"""How bulletins are sent: what a runner asks for each row, and what it sees to between mails."""

import logging
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from engagement.bulletins import delivery_stats, workflow
from engagement.bulletins.audience import AudienceRule
from engagement.bulletins.models import Bulletin, BulletinState, Delivery
from engagement.bulletins.snapshot import cached_message_template, snapshot_audience
from engagement.mail.message import Message, Skip
from engagement.mail.models import DeliveryState as Row
from engagement.mail.streams import MessageStream, register_stream
from engagement.mailing_list import subscription_service
from engagement.mailing_list.links import PREFERENCES_LINK, UNSUBSCRIBE, permanent_url
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic

__all__ = ["BULLETIN_STREAM", "compose", "on_settled", "run_maintenance"]

#: What a row may end in that somebody has to hear of. Not that it was accepted: that would slow sending down.
NOTIFY_ON = Delivery.FAILURE_STATES | {Row.DELIVERED}

#: A runner that is just handing a mail over ends, or is taken for dead, within much less: after this, nothing of a
#: cancelled bulletin comes back.
LATE_DELIVERIES = timedelta(days=7)
#: No row has this key.
ANY_PK = -1

logger = logging.getLogger(__name__)


def sendable(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Rows of bulletins that are being sent, and not paused."""
    return rows.filter(bulletin__state=BulletinState.SENDING)


def retryable(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Rows that may be sent again: nothing of a cancelled bulletin is."""
    return rows.exclude(bulletin__state=BulletinState.CANCELLED)


# --- one mail --------------------------------------------------------------------------------------


def compose(delivery: Delivery) -> Message | Skip:
    """The mail, made for what its reader chose as of this moment; or why it isn't sent. One query.

    A reader may have left, paused, changed their mind or been erased since the list of recipients was made.
    """
    statement, values = _reader_query(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [delivery.pk if value == ANY_PK else value for value in values])
        rows = cursor.fetchall()
    if not rows:
        return Skip("erased")
    state, kind, hashed, person, address, address_hash, frequency, banned = rows[0][:8]
    if state == BulletinState.CANCELLED:
        return Skip("cancelled")
    if why := reason_to_skip(person, address, banned):
        return Skip(why)
    topics = {slug: group for *_, slug, group in rows if slug}
    audience = snapshot_audience(delivery.bulletin_id, hashed)
    wants = audience.takes(topics, Topic.Group.WHOLE in topics.values())
    if not wants or not wants_now(kind, frequency, audience):
        return Skip("changed")
    mould = cached_message_template(delivery.bulletin_id, hashed, frozenset(topics), frequency)
    return mould.fill(
        address,
        {"leave": permanent_url(UNSUBSCRIBE, address_hash), "choices": permanent_url(PREFERENCES_LINK, address_hash)},
    )


@lru_cache
def _reader_query(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """What is asked about the reader of a row: the statement, and its values with ``ANY`` for the key of the row.

    Putting it together takes longer than the database takes to answer it, and it is the same for every mail.
    """
    suppressed = Suppression.objects.filter(address_hash=OuterRef("address_hash"))
    asked = Delivery.objects.filter(pk=ANY_PK).values_list(
        *("bulletin__state", "bulletin__kind", "bulletin__content_hash"),
        *("subscription__state", "subscription__address", "subscription__address_hash", "subscription__frequency"),
        *(Exists(suppressed), "subscription__topics__slug", "subscription__topics__group"),
    )
    return asked.query.sql_with_params()


def reason_to_skip(state: str | None, address: str | None, suppressed: bool) -> str:
    """Why somebody must not be written to, as a word; empty when they may."""
    if state is None or not address:
        return "erased"
    if suppressed:
        return "suppressed"
    if state == Subscription.State.PAUSED:
        return "paused"
    return "" if state == Subscription.State.ACTIVE else "left"


def wants_now(kind: str, frequency: str, audience: AudienceRule) -> bool:
    """Whether a reader's present choice of how often still takes this mail.

    Who has changed from digests to mail as it happens still gets the digest for the days before.
    """
    if frequency in audience.frequencies:
        return True
    return kind in Bulletin.DIGEST_KINDS and frequency == Frequency.IMMEDIATE


# --- between mails ---------------------------------------------------------------------------------


def run_maintenance() -> None:
    """Begin what is due, make lists of recipients, pause what goes wrong, complete what is done."""
    now = timezone.now()
    for bulletin in Bulletin.objects.filter(state=BulletinState.SCHEDULED, scheduled_for__lte=now):
        try_transition("begin", bulletin)
    for bulletin in Bulletin.objects.filter(state=BulletinState.PREPARING):
        try_transition("expanded", bulletin)
    for bulletin in Bulletin.objects.filter(state=BulletinState.SENDING):
        pause_or_complete(bulletin)
    # What a runner was just handing over when its bulletin was cancelled, and couldn't.
    for bulletin in Bulletin.objects.filter(state=BulletinState.CANCELLED, completed_at__gte=now - LATE_DELIVERIES):
        delivery_stats.skip_unsent(bulletin, "cancelled")


def pause_or_complete(bulletin: Bulletin) -> None:
    """Pause it, complete it, or let it go on."""
    if why := delivery_stats.reason_to_pause(bulletin):
        try_transition("pause", bulletin, reason=why)
        return
    counts = delivery_stats.DeliveryCounts.of(bulletin)
    if not counts.open and counts.total == bulletin.audience:
        try_transition("complete", bulletin)


def try_transition(step: str, bulletin: Bulletin, **details: Any) -> None:
    """Take a step, unless another runner, or a person, was quicker."""
    try:
        workflow.perform(step, bulletin, **details)
    except workflow.TransitionError:
        logger.info("Bulletin %s: %s was not possible any more.", bulletin.pk, step)


def on_settled(delivery: Delivery) -> None:
    """A row was settled, or reported on: whose mailbox is gone, or who complained, is not written to again."""
    subscription_service.apply_delivery_outcome(delivery)
    # A report may come long after the bulletin was completed.
    over = Bulletin.objects.filter(pk=delivery.bulletin_id, state__in=workflow.COMPLETED_STATES).first()
    if over is not None:
        transaction.on_commit(partial(update_exceptions, over))


def on_retry(delivery: Delivery) -> None:
    """A person lets a mail go out that was in doubt: a bulletin that was done with isn't any more.

    Of a cancelled one nothing goes out any more: the row is settled here, so that it doesn't wait for ever.
    """
    if delivery.bulletin.state in workflow.COMPLETED_STATES:
        workflow.perform("reopen", delivery.bulletin)
    elif delivery.bulletin.state == BulletinState.CANCELLED:
        delivery_stats.skip_unsent(delivery.bulletin, "cancelled")


def update_exceptions(bulletin: Bulletin) -> None:
    """Whether there are exceptions may have changed since it was completed."""
    exceptions = bool(delivery_stats.DeliveryCounts.of(bulletin).exceptions)
    if exceptions != (bulletin.state == BulletinState.EXCEPTIONS):
        try_transition("recount", bulletin)


BULLETIN_STREAM = MessageStream(
    name="bulletins",
    model=Delivery,
    compose=compose,
    sendable=sendable,
    housekeep=run_maintenance,
    on_settled=on_settled,
    notify_on=NOTIFY_ON,
    retryable=retryable,
    on_retry=on_retry,
    group_field="bulletin",
)
register_stream(BULLETIN_STREAM)
