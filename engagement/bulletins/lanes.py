"""How bulletins are sent: what a runner asks for each row, and what it sees to between mails."""

import logging
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from engagement.bulletins import ledger, states
from engagement.bulletins.audience import Rule
from engagement.bulletins.freeze import frozen_rule, mould_of
from engagement.bulletins.models import Bulletin, Delivery, State
from engagement.mailing_list import changes
from engagement.mailing_list.links import CHOICES, LEAVE, permanent_url
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic
from engagement.post.lanes import Lane, register
from engagement.post.letters import Letter, Skip
from engagement.post.models import State as Row

__all__ = ["BULLETINS", "compose", "housekeep", "settled"]

#: What a row may end in that somebody has to hear of. Not that it was accepted: that would slow sending down.
HEEDED = Delivery.TELLING | {Row.DELIVERED}

#: A runner that is just handing a mail over ends, or is taken for dead, within much less: after this, nothing of a
#: cancelled bulletin comes back.
STRAGGLERS = timedelta(days=7)
#: No row has this key.
ANY = -1

logger = logging.getLogger(__name__)


def open_rows(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Rows of bulletins that are being sent, and not paused."""
    return rows.filter(bulletin__state=State.SENDING)


def again_rows(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Rows that may be sent again: nothing of a cancelled bulletin is."""
    return rows.exclude(bulletin__state=State.CANCELLED)


# --- one mail --------------------------------------------------------------------------------------


def compose(delivery: Delivery) -> Letter | Skip:
    """The mail, made for what its reader chose as of this moment; or why it isn't sent. One query.

    A reader may have left, paused, changed their mind or been erased since the list of recipients was made.
    """
    statement, values = _reader(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [delivery.pk if value == ANY else value for value in values])
        rows = cursor.fetchall()
    if not rows:
        return Skip("erased")
    state, kind, hashed, person, address, address_hash, frequency, banned = rows[0][:8]
    if state == State.CANCELLED:
        return Skip("cancelled")
    if why := why_not(person, address, banned):
        return Skip(why)
    topics = {slug: group for *_, slug, group in rows if slug}
    audience = frozen_rule(delivery.bulletin_id, hashed)
    wants = audience.takes(topics, Topic.Group.WHOLE in topics.values())
    if not wants or not hears_now(kind, frequency, audience):
        return Skip("changed")
    mould = mould_of(delivery.bulletin_id, hashed, frozenset(topics), frequency)
    return mould.fill(address, {purpose: permanent_url(purpose, address_hash) for purpose in (LEAVE, CHOICES)})


@lru_cache
def _reader(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """What is asked about the reader of a row: the statement, and its values with ``ANY`` for the key of the row.

    Putting it together takes longer than the database takes to answer it, and it is the same for every mail.
    """
    suppressed = Suppression.objects.filter(address_hash=OuterRef("address_hash"))
    asked = Delivery.objects.filter(pk=ANY).values_list(
        *("bulletin__state", "bulletin__kind", "bulletin__content_hash"),
        *("subscription__state", "subscription__address", "subscription__address_hash", "subscription__frequency"),
        *(Exists(suppressed), "subscription__topics__slug", "subscription__topics__group"),
    )
    return asked.query.sql_with_params()


def why_not(state: str | None, address: str | None, suppressed: bool) -> str:
    """Why somebody must not be written to, as a word; empty when they may."""
    if state is None or not address:
        return "erased"
    if suppressed:
        return "suppressed"
    if state == Subscription.State.PAUSED:
        return "paused"
    return "" if state == Subscription.State.ACTIVE else "left"


def hears_now(kind: str, frequency: str, audience: Rule) -> bool:
    """Whether a reader's present choice of how often still takes this mail.

    Who has changed from digests to mail as it happens still gets the digest for the days before.
    """
    if frequency in audience.frequencies:
        return True
    return kind in Bulletin.DIGESTS and frequency == Frequency.IMMEDIATE


# --- between mails ---------------------------------------------------------------------------------


def housekeep() -> None:
    """Begin what is due, make lists of recipients, pause what goes wrong, complete what is done."""
    now = timezone.now()
    for bulletin in Bulletin.objects.filter(state=State.SCHEDULED, scheduled_for__lte=now):
        attempt("begin", bulletin)
    for bulletin in Bulletin.objects.filter(state=State.EXPANDING):
        attempt("expanded", bulletin)
    for bulletin in Bulletin.objects.filter(state=State.SENDING):
        look_after(bulletin)
    # What a runner was just handing over when its bulletin was cancelled, and couldn't.
    for bulletin in Bulletin.objects.filter(state=State.CANCELLED, completed_at__gte=now - STRAGGLERS):
        ledger.skip_rest(bulletin, "cancelled")


def look_after(bulletin: Bulletin) -> None:
    """Pause it, complete it, or let it go on."""
    if why := ledger.why_to_pause(bulletin):
        attempt("pause", bulletin, reason=why)
        return
    counts = ledger.Counts.of(bulletin)
    if not counts.open and counts.total == bulletin.audience:
        attempt("complete", bulletin)


def attempt(step: str, bulletin: Bulletin, **details: Any) -> None:
    """Take a step, unless another runner, or a person, was quicker."""
    try:
        states.take(step, bulletin, **details)
    except states.RefusedError:
        logger.info("Bulletin %s: %s was not possible any more.", bulletin.pk, step)


def settled(delivery: Delivery) -> None:
    """A row was settled, or reported on: whose mailbox is gone, or who complained, is not written to again."""
    changes.heed(delivery)
    # A report may come long after the bulletin was completed.
    over = Bulletin.objects.filter(pk=delivery.bulletin_id, state__in=states.OVER_BUT_FOR_REPORTS).first()
    if over is not None:
        transaction.on_commit(partial(recount, over))


def again(delivery: Delivery) -> None:
    """A person lets a mail go out that was in doubt: a bulletin that was done with isn't any more.

    Of a cancelled one nothing goes out any more: the row is settled here, so that it doesn't wait for ever.
    """
    if delivery.bulletin.state in states.OVER_BUT_FOR_REPORTS:
        states.take("reopen", delivery.bulletin)
    elif delivery.bulletin.state == State.CANCELLED:
        ledger.skip_rest(delivery.bulletin, "cancelled")


def recount(bulletin: Bulletin) -> None:
    """Whether there are exceptions may have changed since it was completed."""
    exceptions = bool(ledger.Counts.of(bulletin).exceptions)
    if exceptions != (bulletin.state == State.EXCEPTIONS):
        attempt("recount", bulletin)


BULLETINS = Lane(
    name="bulletins",
    model=Delivery,
    compose=compose,
    open_rows=open_rows,
    housekeep=housekeep,
    settled=settled,
    heeds=HEEDED,
    again_rows=again_rows,
    again=again,
    batch="bulletin",
)
register(BULLETINS)
