"""Links in emails: permanent ones, behind which no database row stands, and those with a token that expires.

A permanent token is 32 bytes: the first half of the address's keyed hash, and the first half of an HMAC-SHA256 over it
and its purpose, with the first of ``LINK_KEYS``. All of these keys are accepted, so that a key can be changed while old
emails are still in people's mailboxes. ``SECRET_KEY`` plays no part.

A token that expires is random. Only its SHA-256 is stored.

Both stand in the query of a URL and not in its path, because the path is what logs write down.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import timedelta
from hashlib import sha256

from django.urls import reverse
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mail.signing import is_valid_signature, sign
from engagement.mailing_list.models import Subscription, Token
from nelis.core.site_address import absolute_url

Purpose = Token.Purpose

#: What a permanent link is for: unsubscribing, or asking for a link to one's preferences. Also the URL names.
UNSUBSCRIBE, PREFERENCES_LINK = "unsubscribe", "preferences_link"
#: How long tokens can be used.
LIFETIMES = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.PREFERENCES: timedelta(hours=2),
    Purpose.NEW_ADDRESS: timedelta(days=2),
}
_HALF_LENGTH = 16
#: As long as 32 bytes are when they are written in base64 without padding.
_TOKEN_LENGTH = 43


class LinkError(Exception):
    """Raised for a link that doesn't work. ``problem`` is ``unknown``, ``used`` or ``expired``.

    A link that was used did what it should: its page says so, and your current choices now.
    """

    def __init__(self, problem: str = "unknown", token: Token | None = None) -> None:
        super().__init__(problem)
        self.problem, self.token = problem, token

    @property
    def status(self) -> int:
        """The HTTP status of the page that says so: 410 for a link that once worked, 404 for one that never did."""
        return {"unknown": 404, "used": 200}.get(self.problem, 410)


def permanent_token(purpose: str, address_hash: str) -> str:
    """The token, 43 characters from A–Z, a–z, 0–9, - and _, for a subscriber known by ``address_hash``."""
    half_hash = bytes.fromhex(address_hash)[:_HALF_LENGTH]
    return urlsafe_b64encode(half_hash + sign(purpose, half_hash, _HALF_LENGTH)).decode().rstrip("=")


def read_permanent_token(purpose: str, token: str) -> str:
    """The first half (32 hexadecimal digits) of the address hash that ``token`` is for. Raises LinkError."""
    if len(token) != _TOKEN_LENGTH:
        raise LinkError
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=")
    except (NotBase64, UnicodeEncodeError, ValueError):
        raise LinkError from None
    half_hash, signature = raw[:_HALF_LENGTH], raw[_HALF_LENGTH:]
    if len(raw) != 2 * _HALF_LENGTH or not is_valid_signature(purpose, half_hash, signature, _HALF_LENGTH):
        raise LinkError
    return half_hash.hex()


def create_token(holder: Subscription | TransactionalEmail, purpose: Purpose) -> str:
    """Create a token that expires, 43 characters for 32 random bytes. Keep it nowhere: it goes into the email.

    It is for the holder of a subscription; or, for whoever isn't one, or not yet at that address, for whom the email
    itself goes to.
    """
    raw = secrets.token_urlsafe(32)
    field = {"subscription": holder} if isinstance(holder, Subscription) else {"mail": holder}
    Token.objects.create(**field, purpose=purpose, digest=_digest(raw), expires_at=timezone.now() + LIFETIMES[purpose])
    return raw


def find_token(purpose: Purpose, raw: str) -> Token:
    """Find the token for ``raw``, whatever that is, and change nothing. One query. Raises LinkError."""
    token = Token.objects.select_related("subscription", "mail").filter(purpose=purpose, digest=_digest(raw)).first()
    if token is None:
        raise LinkError
    # Used before expired: "you confirmed already" helps more than "it is too old".
    if token.used_at is not None:
        raise LinkError("used", token)
    if token.expires_at <= timezone.now():
        raise LinkError("expired")
    return token


def _digest(raw: str) -> str:
    # A query may hold half a character, which no token has and which can't be encoded.
    return sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def permanent_url(purpose: str, address_hash: str) -> str:
    """The absolute URL of a permanent link."""
    return absolute_url(path_with_token(purpose, permanent_token(purpose, address_hash)))


def token_url(holder: Subscription | TransactionalEmail, purpose: Purpose) -> str:
    """The absolute URL of a link with a new token that expires."""
    return absolute_url(path_with_token(str(purpose.value), create_token(holder, purpose)))


def path_with_token(url_name: str, token: str) -> str:
    """The path of a page of the mailing list, with ``token`` in its query."""
    return f"{reverse(f'mailing_list:{url_name}')}?t={token}"
