"""Signatures for links that stay valid for years. ``SECRET_KEY`` plays no part: it may change at any time.

The first of ``LINK_KEYS`` signs, and all of them are accepted, so that a key can be changed while old links are in use.
"""

import hmac
from hashlib import sha256

from django.conf import settings

__all__ = ["is_valid_signature", "sign"]


def sign(purpose: str, data: bytes, length: int) -> bytes:
    """The first ``length`` bytes of an HMAC-SHA256 over ``data`` and its purpose."""
    return _signature(settings.LINK_KEYS[0], purpose, data, length)


def is_valid_signature(purpose: str, data: bytes, signature: bytes, length: int) -> bool:
    """Whether ``signature`` is one of ours, of that length, for ``data`` and that purpose."""
    # Every key is tried, so that the time it takes tells nothing.
    genuine = [hmac.compare_digest(_signature(key, purpose, data, length), signature) for key in settings.LINK_KEYS]
    return any(genuine)


def _signature(key: str, purpose: str, data: bytes, length: int) -> bytes:
    return hmac.new(key.encode(), f"{purpose}:".encode() + data, sha256).digest()[:length]
