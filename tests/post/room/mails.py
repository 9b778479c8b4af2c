"""Kinds of mails that runners in other processes know."""

from engagement.post.letters import Letter, Mould
from engagement.post.models import ServiceMail
from engagement.post.service import composes

MOULD = Mould(
    "A bulletin for the test",
    "Good day,\n\nthere is news.\n\nTo leave: ⟦leave⟧\n" * 40,
    '<p>Good day,</p><p>there is <b>news</b>.</p><p><a href="⟦leave⟧">Leave</a></p>\n' * 60,
    {"List-Unsubscribe": "<⟦leave⟧>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
)


@composes("plain")
def plain(mail: ServiceMail) -> Letter:
    """Says what its data say."""
    return Letter(mail.address, f"About {mail.about}", "Text\n", "<p>Text</p>")


@composes("moulded")
def moulded(mail: ServiceMail) -> Letter:
    """One of many."""
    return MOULD.fill(mail.address, {"leave": f"https://www.example.org/leave/{mail.uuid.hex}/"})
