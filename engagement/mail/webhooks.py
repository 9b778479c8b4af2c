"""Provider events: where the provider reports what became of emails, and what its reports change.

Only the URL of the provider in ``MAIL_PROVIDER`` answers, and only if its reports can be told from forged ones: by its
signature, or by the name and password in ``WEBHOOK_SECRET``. django-anymail checks them and parses the reports. Each
event counts once, in whatever order they come (decision 56).
"""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from anymail.signals import EventType
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagement.mail.message import uuid_from_message_id
from engagement.mail.models import DeliveryState, OutgoingEmail, ProviderEvent
from engagement.mail.streams import STREAMS, MessageStream
from engagement.mail.transports import redacted_line

__all__ = ["delete_old_events", "match_unmatched", "provider_webhook", "record_event"]

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
#: How each provider says that a bounce is a hard one. To anymail, a mailbox that is full for a day bounces like one
#: that doesn't exist.
IS_HARD_BOUNCE: dict[str, Callable[[dict[str, Any]], bool]] = {
    "mailgun": lambda report: report.get("event-data", {}).get("reason") in ("bounce", "suppress-bounce"),
    "postmark": lambda report: "HardBounce" in (report.get("Type"), report.get("SuppressionReason")),
    "brevo": lambda report: report.get("event") in ("hard_bounce", "invalid_email"),
    "sendgrid": lambda report: report.get("type") == "bounce",
    "mailjet": lambda report: report.get("hard_bounce") is True,
    # Invalid recipient, and no recipient.
    "sparkpost": lambda report: any(str(e.get("bounce_class")) in ("10", "30") for e in report["msys"].values()),
}
#: A full mailbox, or a policy, whatever the provider calls it.
NOT_A_HARD_BOUNCE = re.compile(r"(?<![\d.])5\.(?:2\.2|7\.\d{1,3})(?![\d.])")

#: A kind of our own, beside anymail's.
SOFT_BOUNCE = "soft-bounced"
#: The state that each kind of event means. Others, such as opens, say nothing about delivery: they are only recorded.
STATE_OF_EVENT = {
    "queued": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
    "deferred": DeliveryState.ACCEPTED,
    "failed": DeliveryState.FAILED,
    "rejected": DeliveryState.FAILED,
    "delivered": DeliveryState.DELIVERED,
    "bounced": DeliveryState.BOUNCED,
    SOFT_BOUNCE: DeliveryState.BOUNCED,
    "complained": DeliveryState.COMPLAINED,
}
#: An event only moves an email up this list, so that the order in which events come makes no difference.
RANK = {
    state: rank
    for rank, states in enumerate(
        [
            (*OutgoingEmail.OPEN, DeliveryState.UNKNOWN),
            (DeliveryState.ACCEPTED,),
            (DeliveryState.FAILED,),
            (DeliveryState.DELIVERED,),
            (DeliveryState.BOUNCED,),
            (DeliveryState.COMPLAINED,),
            # Was never sent: an event about it is a mistake.
            (DeliveryState.SKIPPED,),
        ]
    )
    for state in states
}
#: An event may come before its email's provider ID is committed, seconds later. It is matched again for so long.
MATCH_WITHIN = timedelta(hours=2)
#: By then what events said is in the outbox, and no provider sends one again so late.
KEEP_EVENTS = timedelta(days=90)
#: Rows deleted in one statement.
BATCH = 1000


# The provider has no session and no cookie: its signature or password is the authority.
@csrf_exempt
@never_cache
@require_http_methods(["POST", "HEAD"])
def provider_webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Record the events in a report. 400 for one that isn't signed or can't be read, 404 for another provider."""
    if provider != settings.MAIL_PROVIDER or provider not in ANYMAIL_VIEWS or not can_authenticate(provider):
        raise Http404
    # Some providers try the URL with HEAD before they use it.
    if request.method == "POST":
        for event in parse_events(request, provider):
            record_anymail_event(event, provider)
    return HttpResponse()


def can_authenticate(provider: str) -> bool:
    """Whether forged reports would be recognised. Anymail alone lets everybody in if no password is set."""
    key = SIGNING_KEY if provider in SIGNING_PROVIDERS else "WEBHOOK_SECRET"
    return bool(getattr(settings, "ANYMAIL", {}).get(key))


def parse_events(request: HttpRequest, provider: str) -> list[Any]:
    """The events in a request. Raises SuspiciousOperation, which is answered with 400, if it isn't a proper report."""
    view = import_string(ANYMAIL_VIEWS[provider])()
    try:
        view.run_validators(request)
        return list(view.parse_events(request))
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, ImproperlyConfigured) as error:
        # Anymail raises the last for reports of another kind: of incoming mail, say.
        raise SuspiciousOperation(f"An unreadable report: {type(error).__name__}") from None


def record_anymail_event(event: Any, provider: str) -> None:
    """Record an event that anymail has parsed."""
    # Some providers give back what we sent along as text, which may be anything by then.
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    detail = " ".join(str(part) for part in (event.reject_reason, event.description, event.mta_response) if part)
    is_soft = event.event_type == EventType.BOUNCED and not is_hard_bounce(event, provider)
    record_event(
        event_id_of(event, provider),
        str(metadata.get("mail") or ""),
        SOFT_BOUNCE if is_soft else event.event_type,
        detail,
        event.timestamp,
        provider_message_id=str(event.message_id or ""),
    )


