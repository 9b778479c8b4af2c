"""Transports hand messages to the mail server or provider. Which one is the choice of Django's ``EMAIL_BACKEND``.

Decision 37 lists every way in which that can end.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.module_loading import import_string

from engagement.mail.message import Envelope
from engagement.mail.models import DeliveryState, OutgoingEmail
from nelis.core.logs import redact

__all__ = [
    "SUSPICIOUS_STREAK",
    "MarkSending",
    "Outcome",
    "Transport",
    "TransportUnavailable",
    "WhileWaiting",
    "get_transport",
    "redacted_line",
]

#: Commits that the email is being sent, and says whether it may be.
MarkSending = Callable[[], bool]
#: What can be done while the server works. Doesn't raise.
WhileWaiting = Callable[[], None]

#: After so many unknown outcomes in a row, or refusals that may be about us, it is the server and not the emails.
SUSPICIOUS_STREAK = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending an email ended: ``accepted``, ``retry``, ``failed`` or ``unknown``."""

    state: DeliveryState
    #: A code from a fixed list, unless it was accepted.
    reason: str = ""
    response: str = ""
    provider_message_id: str = ""
    #: The server asked us to slow down or is in trouble: all workers wait.
    back_off: bool = False

    @property
    def may_be_about_us(self) -> bool:
        """Whether it is a refusal that the server may give to every email of ours."""
        return self.state == DeliveryState.FAILED and self.reason in OutgoingEmail.SENDER_REFUSALS


class TransportUnavailable(Exception):  # noqa: N818 - it says what happened
    """No mail server answers, or it won't let us in. No email was touched."""

    def __init__(self, reason: str, response: str = "") -> None:
        super().__init__(reason)
        self.reason, self.response = reason, response


class Transport:
    """Sends messages, over one connection as long as it holds."""

    def open(self) -> None:
        """Connect. Raises TransportUnavailable."""

    def send(self, envelope: Envelope, mark_sending: MarkSending, while_waiting: WhileWaiting) -> Outcome | None:
        """Send one message. ``mark_sending`` is called once, and commits before anything goes out that could arrive.

        None when ``mark_sending`` said no; whatever it raises comes out, and nothing was sent.
        """
        raise NotImplementedError

    def close_idle(self) -> None:
        """Close a connection that nothing was sent over for a while. Called when there is nothing to send."""

    def close(self) -> None:
        """Close the connection."""


def get_transport() -> Transport:
    """The transport for the backend in the settings."""
    from .backends import BackendTransport
    from .smtp import SmtpTransport

    backend = import_string(settings.EMAIL_BACKEND)
    return SmtpTransport() if issubclass(backend, SmtpBackend) else BackendTransport()


def redacted_line(text: object) -> str:
    """What a server or a library said, as one line of at most 200 characters without addresses."""
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return redact(" ".join(line.replace("\x00", "").split()))[:200]
