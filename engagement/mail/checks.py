"""System checks of what must be right before anything is sent. `manage.py mail_worker` runs them before it starts."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from engagement.mail.message import from_header

__all__ = ["check_client_address_header", "check_sender"]


@register("mail")
def check_sender(**kwargs: Any) -> list[Error]:
    """DEFAULT_FROM_EMAIL has an address: without one, every email of a list would fail."""
    try:
        _, address = from_header(settings.DEFAULT_FROM_EMAIL)
    except (ValueError, UnicodeError):
        address = ""
    if "@" in address:
        return []
    hint = 'Write it as name@example.org, or as "Name" <name@example.org>.'
    return [Error("DEFAULT_FROM_EMAIL is no address that mail can come from.", hint=hint, id="mail.E001")]


@register(Tags.security, deploy=True)
def check_client_address_header(**kwargs: Any) -> list[Warning]:
    """Visitors' addresses are known: without them nothing is limited by network, and one script may fill the forms."""
    if settings.CLIENT_ADDRESS_HEADER:
        return []
    message = "PROXY_ADDRESS_HEADER is not set: sign-ups and rounds of feedback are not limited by network."
    hint = "Name the header in which your proxy always says where a visitor comes from, as deploy/nginx.conf does."
    return [Warning(message, hint=hint, id="mail.W001")]
