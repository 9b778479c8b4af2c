"""How email is sent, and what each provider needs from the environment.

``MAIL_PROVIDER`` names it. ``smtp`` is any mail server, a provider's own included; it brings no reports of what became
of an email unless the provider sends them. The others are spoken to by their own interfaces, through django-anymail.
"""

from dataclasses import dataclass
from email.utils import formataddr

from . import environment as env

SMTP = "smtp"


@dataclass(frozen=True)
class Provider:
    """A provider: its anymail settings, and how its webhooks are authenticated."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    #: Signed by the provider. Otherwise a name and password of our choice are in the address that it is given.
    signs_webhooks: bool = False
    #: Takes mails that say they are not to be tracked. To another, that would be an email it can't send.
    accepts_tracking_options: bool = True


PROVIDERS = {
    "mailgun": Provider(
        ("MAILGUN_API_KEY", "MAILGUN_SENDER_DOMAIN", "MAILGUN_WEBHOOK_SIGNING_KEY"),
        ("MAILGUN_API_URL",),
        signs_webhooks=True,
    ),
    "postmark": Provider(("POSTMARK_SERVER_TOKEN",)),
    "brevo": Provider(("BREVO_API_KEY",), accepts_tracking_options=False),
    "sendgrid": Provider(("SENDGRID_API_KEY",)),
    "mailjet": Provider(("MAILJET_API_KEY", "MAILJET_SECRET_KEY")),
    "sparkpost": Provider(("SPARKPOST_API_KEY",), ("SPARKPOST_API_URL",)),
}
#: Whatever the account at the provider says. One that tracks rewrites every link to lead past itself, and the one to
#: leave the list, too.
UNTRACKED = {"track_opens": False, "track_clicks": False}
SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the name of one


def with_name(address: str, name: str) -> str:
    """Return an address as mail comes from it: with ``name`` before it, unless it brings one."""
    return formataddr((name, address)) if address.count("@") == 1 and not set("<>, ") & set(address) else address


def backend(provider: str) -> str:
    """Return the email backend of a provider."""
    if provider in PROVIDERS:
        return f"anymail.backends.{provider}.EmailBackend"
    return "django.core.mail.backends.smtp.EmailBackend"


def anymail(provider: str) -> dict[str, object]:
    """Return anymail's settings for a provider, from the environment."""
    # A time-out is not an error: whether the mail went out is unknown. So there is time for an answer.
    anymail_settings: dict[str, object] = {"REQUESTS_TIMEOUT": (10, 30)}
    if known := PROVIDERS.get(provider):
        anymail_settings |= {"SEND_DEFAULTS": UNTRACKED} if known.accepts_tracking_options else {}
        names = (*known.required, *known.optional, SECRET)
        anymail_settings |= {name: value for name in names if (value := env.text(name))}
    return anymail_settings


def problems(provider: str) -> list[str]:
    """Return what is missing or wrong, each as a sentence."""
    if provider == SMTP:
        return []
    known = PROVIDERS.get(provider)
    if known is None:
        return [f"MAIL_PROVIDER should be smtp or one of {', '.join(PROVIDERS)}, not {provider!r}."]
    found = [f"{name} is not set. MAIL_PROVIDER={provider} needs it." for name in known.required if not env.text(name)]
    secret = env.text(SECRET)
    if not known.signs_webhooks and not secret:
        found.append(f"{SECRET} is not set. It needs a name and a long random password, with a colon in between.")
    elif secret and not (":" in secret and len(secret.partition(":")[2]) >= 20):
        found.append(f"{SECRET} should be a name, a colon, and a password of 20 characters or more.")
    return found
