"""Limit guessing: count what was entered and opens nothing, by network and by what it was to open, within an hour."""

import hmac
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest
from django.utils import timezone

from engagement.feedback.models import WrongCode
from engagement.mailing_list.abuse import network_of

__all__ = ["has_guessed", "is_rate_limited", "network_hash", "record_wrong"]

WINDOW = timedelta(hours=1)


def network_hash(request: HttpRequest, purpose: str) -> str:
    """By what guesses are counted: a keyed hash of the network, for one purpose; empty where it isn't known."""
    network = network_of(request)
    return _keyed(f"{purpose}:{network}") if network else ""


def is_rate_limited(counted_by: str, most: int) -> bool:
    """Whether ``most`` wrong ones were recorded within the hour. One query."""
    recent = WrongCode.objects.filter(network_hash=counted_by, at__gt=timezone.now() - WINDOW)
    return recent[:most].count() >= most


def has_guessed(counted_by: str, most: int) -> Exists:
    """The same as part of another query."""
    recent = WrongCode.objects.filter(network_hash=counted_by, at__gt=timezone.now() - WINDOW)
    return Exists(recent.order_by("at")[most - 1 : most])


def record_wrong(counted_by: str, typed: str = "") -> None:
    """Record that something wrong was entered; with ``typed``, once within the hour however often that is tried."""
    typed_hash = _keyed(f"typed:{typed}") if typed else ""
    same = WrongCode.objects.filter(network_hash=counted_by, typed_hash=typed_hash, at__gt=timezone.now() - WINDOW)
    if not typed or not same.exists():
        WrongCode.objects.create(network_hash=counted_by, typed_hash=typed_hash)


def _keyed(value: str) -> str:
    return hmac.new(settings.ADDRESS_KEY.encode(), value.encode(), sha256).hexdigest()
