"""Protection of the public forms from being used to write to strangers. There is no CAPTCHA.

- a form token, so that no form is sent in at once or long after it was shown;
- rate limits, which count uses of the forms (``FormAttempt``) by keyed hashes alone. That of a network is checked when
  a form is sent in, because it says nothing about an address. Those of an address and of a domain are checked when the
  email is composed, so that a form takes the same time whoever is asked about;
- a circuit breaker, which holds confirmations back when too many sign-ups go unconfirmed.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from engagement.mail.addresses import address_hash, domain_of
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import queue_email
from engagement.mailing_list.consent_wording import fingerprint
from engagement.mailing_list.models import CircuitBreaker, FormAttempt, Subscription

#: What a form asks for: the kinds of email, and of attempts.
SIGNUP, PREFERENCES = "signup", "preferences"
#: A complaint that caused a receipt.
COMPLAINT = "complaint"
#: How soon an email that is held back is tried again, in seconds.
RETRY_SECONDS = 300.0

#: After this, the wording may have changed: the form is shown again with what was typed.
FORM_TOKEN_LIFETIME = timedelta(hours=12)

#: Emails to one address within a day, from forms used in one network and from all forms. The second is larger, so that
#: nobody uses up by themselves what the address's holder is promised.
PER_ADDRESS, PER_ADDRESS_OVERALL = 3, 6
ADDRESS_WINDOW = timedelta(days=1)
#: Uses of the forms from one network within an hour. A hall of 350 people shares one address: all of them may try
#: more than twice.
PER_NETWORK = 1000
#: Emails to one domain within an hour. What is more than that waits. It is well above what one network can cause, so
#: that none can keep everybody else's away.
PER_DOMAIN = 5 * PER_NETWORK
RATE_WINDOW = timedelta(hours=1)

#: Receipts for complaints within an hour, from one network and from everywhere.
RECEIPTS_PER_NETWORK, RECEIPTS_IN_ALL = 10, 50
#: Outcomes without an email: they count for no rate limit.
UNSENT = ("answered", "capped", "erased", "stale", "suppressed")

#: The circuit breaker looks at sign-ups of the last day, except those so fresh that nobody could be blamed.
BREAKER_WINDOW = timedelta(days=1)
CONFIRMATION_GRACE = timedelta(minutes=30)
#: It opens on no fewer than this, when a larger share than that is unconfirmed.
BREAKER_MINIMUM = 100
UNCONFIRMED_SHARE = 0.8
#: And at once, when so many wait that even a full hall wouldn't explain it.
BREAKER_BURST = 700

_signer = TimestampSigner(salt="engagement.mailing_list.form")


def new_form_token() -> str:
    """A signed token that says when, and with which wording, a form was shown. Names nobody and sets no cookie."""
    return _signer.sign(fingerprint()[:16])


def form_token_problem(form_token: str) -> str:
    """Why a form with this token isn't accepted: ``early``, ``late``, or an empty string if it is."""
    try:
        wording = _signer.unsign(form_token, max_age=FORM_TOKEN_LIFETIME)
    except (SignatureExpired, BadSignature):
        return "late"
    if wording != fingerprint()[:16]:
        return "late"
    try:
        _signer.unsign(form_token, max_age=settings.SIGN_UP_SECONDS)
    except SignatureExpired:
        return ""
    return "early"


def network_of(request: HttpRequest) -> str:
    """The /24 or /64 that a request came from; empty when that isn't known.

    Known from the header that the proxy always overwrites (``PROXY_ADDRESS_HEADER``), and from nothing else: without
    one, every visitor would look like the proxy, and one network's limit would lock all of them out.
    """
    header = settings.CLIENT_ADDRESS_HEADER
    try:
        address = ip_address(request.META.get(header, "").strip()) if header else None
    except ValueError:
        return ""
    if address is None:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return str(IPv4Network((int(address) >> 8 << 8, 24)))


def network_is_rate_limited(request: HttpRequest) -> bool:
    """Whether the request's network used up its limit. One query, whatever address is asked about."""
    network = network_of(request)
    if not network:
        return False
    recent = FormAttempt.objects.filter(network_hash=_keyed("network", network), at__gt=timezone.now() - RATE_WINDOW)
    return recent[:PER_NETWORK].count() >= PER_NETWORK


@transaction.atomic
def queue_request(kind: str, address: str, request: HttpRequest, **data: Any) -> TransactionalEmail:
    """Record a use of a form, and queue its email: two inserts, whoever ``address`` belongs to."""
    attempt = FormAttempt.objects.create(
        address_hash=address_hash(address),
        network_hash=_keyed("network", network_of(request)),
        domain_hash=_keyed("domain", domain_of(address)),
        outcome=kind,
    )
    return queue_email(kind, address, attempt=attempt.pk, **data)


