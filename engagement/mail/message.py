"""Messages, templates for messages to many, and the envelope that goes to the mail server."""

import re
import uuid
from base64 import b32decode, b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr
from functools import cached_property, lru_cache

from django.conf import settings
from django.core.mail.message import sanitize_address

from engagement.mail.mime import PLACEHOLDER, EncodedTemplate, encode_header
from engagement.mail.signing import is_valid_signature, sign
from nelis.core.site_address import site_host

__all__ = [
    "Defer",
    "Envelope",
    "Message",
    "MessageTemplate",
    "Skip",
    "bounce_address",
    "build_envelope",
    "from_header",
    "message_id",
    "uuid_from_bounce_address",
    "uuid_from_message_id",
]

#: One address and nothing else: no name, no list, no quotes, nothing that ends a command or a header.
ADDRESS_PATTERN = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,253}")
OWN_MESSAGE_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]+>?")
#: With the 16 bytes of a uuid, 40 characters in base 32 without padding.
BOUNCE_SIGNATURE_LENGTH = 9


@dataclass(frozen=True)
class MessageTemplate:
    """A message to many, the same for all but for its placeholders, written ⟦name⟧ in text, HTML and headers.

    Keep the template while messages are made from it: it is encoded once, and a message from it costs microseconds.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]

    @cached_property
    def encoded(self) -> EncodedTemplate:
        """The template as bytes."""
        return EncodedTemplate(self.subject, self.text, self.html, self.headers)

    def fill(self, to: str, values: Mapping[str, str]) -> "Message":
        """Make the message to one recipient.

        Values are printable ASCII without blanks, such as links: they need no escaping anywhere. Raises KeyError for a
        placeholder without a value, ValueError for a value with other characters.
        """
        self.encoded.check(values)

        def filled(text: str) -> str:
            return PLACEHOLDER.sub(lambda match: values[match[1]], text)

        headers = {name: filled(value) for name, value in self.headers.items()}
        return Message(to, self.subject, filled(self.text), filled(self.html), headers, template=self, values=values)


@dataclass(frozen=True)
class Message:
    """What a composer makes of a row: a message to one address, as text and as HTML.

    ``headers`` are those beyond From, Reply-To, To, Subject, Date and Message-ID, which the mail app sets.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    #: What it was made from, if it was: its bytes are there already.
    template: MessageTemplate | None = field(default=None, repr=False, kw_only=True)
    values: Mapping[str, str] = field(default_factory=dict, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Skip:
    """Returned by a composer: don't send it after all. ``reason`` is a code such as ``left``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Defer:
    """Returned by a composer: not now, ask again after so many seconds. No attempt is counted."""

    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as bytes, with its sender, ready for a transport."""

    uuid: uuid.UUID
    sender: str
    message: Message
    data: bytes
    date: str


def build_envelope(message: Message, email_uuid: uuid.UUID, at: datetime) -> Envelope:
    """Encode a message. Raises ValueError if its address or headers can't be those of an email."""
    if not ADDRESS_PATTERN.fullmatch(message.to):
        raise ValueError("The address is not one that email can be sent to.")
    if message.template:
        encoded = message.template.encoded
    else:
        encoded = EncodedTemplate(message.subject, message.text, message.html, message.headers, placeholders=False)
    from_line, sender = from_header(settings.DEFAULT_FROM_EMAIL)
    sender = bounce_address(email_uuid) or sender
    if settings.REPLY_TO_ADDRESS:
        from_line += encode_header("Reply-To", settings.REPLY_TO_ADDRESS)
    date = date_header(int(at.timestamp()))
    head = from_line + f"To: {message.to}\r\nDate: {date}\r\nMessage-ID: {message_id(email_uuid)}\r\n".encode("ascii")
    return Envelope(email_uuid, sender, message, head + encoded.fill(message.values, email_uuid.hex.encode()), date)


def message_id(email_uuid: uuid.UUID) -> str:
    """The Message-ID, the same however often the email is composed."""
    return f"<{email_uuid}@{site_host()}>"


def uuid_from_message_id(value: str) -> uuid.UUID | None:
    """The uuid in a Message-ID of ours."""
    match = OWN_MESSAGE_ID.fullmatch(value.strip())
    return uuid.UUID(match[1]) if match else None


def bounce_address(email_uuid: uuid.UUID) -> str:
    """The address of the envelope that an email comes back to (VERP); empty where no mailbox is set up for it.

    Signed, so that nobody can report a bounce of an email they never had. In lower case, which every server keeps.
    """
    local, _, domain = settings.BOUNCE_ADDRESS.partition("@")
    if not domain:
        return ""
    token = b32encode(email_uuid.bytes + sign("bounce", email_uuid.bytes, BOUNCE_SIGNATURE_LENGTH))
    return f"{local}+{token.decode().lower()}@{domain}"


def uuid_from_bounce_address(address: str) -> uuid.UUID | None:
    """The uuid of the email that a bounce address was made for; None unless we made it."""
    local, _, domain = settings.BOUNCE_ADDRESS.lower().partition("@")
    found = re.fullmatch(rf"{re.escape(local)}\+([a-z2-7]{{40}})@{re.escape(domain)}", address.strip().lower())
    if not domain or not found:
        return None
    data = b32decode(found[1].upper())
    name, signature = data[:16], data[16:]
    is_ours = is_valid_signature("bounce", name, signature, BOUNCE_SIGNATURE_LENGTH)
    return uuid.UUID(bytes=name) if is_ours else None


@lru_cache(maxsize=8)
def from_header(from_email: str) -> tuple[bytes, str]:
    """The From header, and the address alone for the envelope. Raises ValueError for an address that isn't ASCII."""
    address = sanitize_address(from_email, "utf-8")
    bare = parseaddr(address)[1]
    if not bare.isascii():
        raise ValueError("DEFAULT_FROM_EMAIL should have an address in ASCII.")
    return (f"From: {address}\r\n".encode("ascii") if "=?" in address else encode_header("From", address)), bare


@lru_cache(maxsize=8)
def date_header(second: int) -> str:
    """The value of the Date header."""
    return format_datetime(datetime.fromtimestamp(second, UTC))
