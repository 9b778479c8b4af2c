"""Reading the mailbox that bounces come back to, over IMAP.

What is a report is deleted there, as it holds addresses and has said what it had to say. What isn't stays, marked as
read, for a person to look at.
"""

import imaplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from engagement.mail.bounces import read_report

__all__ = ["MailboxError", "MailboxSettings", "read_mailbox"]

#: Messages read in one go: the rest is read the next time.
BATCH = 500
#: For each answer of the server, in seconds.
TIMEOUT = 30
PORT, TLS_PORT = 143, 993


class MailboxError(Exception):
    """Raised when the mailbox can't be read, with the reason in a sentence. Nothing is lost: it is tried again."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What ``BOUNCE_MAILBOX`` says."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_encrypted: bool

    @classmethod
    def parse(cls, url: str) -> "MailboxSettings":
        """Read ``imaps://user:password@host/folder``, or ``imap://`` on the same machine. Else raise ValueError."""
        parts = urlsplit(url)
        is_local = parts.scheme == "imap" and parts.hostname in ("localhost", "127.0.0.1")
        if not (parts.scheme == "imaps" or is_local) or not (parts.hostname and parts.username and parts.password):
            raise ValueError("BOUNCE_MAILBOX should read imaps://user:password@host/INBOX.")
        port = parts.port or (PORT if is_local else TLS_PORT)
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        return cls(parts.hostname, port, unquote(parts.username), unquote(parts.password), folder, not is_local)


def read_mailbox() -> tuple[int, int]:
    """Read what is new in the mailbox. How many reports there were, and how many messages that are none.

    Raises MailboxError when it can't be read.
    """
    try:
        mailbox = MailboxSettings.parse(settings.BOUNCE_MAILBOX)
        with _connect(mailbox) as connection:
            return _read(connection, mailbox.folder)
    # What a server says may hold the name of the account.
    except (OSError, ValueError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"The mailbox for bounces can’t be read: {type(error).__name__}.") from error


def _connect(mailbox: MailboxSettings) -> imaplib.IMAP4:
    if not mailbox.is_encrypted:
        connection = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)
    else:
        context = ssl.create_default_context()
        connection = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT)
    try:
        connection.login(mailbox.user, mailbox.password)
    except BaseException:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.shutdown()
        raise
    return connection


def _read(connection: imaplib.IMAP4, folder: str) -> tuple[int, int]:
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    _data(connection.select(f'"{quoted}"'))
    found = _data(connection.uid("SEARCH", "UNSEEN"))[0] or b""
    reports = others = 0
    for key in found.decode("ascii").split()[:BATCH]:
        # PEEK, so that a message counts as read only once it is dealt with.
        answer = _data(connection.uid("FETCH", key, "(BODY.PEEK[])"))
        is_report = read_report(next((part[1] for part in answer if isinstance(part, tuple)), b""))
        _data(connection.uid("STORE", key, "+FLAGS", r"(\Seen \Deleted)" if is_report else r"(\Seen)"))
        reports, others = reports + is_report, others + (not is_report)
    if reports:
        _data(connection.expunge())
    return reports, others


def _data(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an answer. Raises an error unless the server said OK."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data
