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

from engagement.post.letters import Letter, MouldedLetter
from engagement.post.mould import Cast, header_lines

__all__ = ["Parcel", "message_id", "pack", "uuid_of"]

#: One address and nothing else: no name, no list, no quotes, nothing that ends a command or a header.
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,253}")
OWN_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>?")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail as it goes out, with its envelope."""

    uuid: uuid.UUID
    sender: str
    letter: Letter
    data: bytes
    date: str


def pack(letter: Letter, mail: uuid.UUID, at: datetime) -> Parcel:
    """The parcel for ``letter``. Raises ValueError for a letter that would make no proper mail."""
    if not ADDRESS.fullmatch(letter.to):
        raise ValueError("The address is not one that mail can be sent to.")
    if isinstance(letter, MouldedLetter):
        cast, values = letter.mould.cast, letter.values
    else:
        cast, values = Cast(letter.subject, letter.text, letter.html, letter.headers, places=False), {}
    from_line, sender = from_header(settings.DEFAULT_FROM_EMAIL)
    date = date_line(int(at.timestamp()))
    head = from_line + f"To: {letter.to}\r\nDate: {date}\r\nMessage-ID: {message_id(mail)}\r\n".encode("ascii")
    return Parcel(mail, sender, letter, head + cast.body(values, mail.hex.encode()), date)


def message_id(mail: uuid.UUID) -> str:
    """The name a mail has for everybody: the same however often it is composed."""
    return f"<{mail}@{own_host(settings.BASE_URL)}>"


def uuid_of(name: str) -> uuid.UUID | None:
    """The mail that a Message-ID of ours names."""
    match = OWN_ID.fullmatch(name.strip())
    return uuid.UUID(match[1]) if match else None


@lru_cache(maxsize=8)
def own_host(base_url: str) -> str:
    """The host in our own address."""
    return urlsplit(base_url).hostname or "localhost"


@lru_cache(maxsize=8)
def from_header(written: str) -> tuple[bytes, str]:
    """The From header, and the address alone for the envelope."""
    address = sanitize_address(written, "utf-8")
    bare = parseaddr(address)[1]
    if not bare.isascii():
        raise ValueError("DEFAULT_FROM_EMAIL should have an address in ASCII.")
    return (f"From: {address}\r\n".encode("ascii") if "=?" in address else header_lines("From", address)), bare


@lru_cache(maxsize=8)
def date_line(second: int) -> str:
    """The Date header of a second."""
    return format_datetime(datetime.fromtimestamp(second, UTC))
