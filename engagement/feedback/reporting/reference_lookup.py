"""Look a response up by the reference on its receipt, and stop those who try references at random."""

import hmac
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from engagement.feedback.models import FeedbackRound, Response, WrongReference
from engagement.feedback.responses.keys import normalise_code
from engagement.mailing_list.abuse import network_of

#: Wrong references from one network within an hour. A hall of 350 people shares one address: half of them may mistype.
LIMIT_PER_NETWORK = 200
#: The same from all those whose network isn't known: they look like one, and must not lock each other out.
LIMIT_UNKNOWN_NETWORK = 10 * LIMIT_PER_NETWORK
WINDOW = timedelta(hours=1)


def find_by_reference(round_: FeedbackRound, typed: str) -> Response | None:
    """Find the response with a reference as somebody typed it, a duplicate too. One query, whatever was typed."""
    code = normalise_code(typed)
    reference = f"{code[:4]}-{code[4:]}"
    sent = Response.objects.filter(round=round_, state__in=Response.SENT)
    response: Response | None = sent.filter(reference=reference).first()
    return response


def is_rate_limited(request: HttpRequest) -> bool:
    """Tell whether too many wrong references came from the request's network within the hour. One query.

    A reference has forty bits. At this rate it takes some six hundred years to find one of a thousand.
    """
    network = _network_hash(request)
    most = LIMIT_PER_NETWORK if network else LIMIT_UNKNOWN_NETWORK
    return WrongReference.objects.filter(network_hash=network, at__gt=timezone.now() - WINDOW)[:most].count() >= most


def record_wrong_reference(request: HttpRequest) -> None:
    """Record that a reference was wrong: when, and from which network, as a keyed hash."""
    WrongReference.objects.create(network_hash=_network_hash(request))


def _network_hash(request: HttpRequest) -> str:
    network = network_of(request)
    if not network:
        return ""
    return hmac.new(settings.ADDRESS_KEY.encode(), f"reference:{network}".encode(), sha256).hexdigest()
