"""Where the provider reports to, and what its reports are in our words.

Only the address of the provider in ``MAIL_PROVIDER`` is there, and only if its reports can be told from forged ones:
by its signature, or by the name and password in ``WEBHOOK_SECRET``. django-anymail checks them and reads the reports.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from anymail.signals import EventType
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagement.mail.webhooks import SOFT_BOUNCE, record_event

__all__ = ["provider_webhook"]

ANYMAIL_VIEWS = {
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}
#: Signs its reports. The others show the password.
SIGNING_PROVIDERS = frozenset(("mailgun",))
SIGNING_KEY = "MAILGUN_WEBHOOK_SIGNING_KEY"
#: How a provider says that a mail came back for good. To anymail, a mailbox that is full for a day bounces like one
#: that isn't there.
IS_HARD_BOUNCE: dict[str, Callable[[dict[str, Any]], bool]] = {
    "mailgun": lambda said: said.get("event-data", {}).get("reason") in ("bounce", "suppress-bounce"),
    "postmark": lambda said: "HardBounce" in (said.get("Type"), said.get("SuppressionReason")),
    "brevo": lambda said: said.get("event") in ("hard_bounce", "invalid_email"),
    "sendgrid": lambda said: said.get("type") == "bounce",
    "mailjet": lambda said: said.get("hard_bounce") is True,
    # Invalid recipient, and no recipient.
    "sparkpost": lambda said: any(str(one.get("bounce_class")) in ("10", "30") for one in said["msys"].values()),
}
#: A full mailbox, or a policy, whatever the provider makes of it.
NOT_A_HARD_BOUNCE = re.compile(r"(?<![\d.])5\.(?:2\.2|7\.\d{1,3})(?![\d.])")


# The provider has no session and no cookie: its signature or password is the authority.
@csrf_exempt
@never_cache
@require_http_methods(["POST", "HEAD"])
def provider_webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Take reports. 400 for what isn't signed or can't be read, 404 for a provider that isn't ours."""
    if provider != settings.MAIL_PROVIDER or provider not in ANYMAIL_VIEWS or not can_authenticate(provider):
        raise Http404
    # Some providers try the address with HEAD before they use it.
    reports = parse_events(request, provider) if request.method == "POST" else []
    for report in reports:
        record(report, provider)
    return HttpResponse()


def parse_events(request: HttpRequest, provider: str) -> list[Any]:
    """The reports in a request. Raises SuspiciousOperation, which is answered with 400, for any that aren't proper."""
    reader = import_string(ANYMAIL_VIEWS[provider])()
    try:
        reader.run_validators(request)
        return list(reader.parse_events(request))
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, ImproperlyConfigured) as error:
        # The last is anymail's word for reports of another kind: of mail that comes in, say.
        raise SuspiciousOperation(f"An unreadable report: {type(error).__name__}") from None


def can_authenticate(provider: str) -> bool:
    """Whether forged reports would be recognised. Anymail alone would let everybody in for want of a password."""
    return bool(
        getattr(settings, "ANYMAIL", {}).get(SIGNING_KEY if provider in SIGNING_PROVIDERS else "WEBHOOK_SECRET")
    )


def record(event: Any, provider: str) -> None:
    """A report, in the provider's words, into our own."""
    # Some providers give back what we sent along as text, which may be anything by then.
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    detail = " ".join(str(part) for part in (event.reject_reason, event.description, event.mta_response) if part)
    record_event(
        event_id_of(event, provider),
        str(metadata.get("mail") or ""),
        SOFT_BOUNCE
        if event.event_type == EventType.BOUNCED and not is_hard_bounce(event, provider)
        else event.event_type,
        detail,
        event.timestamp,
        provider_message_id=str(event.message_id or ""),
    )


def is_hard_bounce(event: Any, provider: str) -> bool:
    """Whether a bounce says that the mailbox is gone: only then nobody writes there again."""
    said = " ".join(str(part) for part in (event.description, event.mta_response) if part)
    return bool(IS_HARD_BOUNCE[provider](event.esp_event)) and not NOT_A_HARD_BOUNCE.search(said)


def event_id_of(event: Any, provider: str) -> str:
    """What tells a report from all others. Some providers give it none: then it is what the report says."""
    if provider == "mailgun":
        # Its own name for an event stays when it is sent again, and is unique within a day; anymail's may change.
        name = (event.esp_event or {}).get("event-data", {}).get("id")
        name = name and f"{event.timestamp:%Y-%m-%d}:{name}"
    else:
        name = event.event_id
    if name:
        return f"{provider}:{name}"
    says = (event.message_id, event.event_type, event.timestamp, event.recipient, event.metadata)
    return f"{provider}:{sha256(repr(says).encode()).hexdigest()}"
