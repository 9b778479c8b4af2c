"""System checks of what must be right before anything is sent. `manage.py mail_worker` runs them before it starts."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from engagement.mail.bounce_mailbox import MailboxSettings
from engagement.mail.message import ADDRESS_PATTERN, from_header

__all__ = ["check_bounces", "check_client_address_header", "check_identity", "check_reply_to", "check_sender"]

#: The part before an @ has 64 characters at most, and ours adds 41 to it.
MAX_BOUNCE_LOCAL = 23
#: What every email should say of who sends it, by the setting that holds it.
IDENTITY = {
    "ORGANISATION_NAME": "who runs the site",
    "ORGANISATION_CONTACT": "how they are reached",
    "REPLY_TO_ADDRESS": "where a reply goes",
}


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
    return [Error("DEFAULT_FROM_EMAIL is no address that email can come from.", hint=hint, id="mail.E001")]


@register("mail")
def check_reply_to(**kwargs: Any) -> list[Error]:
    """REPLY_TO_ADDRESS, where it is set, is one address and nothing else."""
    if not settings.REPLY_TO_ADDRESS or ADDRESS_PATTERN.fullmatch(settings.REPLY_TO_ADDRESS):
        return []
    return [Error("REPLY_TO_ADDRESS is no address.", hint="Write it as name@example.org.", id="mail.E002")]


@register("mail")
def check_bounces(**kwargs: Any) -> list[Error]:
    """Bounces come back to an address that ours can be made from, and are read from a mailbox that can be named."""
    found = []
    local = settings.BOUNCE_ADDRESS.partition("@")[0]
    if settings.BOUNCE_ADDRESS and (
        not ADDRESS_PATTERN.fullmatch(settings.BOUNCE_ADDRESS) or "+" in local or len(local) > MAX_BOUNCE_LOCAL
    ):
        hint = f"Write it as bounces@example.org: no + and at most {MAX_BOUNCE_LOCAL} characters before the @."
        found.append(Error("BOUNCE_ADDRESS is no address that email can come back to.", hint=hint, id="mail.E003"))
    if settings.BOUNCE_MAILBOX:
        try:
            MailboxSettings.parse(settings.BOUNCE_MAILBOX)
        except ValueError as error:
            found.append(Error(str(error), id="mail.E004"))
    return found


@register("mail", deploy=True)
def check_identity(**kwargs: Any) -> list[Warning]:
    """Every email says who sends it: those who get it have a right to know, and providers look for it."""
    return [
        Warning(
            f"{name} is not set: no email says {what}.",
            hint="Set it in the environment, or in nelis/settings/identity.py; see deploy/mail.md.",
            id="mail.W002",
        )
        for name, what in IDENTITY.items()
        if not getattr(settings, name)
    ]


@register(Tags.security, deploy=True)
def check_client_address_header(**kwargs: Any) -> list[Warning]:
    """Visitors' addresses are known: without them nothing is limited by network, and one script may fill the forms."""
    if settings.CLIENT_ADDRESS_HEADER:
        return []
    message = "PROXY_ADDRESS_HEADER is not set: sign-ups and rounds of feedback are not limited by network."
    hint = "Name the header in which your proxy always says where a visitor comes from, as deploy/nginx.conf does."
    return [Warning(message, hint=hint, id="mail.W001")]
