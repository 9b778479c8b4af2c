"""Every step in the life of a complaint, each written down in the same transaction. Nothing else changes one.

received → acknowledged → answered.
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
from engagement.mail.transactional import queue_email

__all__ = [
    "ACKNOWLEDGED",
    "ANSWERED",
    "RECEIVED",
    "STAFF_NOTICE",
    "acknowledge",
    "add_note",
    "anonymise_old",
    "answer",
    "receive",
]

State, Action = Complaint.State, ComplaintEvent.Action

#: Kinds of mail: to whoever complained, and to whoever looks after complaints.
RECEIVED, ACKNOWLEDGED, ANSWERED = "complaint-received", "complaint-acknowledged", "complaint-answered"
STAFF_NOTICE = "complaint-news"

#: No letter that looks like a digit, so that a reference can be read out.
_REFERENCE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
#: Receipts that the form can cause to one address within a day. Complaints themselves are never refused for it.
RECEIPTS_PER_DAY = 3
#: How often whoever looks after complaints is told of new ones.
STAFF_NOTICE_INTERVAL = timedelta(hours=1)
#: How long what names somebody is kept once their complaint is answered.
RETENTION = timedelta(days=2 * 365)


def receive(
    text: str, *, name: str = "", address: str = "", client_key: UUID | None = None, receipt: bool = True
) -> Complaint:
    """Take a complaint down, and queue the receipt if there is an address for it. The same form twice is one.

    Without ``receipt``, none is mailed: too many were caused already.
    """
    if client_key and (before := Complaint.objects.filter(client_key=client_key).first()):
        return before
    try:
        with transaction.atomic():
            made = Complaint.objects.create(
                reference=_new_reference(), client_key=client_key, name=name, address=address, text=text
            )
            ComplaintEvent.write(made, Action.RECEIVED)
            if address and receipt and _may_send_receipt(address):
                queue_email(RECEIVED, address, object_id=made.reference)
            _notify_staff(made)
            return made
    except IntegrityError:
        # The button pressed twice: the other one was quicker.
        return Complaint.objects.get(client_key=client_key)


@transaction.atomic
def acknowledge(complaint: Complaint, by: Any, note: str = "") -> bool:
    """A person has read it, and says so to whoever complained. False if somebody did before."""
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
    """Say what came of it. What nobody had acknowledged is acknowledged by it. False if it was answered before."""
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
    """Write down what was done about it."""
    ComplaintEvent.write(complaint, Action.NOTE, by, note)


def anonymise_old(now: Any, *, dry_run: bool = False) -> int:
    """Take out what names anybody from complaints answered long ago. Their number."""
    old = Complaint.objects.filter(state=State.ANSWERED, answered_at__lt=now - RETENTION, anonymised_at=None)
    if dry_run:
        return old.count()
    return sum(_anonymise(complaint.pk, now) for complaint in old.only("pk"))


@transaction.atomic
def _anonymise(key: int, now: Any) -> bool:
    emptied = {"name": "", "address": "", "text": "", "outcome": "", "client_key": None, "anonymised_at": now}
    if not Complaint.objects.filter(pk=key, anonymised_at=None).update(**emptied):
        return False
    ComplaintEvent.write(Complaint.objects.get(pk=key), Action.ANONYMISED)
    return True


def _may_send_receipt(address: str) -> bool:
    """Whether another receipt may go there: nobody's mailbox is filled through our form."""
    since = timezone.now() - timedelta(days=1)
    sent = TransactionalEmail.objects.filter(kind=RECEIVED, address_hash=address_hash(address), created_at__gt=since)
    return sent.count() < RECEIPTS_PER_DAY


def _notify_staff(made: Complaint) -> None:
    """See to it that whoever looks after complaints is mailed after this: once in a while, for all that wait."""
    if not settings.COMPLAINTS_ADDRESS:
        return
    told = TransactionalEmail.objects.filter(kind=STAFF_NOTICE, address_hash=address_hash(settings.COMPLAINTS_ADDRESS))
    last = told.order_by("-due_at").first()
    if last and last.state in (TransactionalEmail.State.PENDING, TransactionalEmail.State.RETRY):
        # It says how many there are when it is sent.
        return
    mail = queue_email(STAFF_NOTICE, settings.COMPLAINTS_ADDRESS, object_id=made.reference)
    if last and last.due_at + STAFF_NOTICE_INTERVAL > mail.due_at:
        TransactionalEmail.objects.filter(pk=mail.pk).update(due_at=last.due_at + STAFF_NOTICE_INTERVAL)


def _new_reference() -> str:
    while Complaint.objects.filter(
        reference=(made := "DP-" + "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(6)))
    ):
        continue
    return made
