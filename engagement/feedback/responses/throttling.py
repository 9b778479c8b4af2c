"""Limit new responses by network and session code, so that a script can't fill a round with thousands of them.

What is counted is new responses, within an hour: by the network they came from, and apart for each code of a room.
So a script without a code doesn't touch a room that has one, nor one with another code. Two things are never counted:
the pages of a response that is begun, however often they are sent, since they make nothing new; and anything at all
where the network isn't known, because there all visitors would look like one (``CLIENT_ADDRESS_HEADER``).
"""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from engagement.feedback.models import Response, RoundSession
from engagement.mailing_list.abuse import keyed_hash, network_of

__all__ = [
    "MAX_PER_CODE",
    "MAX_PER_NETWORK",
    "RETRY_AFTER",
    "WINDOW",
    "clear_throttle_keys",
    "has_begun",
    "is_rate_limited",
    "throttle_key",
]

#: New responses from one network within the hour. Without a code: a full hall of 350 that typed the address fits in.
MAX_PER_NETWORK = 500
#: With a room's code: for each code and network. A hall of 3,500 fits in.
MAX_PER_CODE = 5000
WINDOW = timedelta(hours=1)
#: When to try again, in seconds, for programs that ask.
RETRY_AFTER = 600
#: After this, nobody needs to know any more which responses came from one network.
KEYS_KEPT_FOR = timedelta(days=1)
#: Of the hash. What begins with the letter C came with a code.
_KEY_LENGTH = 24


def throttle_key(request: HttpRequest, session: RoundSession | None) -> str:
    """By what a new response is counted: a keyed hash of the network and the code. Empty if it isn't counted."""
    network = network_of(request)
    if not network:
        return ""
    hashed = keyed_hash("response", f"{session.pk if session else ''}:{network}")
    return f"{'C' if session else 'N'}{hashed}"[:_KEY_LENGTH]


def is_rate_limited(key: str, at: datetime | None = None) -> bool:
    """Whether more new responses than may have come in under a key within the hour. One query over one index."""
    most = MAX_PER_CODE if key.startswith("C") else MAX_PER_NETWORK
    since = (at or timezone.now()) - WINDOW
    recent = Response.objects.filter(throttle_key=key, begun_at__gt=since).order_by()
    return recent[: most + 1].count() > most


def has_begun(key: str) -> bool:
    """Whether a response was begun under a key within the hour. One query over one index."""
    return Response.objects.filter(throttle_key=key, begun_at__gt=timezone.now() - WINDOW).exists()


def clear_throttle_keys() -> int:
    """Clear the keys of responses that are too old to be counted, and return how many."""
    old = Response.objects.exclude(throttle_key="").filter(begun_at__lt=timezone.now() - KEYS_KEPT_FOR)
    return old.update(throttle_key="")
