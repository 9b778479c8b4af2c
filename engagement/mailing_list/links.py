"""Links in mails that work for ever: no database row stands behind them, and they say nothing about a person.

A token is 32 bytes: the first half of the address's keyed hash, and the first half of an HMAC-SHA256 over it and
its purpose, with the first of ``LINK_KEYS``. All of these keys are accepted, so that a key can be changed while old
mails are still in people's mailboxes. ``SECRET_KEY`` plays no part.

Tokens stand in the query of an address and not in its path, because the path is what logs write down.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from django.conf import settings
from django.urls import reverse

from engagement.mail.signing import is_valid_signature, sign

__all__ = [
    "PREFERENCES_LINK",
    "UNSUBSCRIBE",
    "absolute_url",
    "path_with_token",
    "permanent_token",
    "permanent_url",
    "read_permanent_token",
]

#: What a permanent link is for: leaving the list, or asking for a link to one's choices.
UNSUBSCRIBE, PREFERENCES_LINK = "unsubscribe", "preferences_link"
_HALF_LENGTH = 16
#: As long as 32 bytes are when they are written in base64 without padding.
_TOKEN_LENGTH = 43


def permanent_token(purpose: str, address_hash: str) -> str:
    """The token, 43 characters from A–Z, a–z, 0–9, - and _, for a subscriber known by ``address_hash``."""
    named = bytes.fromhex(address_hash)[:_HALF_LENGTH]
    return urlsafe_b64encode(named + sign(purpose, named, _HALF_LENGTH)).decode().rstrip("=")


def read_permanent_token(purpose: str, token: str) -> str | None:
    """The beginning (32 hexadecimal digits) of the address hash that ``token`` names; None if it isn't one of ours."""
    if len(token) != _TOKEN_LENGTH:
        return None
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=")
    except (NotBase64, UnicodeEncodeError, ValueError):
        return None
    named, signature = raw[:_HALF_LENGTH], raw[_HALF_LENGTH:]
    return (
        named.hex()
        if len(raw) == 2 * _HALF_LENGTH and is_valid_signature(purpose, named, signature, _HALF_LENGTH)
        else None
    )


def permanent_url(purpose: str, address_hash: str) -> str:
    """The whole address of such a link."""
    return absolute_url(path_with_token(purpose, permanent_token(purpose, address_hash)))


def path_with_token(name: str, token: str) -> str:
    """The path of the mailing list's page called ``name``, with ``token`` in its query."""
    return f"{reverse(f'mailing_list:{name}')}?t={token}"


def absolute_url(path: str) -> str:
    """``path`` with the site's own address before it, whatever host a request came by."""
    return f"{settings.BASE_URL}{path}"
