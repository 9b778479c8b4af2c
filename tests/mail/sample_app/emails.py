"""Kinds of mails that workers in other processes know."""

from engagement.mail.message import Message, MessageTemplate
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import composer

TEMPLATE = MessageTemplate(
    "A bulletin for the test",
    "Good day,\n\nthere is news.\n\nTo leave: ⟦leave⟧\n" * 40,
    '<p>Good day,</p><p>there is <b>news</b>.</p><p><a href="⟦leave⟧">Leave</a></p>\n' * 60,
    {"List-Unsubscribe": "<⟦leave⟧>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
)


@composer("plain")
def plain(mail: TransactionalEmail) -> Message:
    """Says what its data say."""
    return Message(mail.address, f"About {mail.object_id}", "Text\n", "<p>Text</p>")


@composer("templated")
def templated(mail: TransactionalEmail) -> Message:
    """One of many."""
    return TEMPLATE.fill(mail.address, {"leave": f"https://www.example.org/leave/{mail.uuid.hex}/"})
