"""The message stream of bulletins: composes the email for each delivery, and moves bulletins along between emails."""

import logging
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from engagement.bulletins import delivery_stats, workflow
from engagement.bulletins.models import Bulletin, BulletinState, Delivery
from engagement.bulletins.recipients import AudienceRule
from engagement.bulletins.snapshot import approved_audience, cached_message_template
from engagement.mail.message import Message, Skip
from engagement.mail.models import DeliveryState
from engagement.mail.streams import MessageStream, register_stream
from engagement.mailing_list import subscription_service
from engagement.mailing_list.links import PREFERENCES_LINK, UNSUBSCRIBE, permanent_url
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic

__all__ = ["BULLETIN_STREAM", "compose", "on_settled", "run_maintenance"]

#: The states that ``on_settled`` is called for. Not “accepted”: that would slow sending down.
NOTIFY_ON = Delivery.FAILURE_STATES | {DeliveryState.DELIVERED}
#: A worker that was just sending when a bulletin was cancelled ends, or is taken for dead, within much less than this:
#: after it, no delivery of that bulletin becomes open again.
LATE_DELIVERIES = timedelta(days=7)
#: No delivery has this key.
ANY_PK = -1

logger = logging.getLogger(__name__)


def sendable_bulletins() -> list[int]:
    """Return the keys of the bulletins that are being sent, and not paused: what can't wait first, then by age."""
    sending = Bulletin.objects.filter(state=BulletinState.SENDING)
    return list(sending.order_by("-cannot_wait", "started_at", "pk").values_list("pk", flat=True))


def urgent_bulletins() -> list[int]:
    """Return the keys of those among them that can't wait."""
    urgent = Bulletin.objects.filter(state=BulletinState.SENDING, cannot_wait=True)
    return list(urgent.order_by("started_at", "pk").values_list("pk", flat=True))


