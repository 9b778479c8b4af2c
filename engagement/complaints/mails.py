"""The mails about a complaint. Nothing that was typed into the form stands in one: its address isn't confirmed."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from engagement.complaints import receipts, steps
from engagement.complaints.models import Complaint
from engagement.post.letters import Letter, Skip
from engagement.post.models import ServiceMail
from engagement.post.render import render
from engagement.post.service import composes

__all__ = ["acknowledged", "answered", "news", "received"]

#: Says to other machines that nobody typed this, so that none answers.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@composes(steps.RECEIVED)
def received(mail: ServiceMail) -> Letter | Skip:
    """That it has arrived, under which reference, and until when it will be acknowledged.

    Not to an address that is never to be written to: anybody may have typed it. What follows is sent by a person.
    """
    if receipts.is_forbidden(mail.address_hash):
        return Skip("suppressed")
    return _letter(mail, "complaint_received", "We have received your complaint")


@composes(steps.ACKNOWLEDGED)
def acknowledged(mail: ServiceMail) -> Letter | Skip:
    """That a person looks into it."""
    return _letter(mail, "complaint_acknowledged", "We are looking into your complaint")


@composes(steps.ANSWERED)
def answered(mail: ServiceMail) -> Letter | Skip:
    """What came of it, in the words of whoever answered."""
    return _letter(mail, "complaint_answered", "Our answer to your complaint", automatic=False)


@composes(steps.NEWS)
def news(mail: ServiceMail) -> Letter | Skip:
    """To whoever looks after complaints: how many wait. What they say is read in the admin."""
    waiting = Complaint.objects.waiting()
    count, first = waiting.count(), waiting.first()
    if first is None or not mail.address:
        return Skip("gone")
    subject = f"New complaint {first.reference}" if count == 1 else f"{count} complaints wait to be acknowledged"
    context = _context(first, subject) | {"count": count}
    context["link"] = f"{context['base']}{_page_of(first) if count == 1 else reverse('complaints_admin:complaints')}"
    context["label"] = "Open the complaint" if count == 1 else "Open the complaints"
    written = render("complaint_news", context)
    return Letter(mail.address, context["subject"], written.text, written.html, HEADERS)


def _letter(mail: ServiceMail, name: str, subject: str, *, automatic: bool = True) -> Letter | Skip:
    complaint = _find(mail)
    if complaint is None or not mail.address:
        return Skip("gone")
    written = render(name, _context(complaint, f"{subject} ({complaint.reference})"))
    subject = f"{subject} ({complaint.reference})"
    return Letter(mail.address, subject, written.text, written.html, HEADERS if automatic else {})


def _context(complaint: Complaint, subject: str) -> dict[str, Any]:
    return {"subject": subject, "complaint": complaint, "base": settings.BASE_URL}


def _page_of(complaint: Complaint) -> str:
    return reverse("complaints_admin:complaint", args=[complaint.pk])


def _find(mail: ServiceMail) -> Complaint | None:
    return Complaint.objects.filter(reference=mail.about, emptied_at=None).first()
