"""How a hand-over can end. Decision 37 has the whole table."""

import re
from dataclasses import dataclass

from engagement.mail.models import DeliveryState
from nelis.core.logs import redact

__all__ = ["SUSPICIOUS_STREAK", "Outcome", "TransportUnavailable", "redacted_line", "says_no_mailbox"]

#: So many senders refused in a row, or mails in doubt, are no matter of the mails: something is wrong with the server.
SUSPICIOUS_STREAK = 3

#: RFC 3463 and 7505: no such mailbox; it has moved and left no address; its domain takes no mail.
_NO_MAILBOX = re.compile(r"5\d\d 5\.1\.(?:1|6|10)(?!\.?\d)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: ``accepted``, ``retry``, ``failed`` or ``unknown``."""

    state: DeliveryState
    #: A word from a fixed list, for those that weren't accepted.
    reason: str = ""
    response: str = ""
    provider_message_id: str = ""
    #: The server has asked for patience, or is in trouble: all runners wait.
    back_off: bool = False


class TransportUnavailable(Exception):  # noqa: N818 - it says what happened
    """There is nobody to hand over to. No mail was touched: all wait."""

    def __init__(self, reason: str, response: str = "") -> None:
        super().__init__(reason)
        self.reason, self.response = reason, response


def says_no_mailbox(said: str) -> bool:
    """Whether a refusal says that there is no such mailbox. Three digits alone may mean anything else, too."""
    return bool(_NO_MAILBOX.match(said))


def redacted_line(said: object) -> str:
    """What a server or a library said, as kept in the ledger: one line, without addresses."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return redact(" ".join(text.replace("\x00", "").split()))[:200]