def allow_complaint_receipt(request: HttpRequest) -> bool:
    """Record a complaint, if it may cause a receipt. Whether it may, whatever address was typed."""
    recent = FormAttempt.objects.filter(outcome=COMPLAINT, at__gt=timezone.now() - RATE_WINDOW)
    network = _keyed("network", network_of(request))
    networks = list(recent.order_by("-pk").values_list("network_hash", flat=True)[:RECEIPTS_IN_ALL])
    if len(networks) >= RECEIPTS_IN_ALL or (network and networks.count(network) >= RECEIPTS_PER_NETWORK):
        return False
    FormAttempt.objects.create(network_hash=network, outcome=COMPLAINT)
    return True


def address_is_rate_limited(email: TransactionalEmail) -> bool:
    """Whether forms have caused enough emails to this address before ``email``. One query."""
    attempt = email.data.get("attempt", 0)
    caused = FormAttempt.objects.filter(
        address_hash=email.address_hash, pk__lte=attempt, at__gt=email.created_at - ADDRESS_WINDOW
    ).exclude(outcome__in=UNSENT)
    networks = dict(caused.order_by("-pk").values_list("pk", "network_hash")[: PER_ADDRESS_OVERALL + 1])
    own = networks.pop(attempt, "")
    return len(networks) >= PER_ADDRESS_OVERALL or list(networks.values()).count(own) >= PER_ADDRESS


def domain_is_rate_limited(email: TransactionalEmail) -> bool:
    """Whether the domain of ``email`` got so many within the hour that this one waits. One query."""
    mailed = FormAttempt.objects.filter(
        domain_hash=_keyed("domain", domain_of(email.address)), mailed_at__gt=timezone.now() - RATE_WINDOW
    )
    return mailed[:PER_DOMAIN].count() >= PER_DOMAIN


def record_outcome(email: TransactionalEmail, outcome: str) -> None:
    """Record what came of the form that ``email`` is for, in the caller's transaction."""
    mailed_at = None if outcome in UNSENT else timezone.now()
    FormAttempt.objects.filter(pk=email.data.get("attempt")).update(outcome=outcome, mailed_at=mailed_at)


def circuit_breaker_is_open() -> bool:
    """Whether confirmations are held back: because nobody has reset the circuit breaker, or because it opens now."""
    breaker = CircuitBreaker.objects.order_by("pk").first() or CircuitBreaker()
    if breaker.tripped_at:
        return True
    now = timezone.now()
    # Whoever reset it has judged what happened before.
    since = max(now - BREAKER_WINDOW, breaker.reset_at or now - BREAKER_WINDOW)
    signups = Subscription.objects.filter(method=Subscription.Method.WEB, created_at__gt=since)
    fresh = signups.filter(created_at__gt=now - CONFIRMATION_GRACE, confirmed_at=None).count()
    settled = signups.filter(created_at__lte=now - CONFIRMATION_GRACE)
    total, unconfirmed = settled.count(), settled.filter(confirmed_at=None).count()
    if fresh >= BREAKER_BURST:
        breaker.reason = f"{fresh} sign-ups within half an hour wait for their confirmation."
    elif total >= BREAKER_MINIMUM and unconfirmed > UNCONFIRMED_SHARE * total:
        breaker.reason = f"{unconfirmed} of the last {total} sign-ups were not confirmed."
    else:
        return False
    breaker.tripped_at = now
    breaker.save()
    return True


def circuit_breaker_was_open_since(moment: datetime) -> bool:
    """Whether confirmations are held back, or were until after ``moment``: then old ones may still be wanted."""
    return CircuitBreaker.objects.filter(Q(tripped_at__isnull=False) | Q(reset_at__gt=moment)).exists()


@transaction.atomic
def reset_circuit_breaker(by: object) -> int:
    """Let confirmations go out again, those held back first. How many were."""
    breaker = CircuitBreaker.objects.select_for_update().order_by("pk").first() or CircuitBreaker()
    breaker.tripped_at, breaker.reason = None, ""
    breaker.reset_by, breaker.reset_at = by, timezone.now()  # type: ignore[assignment]
    breaker.save()
    return held_confirmations().update(due_at=timezone.now())


def held_confirmations() -> QuerySet[TransactionalEmail]:
    """The emails of sign-ups that are held back."""
    return TransactionalEmail.objects.filter(kind=SIGNUP, object_id="", state=TransactionalEmail.State.RETRY)


def _keyed(kind: str, value: str) -> str:
    """A keyed hash, so that nobody without the key can try all networks or domains against it."""
    if not value:
        return ""
    return hmac.new(settings.ADDRESS_KEY.encode(), f"{kind}:{value}".encode(), sha256).hexdigest()
