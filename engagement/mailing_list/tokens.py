"""Links sent by mail that are good for one purpose and for a while. Only what they hash to is kept."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from hashlib import sha256

from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.models import Subscription, Token

__all__ = ["LIFETIMES", "TokenLookup", "TokenProblem", "create_token", "find_token"]

Purpose = Token.Purpose

LIFETIMES = {Purpose.CONFIRM: timedelta(days=7), Purpose.PREFERENCES: timedelta(hours=2)}


class TokenProblem(Enum):
    """Why a link doesn't work."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class TokenLookup:
    """What a link turned out to be. Either ``token`` is good, or ``trouble`` says why there is none to use."""

    token: Token | None
    trouble: TokenProblem | None

    @property
    def status(self) -> int:
        """The status of the page that says so: 410 for a link that once worked, 404 for one that never did."""
        if self.trouble is None:
            return 200
        return 404 if self.trouble is TokenProblem.UNKNOWN else 410


def create_token(holder: Subscription | TransactionalEmail, purpose: Purpose) -> str:
    """A new link's secret, 43 characters for 32 random bytes. Keep it nowhere: it goes into the mail.

    It is for whoever has a subscription; or, for somebody without one, for whom the mail itself goes to.
    """
    raw = secrets.token_urlsafe(32)
    whose = {"subscription": holder} if isinstance(holder, Subscription) else {"mail": holder}
    Token.objects.create(**whose, purpose=purpose, digest=_digest(raw), expires_at=timezone.now() + LIFETIMES[purpose])
    return raw


def find_token(purpose: Purpose, raw: str) -> TokenLookup:
    """The token that ``raw``, whatever it is, stands for. Changes nothing. One query."""
    token = Token.objects.select_related("subscription", "mail").filter(purpose=purpose, digest=_digest(raw)).first()
    if token is None:
        return TokenLookup(None, TokenProblem.UNKNOWN)
    # Used before expired: "you confirmed already" helps more than "it is too old".
    if token.used_at is not None:
        return TokenLookup(None, TokenProblem.USED)
    if token.expires_at <= timezone.now():
        return TokenLookup(None, TokenProblem.EXPIRED)
    return TokenLookup(token, None)


def _digest(raw: str) -> str:
    # A query may hold half a character, which no token has and which can't be encoded.
    return sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
