"""Limit guessing: count what was entered and opens nothing, by network and by what it was to open, within an hour."""

from datetime import timedelta

from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from engagement.feedback.models import WrongCode
from engagement.mailing_list.abuse import keyed_hash, network_of

__all__ = ["has_guessed", "is_rate_limited", "network_hash", "record_wrong"]

WINDOW = timedelta(hours=1)


def network_hash(request: HttpRequest, purpose: str) -> str:
    """By what guesses are counted: a keyed hash of the network, for one purpose; empty where it isn't known."""
    return keyed_hash(purpose, network_of(request))


def is_rate_limited(counted_by: str, most: int) -> bool:
    """Whether ``most`` wrong ones were recorded within the hour. One query."""
    return _recent(counted_by)[:most].count() >= most


def has_guessed(counted_by: str, most: int) -> Exists:
    """The same as part of another query."""
    return Exists(_recent(counted_by).order_by("at")[most - 1 : most])


def record_wrong(counted_by: str, typed: str = "") -> None:
    """Record that something wrong was entered; with ``typed``, once within the hour however often that is tried."""
    typed_hash = keyed_hash("typed", typed)
    if not typed or not _recent(counted_by).filter(typed_hash=typed_hash).exists():
        WrongCode.objects.create(network_hash=counted_by, typed_hash=typed_hash)


def _recent(counted_by: str) -> QuerySet[WrongCode]:
    return WrongCode.objects.filter(network_hash=counted_by, at__gt=timezone.now() - WINDOW)
