"""What must be right before anything is sent."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from engagement.post.parcels import from_header

__all__ = ["connect"]


def connect() -> None:
    """Add the checks to Django's own; `manage.py runner` runs them all before it starts."""
    register(sender_is_an_address, "mail")


def sender_is_an_address(**kwargs: Any) -> list[Error]:
    """A sender that is none would make every mail of a list fail."""
    try:
        _, address = from_header(settings.DEFAULT_FROM_EMAIL)
    except (ValueError, UnicodeError):
        address = ""
    if "@" in address:
        return []
    hint = 'Write it as name@example.org, or as "Name" <name@example.org>.'
    return [Error("DEFAULT_FROM_EMAIL is no address that mail can come from.", hint=hint, id="post.E001")]
