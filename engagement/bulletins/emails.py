"""Emails about bulletins to staff: a sample for the previews, the test, and those about reviews."""

from typing import Any

from django.urls import reverse
from wagtail.admin.utils import get_user_display_name

from engagement.bulletins.models import Bulletin, BulletinEvent
from engagement.bulletins.review import REVIEWED, SUBMITTED
from engagement.bulletins.snapshot import SnapshotError, join_names, message_template, month_name, take_snapshot
from engagement.mail import transactional
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import automatic_message
from engagement.mailing_list.models import Frequency, Topic
from nelis.core.site_address import absolute_url

__all__ = ["sample_message", "send_test"]

TEST_KIND = "bulletin-test"
TEST_SUBJECT_PREFIX = "[Test] "
#: Where the links to unsubscribe and to change one's choices lead in a sample: to an anchor that isn't there.
TEST_LINK = "/#this-is-a-test"
#: In a test, an email program must not offer to unsubscribe: there is nobody to take off the list.
UNSUBSCRIBE_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post")


def send_test(bulletin: Bulletin, address: str) -> TransactionalEmail:
    """Queue a test email. It says what the bulletin says when the email goes out, in a few seconds."""
    return transactional.queue_email(TEST_KIND, address, object_id=str(bulletin.pk))


@transactional.composer(TEST_KIND)
def compose_test(email: TransactionalEmail) -> Message | Skip:
    """Return the test email; nothing when its bulletin is gone or no snapshot of it can be taken any more."""
    bulletin = Bulletin.objects.filter(pk=email.object_id).first()
    if bulletin is None:
        return Skip("gone")
    try:
        snapshot = bulletin.snapshot or take_snapshot(bulletin)
    except SnapshotError:
        return Skip("unfit")
    sample = sample_message(bulletin, snapshot, email.address)
    headers = {name: value for name, value in sample.headers.items() if name not in UNSUBSCRIBE_HEADERS}
    return Message(sample.to, TEST_SUBJECT_PREFIX + sample.subject, sample.text, sample.html, headers)


@transactional.composer(SUBMITTED)
def compose_submitted(email: TransactionalEmail) -> Message | Skip:
    """Return the email to somebody who may approve a bulletin; nothing once somebody did, or it was taken back."""
    event = _event(email)
    if event is None or event.bulletin.state != Bulletin.State.IN_REVIEW:
        return Skip("reviewed")
    return _about_review(email, "bulletin_submitted", f"To review: {event.bulletin.subject}", event)


@transactional.composer(REVIEWED)
def compose_reviewed(email: TransactionalEmail) -> Message | Skip:
    """Return the email to whoever handed a bulletin in: it was approved, or given back with what should change."""
    event = _event(email)
    if event is None:
        return Skip("gone")
    what = "Approved" if event.action == "approved" else "Given back"
    return _about_review(email, "bulletin_reviewed", f"{what}: {event.bulletin.subject}", event)


def _event(email: TransactionalEmail) -> BulletinEvent | None:
    return BulletinEvent.objects.select_related("bulletin", "by").filter(pk=email.object_id).first()


def _about_review(email: TransactionalEmail, template: str, subject: str, event: BulletinEvent) -> Message:
    by = get_user_display_name(event.by) if event.by else ""
    link = absolute_url(reverse("bulletin_dashboard", args=[event.bulletin_id]))
    context = {"event": event, "by": by, "link": link, "label": "Open the bulletin"}
    return automatic_message(email.address, subject, template, context, kicker="Bulletins")


def sample_message(bulletin: Bulletin, snapshot: dict[str, Any], to: str = "reader@example.org") -> Message:
    """Return the email of a reader who gets every part of a bulletin, with links that lead nowhere."""
    audience = snapshot["audience"]
    slugs = set(audience["topics"]) | {slug for topics in snapshot["parts"].values() for slug in topics}
    topics = list(Topic.objects.filter(slug__in=slugs)) or list(Topic.objects.filter(group=Topic.Group.WHOLE))
    chosen = [topic for topic in topics if topic.is_everything] or topics
    frequencies = audience["frequencies"]
    template = message_template(
        snapshot,
        frozenset(slugs | {topic.slug for topic in chosen}),
        Frequency.IMMEDIATE if Frequency.IMMEDIATE in frequencies else frequencies[0],
        month_name(bulletin.started_at),
        join_names([topic.name for topic in chosen]),
    )
    nowhere = absolute_url(TEST_LINK)
    return template.fill(to, {"leave": nowhere, "choices": nowhere})
