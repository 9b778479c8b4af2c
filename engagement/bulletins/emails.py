"""The email that shows a bulletin to staff: a sample for the previews, and the test sent to one member of staff."""

from typing import Any

from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import SnapshotError, join_names, message_template, month_name, take_snapshot
from engagement.mail import transactional
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.models import Frequency, Topic
from nelis.core.site_address import absolute_url

__all__ = ["sample_message", "send_test"]

TEST_KIND = "bulletin-test"
TEST_SUBJECT_PREFIX = "[Test] "
#: Where the links to unsubscribe and to change one's choices lead in a sample: to an anchor that isn't there.
TEST_LINK = "/#this-is-a-test"
#: In a test, a mail program must not offer to unsubscribe: there is nobody to take off the list.
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
