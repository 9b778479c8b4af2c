"""A test mail: a bulletin as its readers will get it, to one member of staff."""

from typing import Any

from django.utils import timezone

from engagement.bulletins.freeze import UnfitError, freeze, in_a_row, month_of, mould
from engagement.bulletins.models import Bulletin
from engagement.mailing_list.links import absolute
from engagement.mailing_list.models import Frequency, Topic
from engagement.post import service
from engagement.post.letters import Letter, Skip
from engagement.post.models import ServiceMail

__all__ = ["NOWHERE", "send_test", "test_letter"]

KIND = "bulletin-test"
MARK = "[Test] "
#: Where the links to leave and to change one's choices lead in a test: to an anchor that isn't there.
NOWHERE = "/#this-is-a-test"
#: In a test, a mail program must not offer to leave the list: there is nobody to take off it.
REAL_ONLY = ("List-Unsubscribe", "List-Unsubscribe-Post")


def send_test(bulletin: Bulletin, address: str) -> ServiceMail:
    """Put a test mail into the ledger. It says what the bulletin says when the mail goes out, in a few seconds."""
    return service.queue(KIND, address, about=str(bulletin.pk))


@service.composes(KIND)
def compose(mail: ServiceMail) -> Letter | Skip:
    """The test mail; nothing when its bulletin is gone or can't be frozen any more."""
    bulletin = Bulletin.objects.filter(pk=mail.about).first()
    if bulletin is None:
        return Skip("gone")
    try:
        return test_letter(bulletin, mail.address)
    except UnfitError:
        return Skip("unfit")


def test_letter(bulletin: Bulletin, to: str) -> Letter:
    """The bulletin as a reader gets it who chose everything it is about."""
    frozen = bulletin.frozen or freeze(bulletin)
    letter = sample(frozen, bulletin).fill(to, {"leave": absolute(NOWHERE), "choices": absolute(NOWHERE)})
    headers = {name: value for name, value in letter.headers.items() if name not in REAL_ONLY}
    return Letter(letter.to, MARK + letter.subject, letter.text, letter.html, headers)


def sample(frozen: dict[str, Any], bulletin: Bulletin) -> Any:
    """The mould of a reader who gets all of it."""
    rule = frozen["audience"]
    slugs = set(rule["topics"]) | {slug for topics in frozen["parts"].values() for slug in topics}
    topics = list(Topic.objects.filter(slug__in=slugs)) or list(Topic.objects.filter(group=Topic.Group.WHOLE))
    whole = [topic for topic in topics if topic.is_everything]
    chosen = whole or topics
    frequency = Frequency.IMMEDIATE if Frequency.IMMEDIATE in rule["frequencies"] else rule["frequencies"][0]
    names = in_a_row([topic.name for topic in chosen])
    every = frozenset(slugs | {topic.slug for topic in chosen})
    return mould(frozen, every, frequency, month_of(bulletin.started_at or timezone.now()), names)
