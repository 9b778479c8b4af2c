"""Retention: rules that delete or anonymise what names somebody and is kept long enough.

Rules of all apps run once a day, and by ``manage.py retention``. The record of what was sent and agreed to stays: it
names nobody.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import circuit_breaker, subscription_service
from engagement.mailing_list.models import CircuitBreaker, FormAttempt, Subscription, Token, UploadedList
from nelis.core.query_utils import delete_in_batches

#: Applies a rule as of a moment. With ``dry_run`` it only counts.
Rule = Callable[[datetime, bool], int]
#: By what goes, in words. Applied in this order.
_rules: dict[str, Rule] = {}

State = Subscription.State

#: Counted from when a sign-up expired, which ``links.LIFETIMES`` decides. Who confirms too late is told so, while the
#: link is kept (``TOKENS_KEPT``).
EXPIRED_KEPT = timedelta(days=7)
ENDED_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=7)
TOKENS_KEPT = timedelta(days=7)
UPLOADS_KEPT = timedelta(days=1)
#: Addresses in transactional emails, once nothing more will happen to one.
ADDRESSES_KEPT = timedelta(days=7)
#: Longer where a person has yet to find out whether an email was sent.
UNKNOWN_KEPT = timedelta(days=30)


def retention_rule(words: str) -> Callable[[Rule], Rule]:
    """Register a rule. ``words`` say what it does to the rows it counts."""

    def register(rule: Rule) -> Rule:
        if words in _rules:
            raise LookupError(f"There are two rules of retention called {words!r}.")
        _rules[words] = rule
        return rule

    return register


def run(*, dry_run: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Apply every rule, in order. How many rows each touched, or would touch. Running it again finds nothing."""
    at = now or timezone.now()
    return {words: rule(at, dry_run) for words, rule in _rules.items()}


@retention_rule("sign-ups that nobody confirmed have expired")
def _expire(now: datetime, dry_run: bool) -> int:
    if dry_run:
        return subscription_service.due_to_expire(now).count()
    done = 0
    # It takes some at a time.
    while expired := subscription_service.expire_due():
        done += expired
    return done


@retention_rule("expired sign-ups deleted")
def _delete_expired(now: datetime, dry_run: bool) -> int:
    return delete_in_batches(
        Subscription.objects.filter(state=State.EXPIRED, ended_at__lt=now - EXPIRED_KEPT), dry_run=dry_run
    )


@retention_rule("ended subscriptions deleted")
def _delete_ended(now: datetime, dry_run: bool) -> int:
    return delete_in_batches(
        Subscription.objects.filter(state=State.ENDED, ended_at__lt=now - ENDED_KEPT), dry_run=dry_run
    )


@retention_rule("uses of the forms deleted")
def _delete_attempts(now: datetime, dry_run: bool) -> int:
    return delete_in_batches(FormAttempt.objects.filter(at__lt=now - ATTEMPTS_KEPT), dry_run=dry_run)


@retention_rule("circuit breakers of networks deleted")
def _delete_breakers(now: datetime, dry_run: bool) -> int:
    """Once their attempts are gone and nothing waits for them, they name a network for nothing."""
    old = CircuitBreaker.objects.exclude(network_hash=circuit_breaker.GENERAL).filter(
        Q(tripped_at=None, reset_at__lt=now - ATTEMPTS_KEPT) | Q(tripped_at__lt=now - ATTEMPTS_KEPT)
    )
    idle = [breaker.pk for breaker in old if not circuit_breaker.held_confirmations(breaker.network_hash).exists()]
    return delete_in_batches(CircuitBreaker.objects.filter(pk__in=idle), dry_run=dry_run)


@retention_rule("links deleted that were used or are too old")
def _delete_tokens(now: datetime, dry_run: bool) -> int:
    end = now - TOKENS_KEPT
    return delete_in_batches(
        Token.objects.filter(Q(used_at__lt=end) | Q(used_at=None, expires_at__lt=end)), dry_run=dry_run
    )


@retention_rule("files deleted that nobody imported")
def _delete_uploads(now: datetime, dry_run: bool) -> int:
    return delete_in_batches(UploadedList.objects.filter(at__lt=now - UPLOADS_KEPT), dry_run=dry_run)


@retention_rule("settled service mails emptied of their address")
def _anonymise_emails(now: datetime, dry_run: bool) -> int:
    """Take out the address, and what was typed into a form for the email, once nobody needs them."""
    settled = _settled_emails(now)
    return settled.count() if dry_run else settled.update(address="", data={})


def _settled_emails(now: datetime) -> QuerySet[TransactionalEmail]:
    unknown = Q(state=TransactionalEmail.State.UNKNOWN)
    certain = Q(state__in=TransactionalEmail.SETTLED) & ~unknown
    due = Q(certain, settled_at__lt=now - ADDRESSES_KEPT) | Q(unknown, settled_at__lt=now - UNKNOWN_KEPT)
    return TransactionalEmail.objects.filter(due).exclude(address="", data={})
