"""Look a response up by the reference on its receipt, and stop those who try references at random."""

from django.http import HttpRequest

from engagement.feedback.models import FeedbackRound, Response
from engagement.feedback.responses import guessing
from engagement.feedback.responses.keys import normalise_code

PURPOSE = "reference"
#: Wrong references from one network within an hour. A hall of 350 people shares one address: half of them may mistype.
LIMIT_PER_NETWORK = 200
#: The same from all those whose network isn't known: they look like one, and must not lock each other out.
LIMIT_UNKNOWN_NETWORK = 10 * LIMIT_PER_NETWORK


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
    counted_by = guessing.network_hash(request, PURPOSE)
    return guessing.is_rate_limited(counted_by, LIMIT_PER_NETWORK if counted_by else LIMIT_UNKNOWN_NETWORK)


def record_wrong_reference(request: HttpRequest) -> None:
    """Record that a reference was wrong: when, and from which network, as a keyed hash."""
    guessing.record_wrong(guessing.network_hash(request, PURPOSE))
