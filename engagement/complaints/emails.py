"""The mails about a complaint. Nothing that was typed into the form stands in one: its address isn't confirmed."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from engagement.complaints import receipt_policy, workflow
from engagement.complaints.models import Complaint
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import render
from engagement.mail.transactional import composer

__all__ = ["acknowledged", "answered", "received", "staff_notice"]

#: Says to other machines that nobody typed this, so that none answers.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@composer(workflow.RECEIVED)
def received(mail: TransactionalEmail) -> Message | Skip:
    """That it has arrived, under which reference, and until when it will be acknowledged.

    Not to an address that is never to be written to: anybody may have typed it. What follows is sent by a person.
    """
    if receipt_policy.is_suppressed(mail.address_hash):
        return Skip("suppressed")
    return _message(mail, "complaint_received", "We have received your complaint")


@composer(workflow.ACKNOWLEDGED)
def acknowledged(mail: TransactionalEmail) -> Message | Skip:
    """That a person looks into it."""
    return _message(mail, "complaint_acknowledged", "We are looking into your complaint")


@composer(workflow.ANSWERED)
def answered(mail: TransactionalEmail) -> Message | Skip:
    """What came of it, in the words of whoever answered."""
    return _message(mail, "complaint_answered", "Our answer to your complaint", automatic=False)


@composer(workflow.STAFF_NOTICE)
def staff_notice(mail: TransactionalEmail) -> Message | Skip:
    """To whoever looks after complaints: how many wait. What they say is read in the admin."""
    waiting = Complaint.objects.waiting()
    count, first = waiting.count(), waiting.first()
    if first is None or not mail.address:
        return Skip("gone")
    subject = f"New complaint {first.reference}" if count == 1 else f"{count} complaints wait to be acknowledged"
    context = _context(first, subject) | {"count": count}
    context["link"] = f"{context['base']}{_admin_path(first) if count == 1 else reverse('complaints_admin:complaints')}"
    context["label"] = "Open the complaint" if count == 1 else "Open the complaints"
    written = render("complaint_news", context)
    return Message(mail.address, context["subject"], written.text, written.html, HEADERS)


def _message(mail: TransactionalEmail, name: str, subject: str, *, automatic: bool = True) -> Message | Skip:
    complaint = _find_complaint(mail)
    if complaint is None or not mail.address:
        return Skip("gone")
    written = render(name, _context(complaint, f"{subject} ({complaint.reference})"))
    subject = f"{subject} ({complaint.reference})"
    return Message(mail.address, subject, written.text, written.html, HEADERS if automatic else {})


def _context(complaint: Complaint, subject: str) -> dict[str, Any]:
    return {"subject": subject, "complaint": complaint, "base": settings.BASE_URL}


def _admin_path(complaint: Complaint) -> str:
    return reverse("complaints_admin:complaint", args=[complaint.pk])


def _find_complaint(mail: TransactionalEmail) -> Complaint | None:
    return Complaint.objects.filter(reference=mail.object_id, anonymised_at=None).first()
