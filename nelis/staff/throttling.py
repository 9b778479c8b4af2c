"""Limit guessing of passwords and codes, by account and by network, counted in the database for all processes."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from engagement.mailing_list.abuse import keyed_hash, network_of
from nelis.staff.models import FailedSignIn

__all__ = ["KEPT_FOR", "PER_ACCOUNT", "PER_NETWORK", "WINDOW", "record_failure", "refuse_if_throttled"]

#: Failures within the window, after which no further attempt is looked at.
PER_ACCOUNT = 10
PER_NETWORK = 50
WINDOW = timedelta(minutes=15)
#: How long administrators see them.
KEPT_FOR = timedelta(days=30)

TOO_MANY = "Too many attempts failed. Wait a quarter of an hour, then try again. A passkey works meanwhile."


def refuse_if_throttled(request: HttpRequest, username: str) -> None:
    """Raise ValidationError if too many attempts for the account, or from the network, failed. One query."""
    by_account, by_network = _counted_by(request, username)
    since = timezone.now() - WINDOW
    counted = Q(account_hash=by_account)
    if by_network:
        counted |= Q(network_hash=by_network)
    recent = FailedSignIn.objects.filter(counted, at__gt=since).values_list("account_hash", "network_hash")
    hashes = list(recent[: PER_ACCOUNT + PER_NETWORK])
    of_account = sum(account == by_account for account, _ in hashes)
    from_network = sum(network == by_network for _, network in hashes if by_network)
    if of_account >= PER_ACCOUNT or from_network >= PER_NETWORK:
        raise ValidationError(TOO_MANY, code="too_many_attempts")


def record_failure(request: HttpRequest, username: str, step: str) -> None:
    """Record that an attempt failed, whether or not there is such an account."""
    by_account, by_network = _counted_by(request, username)
    account = get_user_model().objects.filter(username=username).first()
    FailedSignIn.objects.create(step=step, account=account, account_hash=by_account, network_hash=by_network)


def _counted_by(request: HttpRequest, username: str) -> tuple[str, str]:
    return keyed_hash("sign-in", username.strip().lower() or "-"), keyed_hash("sign-in-network", network_of(request))
