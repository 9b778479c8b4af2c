"""Looking a receipt up by its reference, without telling anybody who tries references at random anything."""

import hmac
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from engagement.feedback.models import FeedbackRound, Response, WrongReference
from engagement.feedback.responses.keys import normalise_code
from engagement.mailing_list.abuse import network_of

__all__ = ["LIMIT_PER_NETWORK", "find_by_reference", "is_rate_limited", "record_wrong_reference"]

#: Wrong references from one network within an hour. A hall of 350 people shares one address: half of them may mistype.
LIMIT_PER_NETWORK = 200
#: The same from all those whose network isn't known: they look like one, and must not lock each other out.
LIMIT_UNKNOWN_NETWORK = 10 * LIMIT_PER_NETWORK
WINDOW = timedelta(hours=1)


def find_by_reference(feedback_round: FeedbackRound, typed: str) -> Response | None:
    """The response with a reference as somebody typed it, though it repeat another. One query, whatever it is."""
    code = normalise_code(typed)
    reference = f"{code[:4]}-{code[4:]}"
    found: Response | None = Response.objects.filter(
        round=feedback_round, state__in=Response.SENT, reference=reference
    ).first()
    return found


def is_rate_limited(request: HttpRequest) -> bool:
    """Whether too many wrong references came from the request's network within the hour. One query.

    A reference has forty bits. At this rate it takes some six hundred years to find one of a thousand.
    """
    network = _network_hash(request)
    most = LIMIT_PER_NETWORK if network else LIMIT_UNKNOWN_NETWORK
    return WrongReference.objects.filter(network_hash=network, at__gt=timezone.now() - WINDOW)[:most].count() >= most


def record_wrong_reference(request: HttpRequest) -> None:
    """Write down that a reference was wrong: when, and from which network, as a keyed hash."""
    WrongReference.objects.create(network_hash=_network_hash(request))


def _network_hash(request: HttpRequest) -> str:
    network = network_of(request)
    if not network:
        return ""
    return hmac.new(settings.ADDRESS_KEY.encode(), f"reference:{network}".encode(), sha256).hexdigest()
