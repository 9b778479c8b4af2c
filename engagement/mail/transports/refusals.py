"""Why a mail server refuses an email for good: because of its address, or because of us.

Servers say so by an enhanced status code (RFC 3463), or else only in words. What isn't clearly about the address counts
as being about us: that ends nobody's subscription, and after a few in a row all sending waits.
"""

import re

from engagement.mail.models import OutgoingEmail

__all__ = ["NO_MAILBOX_STATUSES", "refusal_reason"]

_RESPONSE = re.compile(r"(?P<code>5\d\d)[ -]?(?:(?P<status>5\.\d{1,3}\.\d{1,3})(?!\.?\d))?(?P<words>.*)", re.DOTALL)
#: No such mailbox; it has moved and left no address; its domain takes no mail (RFC 3463 and 7505).
NO_MAILBOX_STATUSES = frozenset(("5.1.1", "5.1.6", "5.1.10"))
#: Our address isn't accepted.
SENDER_STATUSES = frozenset(("5.1.7", "5.1.8"))
#: The quotas of senders at Gmail and at Exchange Online, which have codes of another kind.
QUOTA_STATUSES = frozenset(("5.4.5", "5.1.90"))
#: Address, mailbox and route, which are those of the recipient.
RECIPIENT_CLASSES = ("5.1.", "5.2.", "5.4.")
#: The domain takes no mail (RFC 7504).
NO_MAIL_CODE = "556"
#: Without an enhanced code, the words decide; those that speak of us come first.
SENDER_WORDS = re.compile(
    r"send(?:er|ing)|relay|spam|block|black ?list|denied|authenticat|suspend|reputation|client|host|helo|limit|account",
    re.IGNORECASE,
)
RECIPIENT_WORDS = re.compile(r"user|mailbox|recipient|no such|not exist", re.IGNORECASE)


def refusal_reason(stage: str, response: str) -> str:
    """The reason for a reply of 5xx at a stage of the dialogue: ``mail``, ``rcpt``, ``data`` or ``content``."""
    parts = _RESPONSE.match(response)
    code, status, words = (parts["code"], parts["status"] or "", parts["words"]) if parts else ("", "", response)
    if stage == "mail" or status in SENDER_STATUSES:
        return "refused-sender"
    # Some servers look for the mailbox only once they have the content.
    if status in NO_MAILBOX_STATUSES:
        return OutgoingEmail.NO_MAILBOX
    if status == "5.2.2" or (stage == "rcpt" and code == "552"):
        return "mailbox-full"
    if status.startswith(RECIPIENT_CLASSES) and status not in QUOTA_STATUSES:
        return "refused-address"
    if stage != "rcpt":
        return "refused-mail"
    if code == NO_MAIL_CODE or (not status and RECIPIENT_WORDS.search(words) and not SENDER_WORDS.search(words)):
        return "refused-address"
    return "refused-policy"
