"""Looking a receipt up by its reference, without telling anybody who tries references at random anything."""

import hmac
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from engagement.feedback.keys import read_code
from engagement.feedback.models import FeedbackRound, Response, WrongReference
from engagement.mailing_list.guards import network_of

__all__ = ["PER_NETWORK", "find", "is_guessing", "note_wrong"]

#: Wrong references from one network within an hour. A hall of 350 people shares one address: half of them may mistype.
PER_NETWORK = 200
#: The same from all those whose network isn't known: they look like one, and must not lock each other out.
FROM_ANYWHERE = 10 * PER_NETWORK
WINDOW = timedelta(hours=1)


def find(feedback_round: FeedbackRound, typed: str) -> Response | None:
    """The response with a reference as somebody typed it, though it repeat another. One query, whatever it is."""
    code = read_code(typed)
    reference = f"{code[:4]}-{code[4:]}"
    found: Response | None = Response.objects.filter(
        round=feedback_round, state__in=Response.SENT, reference=reference
    ).first()
    return found


def is_guessing(request: HttpRequest) -> bool:
    """Whether too many wrong references came from the request's network within the hour. One query.

    A reference has forty bits. At this rate it takes some six hundred years to find one of a thousand.
    """
    network = _network(request)
    most = PER_NETWORK if network else FROM_ANYWHERE
    return WrongReference.objects.filter(network_hash=network, at__gt=timezone.now() - WINDOW)[:most].count() >= most


def note_wrong(request: HttpRequest) -> None:
    """Write down that a reference was wrong: when, and from which network, as a keyed hash."""
    WrongReference.objects.create(network_hash=_network(request))


def _network(request: HttpRequest) -> str:
    network = network_of(request)
    if not network:
        return ""
    return hmac.new(settings.ADDRESS_KEY.encode(), f"reference:{network}".encode(), sha256).hexdigest()