def retryable(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Return the deliveries that may be sent again: none of a cancelled bulletin."""
    return deliveries.exclude(bulletin__state=BulletinState.CANCELLED)


# --- one email -------------------------------------------------------------------------------------


def compose(delivery: Delivery) -> Message | Skip:
    """Return the email, made for what its reader has chosen as of now; or why it isn't sent. One query.

    Since the list of recipients was made, a reader may have left, paused, changed their choices or been erased.
    """
    statement, params = _reader_query(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [delivery.pk if param == ANY_PK else param for param in params])
        rows = cursor.fetchall()
    if not rows:
        return Skip("erased")
    state, kind, content_hash, subscription_state, address, address_hash, frequency, is_suppressed = rows[0][:8]
    if state == BulletinState.CANCELLED:
        return Skip("cancelled")
    if reason := reason_to_skip(subscription_state, address, is_suppressed):
        return Skip(reason)
    topics = {slug: group for *_, slug, group in rows if slug}
    audience = approved_audience(delivery.bulletin_id, content_hash)
    is_included = audience.includes(topics, Topic.Group.WHOLE in topics.values())
    if not is_included or not wants_now(kind, frequency, audience):
        return Skip("changed")
    template = cached_message_template(delivery.bulletin_id, content_hash, frozenset(topics), frequency)
    return template.fill(
        address,
        {"leave": permanent_url(UNSUBSCRIBE, address_hash), "choices": permanent_url(PREFERENCES_LINK, address_hash)},
    )


@lru_cache
def _reader_query(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that asks about a delivery and its reader, with ``ANY_PK`` for the key of the delivery.

    Django takes longer to build it than the database to answer it, and it is the same for every email.
    """
    suppressed = Suppression.objects.filter(address_hash=OuterRef("address_hash"))
    query = Delivery.objects.filter(pk=ANY_PK).values_list(
        *("bulletin__state", "bulletin__kind", "bulletin__content_hash"),
        *("subscription__state", "subscription__address", "subscription__address_hash", "subscription__frequency"),
        *(Exists(suppressed), "subscription__topics__slug", "subscription__topics__group"),
    )
    return query.query.sql_with_params()


def reason_to_skip(state: str | None, address: str | None, is_suppressed: bool) -> str:
    """Return why somebody must not be written to, as a word; empty when they may."""
    if state is None or not address:
        return "erased"
    if is_suppressed:
        return "suppressed"
    if state == Subscription.State.PAUSED:
        return "paused"
    return "" if state == Subscription.State.ACTIVE else "left"


def wants_now(kind: str, frequency: str, audience: AudienceRule) -> bool:
    """Whether a reader's present frequency still takes this email.

    Who has changed from digests to immediate emails still gets the digest for the days before.
    """
    if frequency in audience.frequencies:
        return True
    return kind in Bulletin.DIGEST_KINDS and frequency == Frequency.IMMEDIATE


# --- between emails --------------------------------------------------------------------------------


def run_maintenance() -> None:
    """Begin what is due, list recipients, pause what goes wrong, complete what is done. Called every few seconds."""
    now = timezone.now()
    for bulletin in Bulletin.objects.filter(state=BulletinState.SCHEDULED, scheduled_for__lte=now):
        try_transition("begin", bulletin)
    for bulletin in Bulletin.objects.filter(state=BulletinState.PREPARING):
        try_transition("add_recipients", bulletin)
    for bulletin in Bulletin.objects.filter(state=BulletinState.SENDING):
        counts = delivery_stats.DeliveryCounts.of(bulletin)
        if reason := delivery_stats.reason_to_pause(bulletin):
            try_transition("pause", bulletin, note=reason)
        elif not counts.open and counts.total == bulletin.recipient_count:
            try_transition("complete", bulletin)
    # What a worker was just sending when its bulletin was cancelled, and couldn't.
    for bulletin in Bulletin.objects.filter(state=BulletinState.CANCELLED, completed_at__gte=now - LATE_DELIVERIES):
        delivery_stats.skip_unsent(bulletin, "cancelled")


def try_transition(name: str, bulletin: Bulletin, **details: Any) -> None:
    """Make a transition, unless another worker, or a person, was quicker."""
    try:
        workflow.perform(name, bulletin, **details)
    except workflow.TransitionError:
        logger.info("Bulletin %s: %s was not possible any more.", bulletin.pk, name)


def on_settled(delivery: Delivery) -> None:
    """End the subscription after a hard bounce or a complaint; correct a completed bulletin after a late report."""
    subscription_service.apply_delivery_outcome(delivery)
    completed = Bulletin.objects.filter(pk=delivery.bulletin_id, state__in=workflow.COMPLETED_STATES).first()
    if completed is not None:
        transaction.on_commit(partial(update_exceptions, completed))


def on_retry(delivery: Delivery) -> None:
    """Reopen a completed bulletin, when a person lets a delivery that was in doubt be sent again.

    Nothing of a cancelled one is sent any more: the delivery is settled here, so that it doesn't wait for ever.
    """
    if delivery.bulletin.state in workflow.COMPLETED_STATES:
        workflow.perform("reopen", delivery.bulletin)
    elif delivery.bulletin.state == BulletinState.CANCELLED:
        delivery_stats.skip_unsent(delivery.bulletin, "cancelled")


def update_exceptions(bulletin: Bulletin) -> None:
    """Change between “sent” and “sent, with exceptions”, if reports have made the other one true."""
    has_exceptions = bool(delivery_stats.DeliveryCounts.of(bulletin).exceptions)
    if has_exceptions != (bulletin.state == BulletinState.EXCEPTIONS):
        try_transition("recount", bulletin)


BULLETIN_STREAM = MessageStream(
    name="bulletins",
    model=Delivery,
    compose=compose,
    housekeep=run_maintenance,
    on_settled=on_settled,
    notify_on=NOTIFY_ON,
    retryable=retryable,
    on_retry=on_retry,
    group_field="bulletin",
    sendable_groups=sendable_bulletins,
    urgent_groups=urgent_bulletins,
    # The hash in the delivery itself has no index.
    address_field="subscription__address_hash",
)
register_stream(BULLETIN_STREAM)
