"""A test mail: a bulletin as its readers will get it, to one member of staff."""

from typing import Any

from django.utils import timezone

from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import SnapshotError, join_names, message_template, month_name, take_snapshot
from engagement.mail import transactional
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.links import absolute_url
from engagement.mailing_list.models import Frequency, Topic

__all__ = ["TEST_LINK", "send_test", "test_message"]

TEST_KIND = "bulletin-test"
TEST_SUBJECT_PREFIX = "[Test] "
#: Where the links to leave and to change one's choices lead in a test: to an anchor that isn't there.
TEST_LINK = "/#this-is-a-test"
#: In a test, a mail program must not offer to leave the list: there is nobody to take off it.
UNSUBSCRIBE_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post")


def send_test(bulletin: Bulletin, address: str) -> TransactionalEmail:
    """Put a test mail into the ledger. It says what the bulletin says when the mail goes out, in a few seconds."""
    return transactional.queue_email(TEST_KIND, address, object_id=str(bulletin.pk))


@transactional.composer(TEST_KIND)
def compose(mail: TransactionalEmail) -> Message | Skip:
    """The test mail; nothing when its bulletin is gone or can't be frozen any more."""
    bulletin = Bulletin.objects.filter(pk=mail.object_id).first()
    if bulletin is None:
        return Skip("gone")
    try:
        return test_message(bulletin, mail.address)
    except SnapshotError:
        return Skip("unfit")


def test_message(bulletin: Bulletin, to: str) -> Message:
    """The bulletin as a reader gets it who chose everything it is about."""
    frozen = bulletin.frozen or take_snapshot(bulletin)
    letter = sample_template(frozen, bulletin).fill(
        to, {"leave": absolute_url(TEST_LINK), "choices": absolute_url(TEST_LINK)}
    )
    headers = {name: value for name, value in letter.headers.items() if name not in UNSUBSCRIBE_HEADERS}
    return Message(letter.to, TEST_SUBJECT_PREFIX + letter.subject, letter.text, letter.html, headers)


def sample_template(frozen: dict[str, Any], bulletin: Bulletin) -> Any:
    """The mould of a reader who gets all of it."""
    rule = frozen["audience"]
    slugs = set(rule["topics"]) | {slug for topics in frozen["parts"].values() for slug in topics}
    topics = list(Topic.objects.filter(slug__in=slugs)) or list(Topic.objects.filter(group=Topic.Group.WHOLE))
    whole = [topic for topic in topics if topic.is_everything]
    chosen = whole or topics
    frequency = Frequency.IMMEDIATE if Frequency.IMMEDIATE in rule["frequencies"] else rule["frequencies"][0]
    names = join_names([topic.name for topic in chosen])
    every = frozenset(slugs | {topic.slug for topic in chosen})
    return message_template(frozen, every, frequency, month_name(bulletin.started_at or timezone.now()), names)
