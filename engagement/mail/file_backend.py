"""A mailbox on disk, for machines without a mail server: each mail is a file that any mail program opens."""

import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from engagement.mail.transports.backends import NotWritten

__all__ = ["EmailBackend", "folder", "is_in_use", "stored_emails"]


def folder() -> Path:
    """Where the mails lie."""
    return Path(settings.DATA_DIR) / "mail"


def is_in_use() -> bool:
    """Whether mail goes to files here."""
    return bool(f"{__name__}.EmailBackend" == settings.EMAIL_BACKEND)


def stored_emails() -> list[Path]:
    """All mails, the newest first."""
    return sorted(folder().glob("*.eml"), reverse=True)


class EmailBackend(BaseEmailBackend):
    """Writes each mail to a file of its own, whole or not at all. Their names sort by time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails. Raises NotWritten when the disk won't have them."""
        for message in email_messages:
            self.keep(message)
        return len(email_messages)

    def keep(self, message: Any) -> None:
        """One mail: under another name until it is whole."""
        data = getattr(message, "raw", b"") or message.message().as_bytes(linesep="\r\n")
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.eml"
        unfinished = folder() / f".{name}"
        try:
            folder().mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            unfinished.rename(folder() / name)
        except OSError as error:
            raise NotWritten(error.errno, "The mail could not be written.") from error
