"""Bounces that come back by email: reports on deliveries (RFC 3464), and what they change in the outbox.

Each email goes out with an envelope address of its own (``message.bounce_address``), so a report says by the address it
came to which email it is about, and nobody can forge one about an email they never had. What it says counts as a
provider's event does (``webhooks.record_event``). Anything else that comes there, such as an out-of-office reply,
changes nothing.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime

from engagement.mail.message import uuid_from_bounce_address
from engagement.mail.transports.refusals import NO_MAILBOX_STATUSES
from engagement.mail.webhooks import NOT_A_HARD_BOUNCE, SOFT_BOUNCE, record_event

__all__ = ["MAX_BYTES", "read_report"]

#: No server sends a report that is longer: it returns the headers of our email, or part of it.
MAX_BYTES = 1024 * 1024
#: Where servers write down to which address an email came.
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
#: An enhanced status code (RFC 3463).
STATUS = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
#: What the action of a report means, in the kinds of provider events. Relayed and expanded say nothing about arrival.
KINDS = {"failed": "bounced", "delayed": "deferred", "delivered": "delivered"}


def read_report(data: bytes, recipient: str = "") -> bool:
    """Record what a report on a delivery says. False for an email that is none, or about no email of ours.

    ``recipient`` is the address it came to, where the mail server says that beside the mail; else its headers do.
    """
    mail = message_from_bytes(data[:MAX_BYTES], policy=policy.default)
    email_uuid = next(filter(None, map(uuid_from_bounce_address, [recipient, *_recipients(mail)])), None)
    if email_uuid is None:
        return False
    is_report = False
    for fields in _recipient_fields(mail):
        kind = KINDS.get(_field(fields, "Action").lower())
        if kind is None:
            continue
        # The reason stands in both, and the second knows more.
        detail = f"{_field(fields, 'Status')} {_field(fields, 'Diagnostic-Code')}".strip()
        if kind == "bounced" and not _is_hard(detail):
            kind = SOFT_BOUNCE
        # One of each kind for an email: the same report may be read twice.
        record_event(f"report:{email_uuid}:{kind}", email_uuid, kind, detail, _date(mail))
        is_report = True
    return is_report


def _is_hard(detail: str) -> bool:
    """Whether a failure says that the mailbox doesn't exist: only then the address is suppressed."""
    return not NO_MAILBOX_STATUSES.isdisjoint(STATUS.findall(detail)) and not NOT_A_HARD_BOUNCE.search(detail)


def _recipients(mail: EmailMessage) -> list[str]:
    """The addresses that an email came to, by its headers."""
    headers = [str(value) for name in RECIPIENT_HEADERS for value in mail.get_all(name, [])]
    return [address for _, address in getaddresses(headers)]


def _recipient_fields(mail: EmailMessage) -> Iterator[Message]:
    """The fields about each recipient in a report; nothing for an email that is none. The first block is on it."""
    if mail.get_content_type() != "multipart/report":
        return
    for part in mail.iter_parts():
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message) and block["Action"])


def _field(fields: Message, name: str) -> str:
    """The value of a field, without the word before it that says of what type it is, and on one line."""
    return " ".join(str(fields[name] or "").rpartition(";")[2].split())


def _date(mail: EmailMessage) -> datetime | None:
    try:
        date = parsedate_to_datetime(str(mail["Date"]))
    except ValueError:
        return None
    # Without a time zone, nobody knows when it was.
    return date if date.tzinfo else None
