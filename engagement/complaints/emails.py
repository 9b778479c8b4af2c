"""Emails about complaints. They hold nothing that was typed into the form: its address isn't confirmed."""

from django.conf import settings
from django.urls import reverse

from engagement.complaints import workflow
from engagement.complaints.models import Complaint
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import AUTOMATIC_HEADERS, automatic_message
from engagement.mail.transactional import composer
from engagement.mailing_list.models import Suppression
from engagement.mailing_list.subscription_service import is_suppressed
from nelis.core.site_address import absolute_url

#: What these emails are about, under the name of the site.
KICKER = "Personal data"


@composer(workflow.RECEIVED)
def received(email: TransactionalEmail) -> Message | Skip:
    """The receipt: the reference, and until when the complaint will be acknowledged.

    None goes to an address that is never to be written to: anybody may have typed it. The emails below do, because a
    person sends them.
    """
    if is_suppressed(email.address_hash, Suppression.FINAL):
        return Skip("suppressed")
    return _to_complainant(email, "complaint_received", "We have received your complaint")


@composer(workflow.ACKNOWLEDGED)
def acknowledged(email: TransactionalEmail) -> Message | Skip:
    """The acknowledgement."""
    return _to_complainant(email, "complaint_acknowledged", "We are looking into your complaint")


@composer(workflow.ANSWERED)
def answered(email: TransactionalEmail) -> Message | Skip:
    """The answer, in the words of whoever answered: no automatic reply, so it may be replied to."""
    return _to_complainant(email, "complaint_answered", "Our answer to your complaint", headers={})


@composer(workflow.STAFF_NOTICE)
def staff_notice(email: TransactionalEmail) -> Message | Skip:
    """The notice to the staff address: how many complaints wait. What they say is read in the admin."""
    waiting = Complaint.objects.waiting()
    count, first = waiting.count(), waiting.first()
    set_apart = Complaint.objects.set_apart().count()
    if not (count or set_apart) or not email.address:
        return Skip("gone")
    if first is not None and count == 1:
        subject, label = f"New complaint {first.reference}", "Open the complaint"
        path = reverse("complaints_admin:complaint", args=[first.pk])
    elif count:
        subject, label = f"{count} complaints wait to be acknowledged", "Open the complaints"
        path = reverse("complaints_admin:complaints")
    else:
        subject, label = "Complaints arrived with many others", "See complaints set apart"
        path = reverse("complaints_admin:set_apart")
    context = {
        "complaint": first,
        "count": count,
        "set_apart": set_apart,
        "link": absolute_url(path),
        "label": label,
    }
    return automatic_message(email.address, subject, "complaint_staff_notice", context, kicker=KICKER)


def _to_complainant(
    email: TransactionalEmail, template: str, subject: str, headers: dict[str, str] = AUTOMATIC_HEADERS
) -> Message | Skip:
    complaint = Complaint.objects.filter(reference=email.object_id, anonymised_at=None).first()
    if complaint is None or not email.address:
        return Skip("gone")
    context = {"complaint": complaint, "base": settings.BASE_URL}
    return automatic_message(
        email.address, f"{subject} ({complaint.reference})", template, context, headers, kicker=KICKER
    )
