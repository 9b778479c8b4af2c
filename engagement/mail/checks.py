"""What must be right before anything is sent."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from engagement.mail.envelope import from_header

__all__ = ["register_checks"]


def register_checks() -> None:
    """Add the checks to Django's own; `manage.py mail_worker` runs them all before it starts."""
    register(check_sender, "mail")
    register(check_client_address_header, Tags.security, deploy=True)


def check_sender(**kwargs: Any) -> list[Error]:
    """A sender that is none would make every mail of a list fail."""
    try:
        _, address = from_header(settings.DEFAULT_FROM_EMAIL)
    except (ValueError, UnicodeError):
        address = ""
    if "@" in address:
        return []
    hint = 'Write it as name@example.org, or as "Name" <name@example.org>.'
    return [Error("DEFAULT_FROM_EMAIL is no address that mail can come from.", hint=hint, id="mail.E001")]


def check_client_address_header(**kwargs: Any) -> list[Warning]:
    """Without the visitor's address, no limit by network holds: one script may fill the forms that anybody may use."""
    if settings.CLIENT_ADDRESS_HEADER:
        return []
    message = "PROXY_ADDRESS_HEADER is not set: sign-ups and rounds of feedback are not limited by network."
    hint = "Name the header in which your proxy always says where a visitor comes from, as deploy/nginx.conf does."
    return [Warning(message, hint=hint, id="mail.W001")]
