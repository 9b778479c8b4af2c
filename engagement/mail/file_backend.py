"""An email backend for machines without a mail server: each email is a file that any email program opens."""

import email
import email.policy
import os
import time
import uuid
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from engagement.mail.transports.backends import NotWritten

__all__ = ["EmailBackend", "folder", "is_in_use", "parse_email", "stored_emails"]


def folder() -> Path:
    """The folder of the files."""
    return Path(settings.DATA_DIR) / "mail"


def is_in_use() -> bool:
    """Whether this is the email backend here."""
    return bool(f"{__name__}.EmailBackend" == settings.EMAIL_BACKEND)


def stored_emails() -> list[Path]:
    """All files, the newest first."""
    return sorted(folder().glob("*.eml"), reverse=True)


def parse_email(file: Path) -> EmailMessage:
    """The email in a file."""
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


class EmailBackend(BaseEmailBackend):
    """Writes each email to a file of its own, whole or not at all. The names of the files sort by time."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Write the emails. Raises NotWritten when the disk won't have them."""
        for message in email_messages:
            self.write(message)
        return len(email_messages)

    def write(self, message: Any) -> None:
        """Write one email: under another name until it is whole."""
        data = getattr(message, "raw", b"") or message.message().as_bytes(linesep="\r\n")
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.eml"
        unfinished = folder() / f".{name}"
        try:
            folder().mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            unfinished.rename(folder() / name)
        except OSError as error:
            raise NotWritten(error.errno, "The email could not be written.") from error