def is_hard_bounce(event: Any, provider: str) -> bool:
    """Whether a bounce says that the mailbox doesn't exist: only then the address is suppressed."""
    text = " ".join(str(part) for part in (event.description, event.mta_response) if part)
    return bool(IS_HARD_BOUNCE[provider](event.esp_event)) and not NOT_A_HARD_BOUNCE.search(text)


def event_id_of(event: Any, provider: str) -> str:
    """What tells an event from all others. Where the provider gives it no ID, a hash of what it says."""
    if provider == "mailgun":
        # Its own ID stays the same when it is sent again, and is unique within a day; anymail's may change.
        name = (event.esp_event or {}).get("event-data", {}).get("id")
        name = name and f"{event.timestamp:%Y-%m-%d}:{name}"
    else:
        name = event.event_id
    if name:
        return f"{provider}:{name}"
    content = (event.message_id, event.event_type, event.timestamp, event.recipient, event.metadata)
    return f"{provider}:{sha256(repr(content).encode()).hexdigest()}"


def record_event(
    event_id: str,
    email_uuid: str | uuid.UUID | None,
    kind: str,
    detail: str = "",
    at: datetime | None = None,
    *,
    provider_message_id: str = "",
) -> ProviderEvent:
    """Record an event and move its email's state. One that is recorded already changes nothing.

    The email is found by our own uuid for it, or by the provider's ID. Found by neither, the event is listed for staff.
    """
    event = ProviderEvent(
        event_id=_cleaned(event_id),
        email_uuid=_parsed_uuid(email_uuid) or uuid_from_message_id(provider_message_id),
        provider_message_id=_cleaned(provider_message_id),
        kind=_cleaned(kind)[:30],
        detail=redacted_line(detail),
        happened_at=at,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                event.save(force_insert=True)
        except IntegrityError:
            return ProviderEvent.objects.get(event_id=event.event_id)
        _match(event)
    return event


def match_unmatched() -> int:
    """Try again to match the events of the last hours that have no email. Returns how many have one now.

    One query for each stream, however many events: most are of emails that aren't ours, and never will match.
    """
    unmatched = ProviderEvent.objects.filter(stream="", received_at__gte=timezone.now() - MATCH_WITHIN)
    count = 0
    for stream in STREAMS.values():
        ours = Q(Exists(stream.emails.filter(uuid=OuterRef("email_uuid"))))
        by_provider_id = stream.model.with_provider_id(OuterRef("provider_message_id"))
        ours |= Q(~Q(provider_message_id=""), Exists(by_provider_id))
        for key in list(unmatched.filter(ours).order_by("received_at", "pk").values_list("pk", flat=True)):
            with transaction.atomic():
                event = ProviderEvent.objects.select_for_update().filter(pk=key, stream="").first()
                if event is not None:
                    _match(event)
                    count += 1
    return count


def delete_old_events() -> int:
    """Delete the events that nobody needs any more. Returns how many."""
    old = ProviderEvent.objects.filter(received_at__lt=timezone.now() - KEEP_EVENTS).order_by()
    count = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        count += ProviderEvent.objects.filter(pk__in=keys).delete()[0]
    return count


def _match(event: ProviderEvent) -> None:
    """Find the email in whichever stream has it, and change its state."""
    for stream in STREAMS.values():
        row = _find(stream, event)
        if row is not None:
            event.stream = stream.name
            event.applied = _apply(stream, row, event)
            event.save(update_fields=["stream", "applied"])
            return


def _find(stream: MessageStream, event: ProviderEvent) -> OutgoingEmail | None:
    row: OutgoingEmail | None = None
    if event.email_uuid:
        row = stream.emails.select_for_update(of=("self",)).filter(uuid=event.email_uuid).first()
    if row is None and event.provider_message_id:
        rows = stream.model.with_provider_id(event.provider_message_id)
        row = rows.select_for_update(of=("self",)).first()
    return row


def _apply(stream: MessageStream, row: OutgoingEmail, event: ProviderEvent) -> bool:
    """Change the email's state, if the event says more than we knew. Returns whether it did."""
    state = STATE_OF_EVENT.get(event.kind)
    if state is None or not _says_more(event.kind, state, row):
        return False
    row.state = state
    row.reason = "" if state in (DeliveryState.ACCEPTED, DeliveryState.DELIVERED) else f"provider-{event.kind}"
    row.response = event.detail or row.response
    row.settled_at = event.happened_at or timezone.now()
    # If a worker has it in hand, its own outcome comes second.
    row.claimed_by, row.lease_until = "", None
    row.save(update_fields=["state", "reason", "response", "settled_at", "claimed_by", "lease_until"])
    if stream.notifies(state):
        stream.on_settled(row)
    return True


def _says_more(kind: str, state: DeliveryState, row: OutgoingEmail) -> bool:
    before = DeliveryState(row.state)
    if state == before == DeliveryState.BOUNCED:
        # A soft bounce turned out to be a hard one.
        return kind != SOFT_BOUNCE and row.reason == OutgoingEmail.SOFT_BOUNCED
    return RANK[state] > RANK[before]


def _cleaned(text: str) -> str:
    """As the database takes it."""
    return text.replace("\x00", "")[:200]


def _parsed_uuid(value: uuid.UUID | str | None) -> uuid.UUID | None:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None
