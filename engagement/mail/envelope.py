"""A letter on its way: the bytes that go out, and what the hand-over needs to know of them."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.message import sanitize_address

from engagement.mail.message import Message, TemplatedMessage
from engagement.mail.mime import EncodedTemplate, encode_header

__all__ = ["Envelope", "build_envelope", "message_id", "uuid_from_message_id"]

#: One address and nothing else: no name, no list, no quotes, nothing that ends a command or a header.
ADDRESS_PATTERN = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,253}")
OWN_MESSAGE_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>?")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail as it goes out, with its envelope."""

    uuid: uuid.UUID
    sender: str
    message: Message
    data: bytes
    date: str


def build_envelope(message: Message, mail: uuid.UUID, at: datetime) -> Envelope:
    """The parcel for ``letter``. Raises ValueError for a letter that would make no proper mail."""
    if not ADDRESS_PATTERN.fullmatch(message.to):
        raise ValueError("The address is not one that mail can be sent to.")
    if isinstance(message, TemplatedMessage):
        cast, values = message.template.encoded, message.values
    else:
        cast, values = EncodedTemplate(message.subject, message.text, message.html, message.headers, places=False), {}
    from_line, sender = from_header(settings.DEFAULT_FROM_EMAIL)
    date = date_header(int(at.timestamp()))
    head = from_line + f"To: {message.to}\r\nDate: {date}\r\nMessage-ID: {message_id(mail)}\r\n".encode("ascii")
    return Envelope(mail, sender, message, head + cast.body(values, mail.hex.encode()), date)


def message_id(mail: uuid.UUID) -> str:
    """The name a mail has for everybody: the same however often it is composed."""
    return f"<{mail}@{site_host(settings.BASE_URL)}>"


def uuid_from_message_id(name: str) -> uuid.UUID | None:
    """The mail that a Message-ID of ours names."""
    match = OWN_MESSAGE_ID.fullmatch(name.strip())
    return uuid.UUID(match[1]) if match else None


@lru_cache(maxsize=8)
def site_host(base_url: str) -> str:
    """The host in our own address."""
    return urlsplit(base_url).hostname or "localhost"


@lru_cache(maxsize=8)
def from_header(written: str) -> tuple[bytes, str]:
    """The From header, and the address alone for the envelope."""
    address = sanitize_address(written, "utf-8")
    bare = parseaddr(address)[1]
    if not bare.isascii():
        raise ValueError("DEFAULT_FROM_EMAIL should have an address in ASCII.")
    return (f"From: {address}\r\n".encode("ascii") if "=?" in address else encode_header("From", address)), bare


@lru_cache(maxsize=8)
def date_header(second: int) -> str:
    """The Date header of a second."""
    return format_datetime(datetime.fromtimestamp(second, UTC))
