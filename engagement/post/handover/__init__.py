"""Handing a mail over. Which way is the choice of Django's ``EMAIL_BACKEND``."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.module_loading import import_string

from engagement.post.outcomes import Outcome
from engagement.post.parcels import Parcel

__all__ = ["Before", "Door", "Meanwhile", "door"]

#: Commits that the mail is being sent, and says whether it may be.
Before = Callable[[], bool]
#: What can be done while the server thinks. Doesn't raise.
Meanwhile = Callable[[], None]


class Door(Protocol):
    """Where mails go out. Kept open over many."""

    def open(self) -> None:
        """Be ready for a mail. Raises NoConnection."""

    def hand_over(self, parcel: Parcel, before: Before, meanwhile: Meanwhile) -> Outcome | None:
        """Send one. ``before`` is called once and has committed before anything is sent that could arrive.

        None when ``before`` said no; whatever it raises comes out, and nothing was sent.
        """

    def tidy(self) -> None:
        """Called while there is nothing to send: close what has been idle for long."""

    def close(self) -> None:
        """Take leave."""


def door() -> Door:
    """The way out that the settings name."""
    from .backends import BackendDoor
    from .smtp import SmtpDoor

    backend = import_string(settings.EMAIL_BACKEND)
    return SmtpDoor() if issubclass(backend, SmtpBackend) else BackendDoor()
