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

from engagement.post.signing import is_signed, sign

__all__ = ["CHOICES", "LEAVE", "absolute", "permanent_token", "permanent_url", "read_permanent_token", "with_token"]

#: What a permanent link is for: leaving the list, or asking for a link to one's choices.
LEAVE, CHOICES = "leave", "choices"
_HALF = 16
#: As long as 32 bytes are when they are written in base64 without padding.
_LENGTH = 43


def permanent_token(purpose: str, address_hash: str) -> str:
    """The token, 43 characters from A–Z, a–z, 0–9, - and _, for a subscriber known by ``address_hash``."""
    named = bytes.fromhex(address_hash)[:_HALF]
    return urlsafe_b64encode(named + sign(purpose, named, _HALF)).decode().rstrip("=")


def read_permanent_token(purpose: str, token: str) -> str | None:
    """The beginning (32 hexadecimal digits) of the address hash that ``token`` names; None if it isn't one of ours."""
    if len(token) != _LENGTH:
        return None
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=")
    except (NotBase64, UnicodeEncodeError, ValueError):
        return None
    named, signature = raw[:_HALF], raw[_HALF:]
    return named.hex() if len(raw) == 2 * _HALF and is_signed(purpose, named, signature, _HALF) else None


def permanent_url(purpose: str, address_hash: str) -> str:
    """The whole address of such a link."""
    return absolute(with_token(purpose, permanent_token(purpose, address_hash)))


def with_token(name: str, token: str) -> str:
    """The path of the mailing list's page called ``name``, with ``token`` in its query."""
    return f"{reverse(f'mailing_list:{name}')}?t={token}"


def absolute(path: str) -> str:
    """``path`` with the site's own address before it, whatever host a request came by."""
    return f"{settings.BASE_URL}{path}"
