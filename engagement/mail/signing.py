"""Signatures for links that stay valid for years. ``SECRET_KEY`` plays no part: it may change at any time.

The first of ``LINK_KEYS`` signs, and all of them are accepted, so that a key can be changed while old links are in use.
"""

import hmac

from django.conf import settings

__all__ = ["is_valid_signature", "sign", "signatures"]


def sign(purpose: str, data: bytes, length: int) -> bytes:
    """The first ``length`` bytes of an HMAC-SHA256 over ``data`` and its purpose."""
    return hmac.digest(settings.LINK_KEYS[0].encode(), f"{purpose}:".encode() + data, "sha256")[:length]


def signatures(purpose: str, data: bytes, length: int) -> list[bytes]:
    """The signature by each of our keys, the one that signs now first."""
    message = f"{purpose}:".encode() + data
    return [hmac.digest(key.encode(), message, "sha256")[:length] for key in settings.LINK_KEYS]


def is_valid_signature(purpose: str, data: bytes, signature: bytes, length: int) -> bool:
    """Whether ``signature`` is one of ours, of that length, for ``data`` and that purpose."""
    # Every key is tried, so that the time it takes tells nothing.
    matches = [hmac.compare_digest(valid, signature) for valid in signatures(purpose, data, length)]
    return any(matches)
