"""Handing a mail over. Which way is the choice of Django's ``EMAIL_BACKEND``."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.module_loading import import_string

from engagement.mail.envelope import Envelope
from engagement.mail.transports.outcomes import Outcome

__all__ = ["MarkSending", "Transport", "WhileWaiting", "get_transport"]

#: Commits that the mail is being sent, and says whether it may be.
MarkSending = Callable[[], bool]
#: What can be done while the server thinks. Doesn't raise.
WhileWaiting = Callable[[], None]


class Transport(Protocol):
    """Where mails go out. Kept open over many."""

    def open(self) -> None:
        """Be ready for a mail. Raises NoConnection."""

    def send(self, envelope: Envelope, before: MarkSending, meanwhile: WhileWaiting) -> Outcome | None:
        """Send one. ``before`` is called once and has committed before anything is sent that could arrive.

        None when ``before`` said no; whatever it raises comes out, and nothing was sent.
        """

    def close_idle(self) -> None:
        """Called while there is nothing to send: close what has been idle for long."""

    def close(self) -> None:
        """Take leave."""


def get_transport() -> Transport:
    """The way out that the settings name."""
    from engagement.mail.transports.backends import BackendTransport
    from engagement.mail.transports.smtp import SmtpTransport

    backend = import_string(settings.EMAIL_BACKEND)
    return SmtpTransport() if issubclass(backend, SmtpBackend) else BackendTransport()
