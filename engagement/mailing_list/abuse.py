"""Protection of the public forms from being used to write to strangers. There is no CAPTCHA.

- a form token, so that no form is sent in at once or long after it was shown;
- rate limits, which count uses of the forms (``FormAttempt``) by keyed hashes alone. That of a network is checked when
  a form is sent in, because it says nothing about an address. Those of an address and of a domain are checked when the
  email is composed, so that a form takes the same time whoever is asked about;
- circuit breakers, which hold confirmations back when too many sign-ups go unconfirmed (``circuit_breaker.py``).
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from engagement.mail.addresses import address_hash, domain_of
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import queue_email
from engagement.mailing_list.consent_wording import fingerprint
from engagement.mailing_list.models import FormAttempt

#: What a form asks for: the kinds of email, and of attempts.
SIGNUP, PREFERENCES, NEW_ADDRESS = "signup", "preferences", "new-address"
#: A complaint.
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

#: Complaints within an hour, from one network and from everywhere. More are taken, too: without a receipt, and apart.
COMPLAINTS_PER_NETWORK, COMPLAINTS_IN_ALL = 10, 50
#: Emails within an hour to addresses of which nothing is held, for links that were asked for from one network.
STRANGERS_PER_NETWORK = 50
#: The outcome of asking for a link under such an address.
NOTHING = "nothing"
#: Outcomes without an email: they count for no rate limit.
UNSENT = ("answered", "capped", "discarded", "erased", "left", "stale", "suppressed")


@dataclass(frozen=True, slots=True)
class ComplaintVerdict:
    """Whether a complaint seems to be part of a flood, and whether it may cause a receipt."""

    is_flood: bool
    gets_receipt: bool


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


def network_hash(request: HttpRequest) -> str:
    """The keyed hash of the network that a request came from; empty when that isn't known."""
    return keyed_hash("network", network_of(request))


def network_is_rate_limited(request: HttpRequest) -> bool:
    """Whether the request's network used up its limit. One query, whatever address is asked about."""
    network = network_hash(request)
    if not network:
        return False
    recent = FormAttempt.objects.filter(network_hash=network, at__gt=timezone.now() - RATE_WINDOW)
    # A flood of complaints keeps nobody off the list.
    recent = recent.exclude(outcome=COMPLAINT)
    return recent[:PER_NETWORK].count() >= PER_NETWORK


@transaction.atomic
def queue_request(kind: str, address: str, request: HttpRequest, **data: Any) -> TransactionalEmail:
    """Record a use of a form, and queue its email: two inserts, whoever ``address`` belongs to."""
    attempt = FormAttempt.objects.create(
        address_hash=address_hash(address),
        network_hash=network_hash(request),
        domain_hash=keyed_hash("domain", domain_of(address)),
        outcome=kind,
    )
    # The network, so that what waits can be found by it. With what was typed, it goes once that is used.
    return queue_email(kind, address, attempt=attempt.pk, network=attempt.network_hash, **data)


def assess_complaint(request: HttpRequest) -> ComplaintVerdict:
    """Record a complaint, and say what is done about it, whatever address was typed. Two queries and an insert.

    A flood is what comes in excess from one network; or, while there are very many from everywhere, what follows the
    first from a network. So the first that somebody sends in is never taken for part of one.
    """
    recent = FormAttempt.objects.filter(outcome=COMPLAINT, at__gt=timezone.now() - RATE_WINDOW)
    network = network_hash(request)
    overall = recent[:COMPLAINTS_IN_ALL].count()
    own = recent.filter(network_hash=network)[:COMPLAINTS_PER_NETWORK].count() if network else overall
    is_busy = overall >= COMPLAINTS_IN_ALL
    is_flood = bool(own) if is_busy else bool(network) and own >= COMPLAINTS_PER_NETWORK
    FormAttempt.objects.create(network_hash=network, outcome=COMPLAINT)
    return ComplaintVerdict(is_flood=is_flood, gets_receipt=not is_flood and not is_busy)


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
        domain_hash=keyed_hash("domain", domain_of(email.address)), mailed_at__gt=timezone.now() - RATE_WINDOW
    )
    return mailed[:PER_DOMAIN].count() >= PER_DOMAIN


def strangers_are_rate_limited(email: TransactionalEmail) -> bool:
    """Whether a network asked for links under so many addresses unknown to us that another gets no mail. One query."""
    network = email.data.get("network", "")
    if not network:
        return False
    told = FormAttempt.objects.filter(network_hash=network, outcome=NOTHING, mailed_at__gt=timezone.now() - RATE_WINDOW)
    return told[:STRANGERS_PER_NETWORK].count() >= STRANGERS_PER_NETWORK


def record_outcome(email: TransactionalEmail, outcome: str) -> None:
    """Record what came of the form that ``email`` is for, in the caller's transaction."""
    mailed_at = None if outcome in UNSENT else timezone.now()
    FormAttempt.objects.filter(pk=email.data.get("attempt")).update(outcome=outcome, mailed_at=mailed_at)


def keyed_hash(kind: str, value: str) -> str:
    """A keyed hash, so that nobody without the key can try all networks or domains against it."""
    if not value:
        return ""
    return hmac.new(settings.ADDRESS_KEY.encode(), f"{kind}:{value}".encode(), sha256).hexdigest()
