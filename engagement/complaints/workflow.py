"""The workflow of a complaint: received → acknowledged → answered, then anonymised. Nothing else changes one.

Each step writes a ``ComplaintEvent`` in the same transaction.
"""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.complaints.models import Complaint, ComplaintEvent
from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import queue_email, queue_notice

State, Action = Complaint.State, ComplaintEvent.Action

#: Kinds of email: to whoever complained, and to the staff address.
RECEIVED, ACKNOWLEDGED, ANSWERED = "complaint-received", "complaint-acknowledged", "complaint-answered"
STAFF_NOTICE = "complaint-staff-notice"

#: No letter that looks like a digit, so that a reference can be read out.
_REFERENCE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
#: Receipts to one address within a day. A complaint itself is never refused for it.
RECEIPTS_PER_DAY = 3
#: How long personal data is kept after the answer.
RETENTION = timedelta(days=2 * 365)
#: What is left of the personal data in a complaint once that is taken out.
EMPTY = {"name": "", "address": "", "text": "", "outcome": "", "client_key": None}


def receive(
    text: str,
    *,
    name: str = "",
    address: str = "",
    client_key: UUID | None = None,
    receipt: bool = True,
    is_flood: bool = False,
) -> Complaint:
    """Create a complaint, and queue the receipt if there is an address for it. The same form sent twice is one.

    Without ``receipt``, none is queued: the form has caused too many already. What is part of a flood is set apart.
    """
    if existing := find(client_key):
        return existing
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                reference=_new_reference(),
                client_key=client_key,
                name=name,
                address=address,
                text=text,
                is_set_apart=is_flood,
            )
            ComplaintEvent.write(complaint, Action.SET_APART if is_flood else Action.RECEIVED)
            if address and receipt and _may_send_receipt(address):
                queue_email(RECEIVED, address, object_id=complaint.reference)
            if settings.COMPLAINTS_ADDRESS:
                queue_notice(STAFF_NOTICE, settings.COMPLAINTS_ADDRESS, object_id=complaint.reference)
            return complaint
    except IntegrityError:
        # The button was pressed twice, and the other request was quicker.
        return Complaint.objects.get(client_key=client_key)


def find(client_key: UUID | None) -> Complaint | None:
    """The complaint that came with a form, if that was sent in before."""
    return Complaint.objects.filter(client_key=client_key).first() if client_key else None


@transaction.atomic
def take_back(complaint: Complaint, by: Any, note: str = "") -> bool:
    """Put a complaint that was set apart among the others: it is one. False if it isn't set apart."""
    if not Complaint.objects.filter(pk=complaint.pk, is_set_apart=True).update(is_set_apart=False):
        return False
    ComplaintEvent.write(complaint, Action.TAKEN_BACK, by, note)
    return True


@transaction.atomic
def discard_set_apart(last: int, by: Any, note: str = "") -> int:
    """Close what was set apart, up to the complaint with the key ``last``, and empty it. How many."""
    now = timezone.now()
    flood = Complaint.objects.set_apart().filter(pk__lte=last)
    complaints = list(flood.select_for_update().only("pk"))
    values = EMPTY | {"anonymised_at": now, "acknowledged_at": now, "answered_at": now, "state": State.ANSWERED}
    Complaint.objects.filter(pk__in=[complaint.pk for complaint in complaints]).update(**values)
    for complaint in complaints:
        ComplaintEvent.write(complaint, Action.DISCARDED, by, note)
    return len(complaints)


@transaction.atomic
def acknowledge(complaint: Complaint, by: Any, note: str = "") -> bool:
    """Acknowledge a complaint, and say so to whoever complained. False if somebody did before."""
    current = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if current.state != State.RECEIVED:
        return False
    current.state, current.acknowledged_at = State.ACKNOWLEDGED, timezone.now()
    current.save(update_fields=["state", "acknowledged_at"])
    ComplaintEvent.write(current, Action.ACKNOWLEDGED, by, note)
    if current.address:
        queue_email(ACKNOWLEDGED, current.address, object_id=current.reference)
    return True


@transaction.atomic
def answer(complaint: Complaint, outcome: str, by: Any, note: str = "") -> bool:
    """Answer a complaint; that acknowledges it, too, if nobody has. False if it was answered before."""
    current = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if current.state == State.ANSWERED:
        return False
    now = timezone.now()
    current.state, current.outcome, current.answered_at = State.ANSWERED, outcome, now
    current.acknowledged_at = current.acknowledged_at or now
    current.save(update_fields=["state", "outcome", "answered_at", "acknowledged_at"])
    ComplaintEvent.write(current, Action.ANSWERED, by, note)
    if current.address:
        queue_email(ANSWERED, current.address, object_id=current.reference)
    return True


@transaction.atomic
def add_note(complaint: Complaint, note: str, by: Any) -> None:
    """Add a note on what was done about a complaint."""
    ComplaintEvent.write(complaint, Action.NOTE, by, note)


def anonymise_old(now: Any, *, dry_run: bool = False) -> int:
    """Take personal data out of complaints answered long ago. How many there are."""
    old = Complaint.objects.filter(state=State.ANSWERED, answered_at__lt=now - RETENTION, anonymised_at=None)
    if dry_run:
        return old.count()
    return sum(_anonymise(complaint.pk, now) for complaint in old.only("pk"))


@transaction.atomic
def _anonymise(key: int, now: Any) -> bool:
    if not Complaint.objects.filter(pk=key, anonymised_at=None).update(**EMPTY, anonymised_at=now):
        return False
    ComplaintEvent.write(Complaint.objects.get(pk=key), Action.ANONYMISED)
    return True


def _may_send_receipt(address: str) -> bool:
    """Whether the address may get another receipt: nobody's mailbox is filled through our form."""
    since = timezone.now() - timedelta(days=1)
    sent = TransactionalEmail.objects.filter(kind=RECEIVED, address_hash=address_hash(address), created_at__gt=since)
    return sent.count() < RECEIPTS_PER_DAY


def _new_reference() -> str:
    while True:
        reference = "DP-" + "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(6))
        if not Complaint.objects.filter(reference=reference).exists():
            return reference
