"""Nothing that names somebody is kept longer than it is needed. Each rule says what goes, and when.

The account of what was sent and agreed to stays: it names nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from engagement.complaints import workflow
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import FormAttempt, Subscription, Token, UploadedList

__all__ = ["RULES", "Rule", "run"]

State = Subscription.State

#: Somebody who confirms too late is told so for a while.
EXPIRED_KEPT = timedelta(days=7)
ENDED_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=7)
TOKENS_KEPT = timedelta(days=7)
UPLOADS_KEPT = timedelta(days=1)
#: Addresses in the ledger of service mails, once nothing more will happen to a mail.
ADDRESSES_KEPT = timedelta(days=7)
#: Longer where a person has yet to find out whether a mail was sent.
UNKNOWN_KEPT = timedelta(days=30)
#: Rows touched in one statement.
BATCH = 1000

#: What a rule does: with ``dry_run`` it only counts.
RuleFunction = Callable[[datetime, bool], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes, in words, and the function that does it."""

    words: str
    work: RuleFunction


def run(*, dry_run: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Apply every rule, in order. How many rows each touched, or would touch. Running it again finds nothing."""
    at = now or timezone.now()
    return {rule.words: rule.work(at, dry_run) for rule in RULES}


def _expire(now: datetime, dry_run: bool) -> int:
    if dry_run:
        return subscription_service.due_to_expire(now).count()
    done = 0
    # It takes some at a time.
    while expired := subscription_service.expire_due():
        done += expired
    return done


def _delete_rule(rows: Callable[[datetime], QuerySet[Any]]) -> RuleFunction:
    """A rule that deletes ``rows``, some at a time, so that nobody waits for a long statement."""

    def work(now: datetime, dry_run: bool) -> int:
        found = rows(now)
        if dry_run:
            return found.count()
        done = 0
        while keys := list(found.order_by().values_list("pk", flat=True)[:BATCH]):
            found.model._default_manager.filter(pk__in=keys).delete()
            done += len(keys)
        return done

    return work


def _settled_mails(now: datetime) -> QuerySet[TransactionalEmail]:
    """Mails whose address, and what was typed into a form for them, nobody needs any more."""
    unknown = Q(state=TransactionalEmail.State.UNKNOWN)
    certain = Q(state__in=TransactionalEmail.SETTLED) & ~unknown
    due = Q(certain, settled_at__lt=now - ADDRESSES_KEPT) | Q(unknown, settled_at__lt=now - UNKNOWN_KEPT)
    return TransactionalEmail.objects.filter(due).exclude(address="", data={})


def _anonymise_mails(now: datetime, dry_run: bool) -> int:
    return _settled_mails(now).count() if dry_run else _settled_mails(now).update(address="", data={})


def _anonymise_complaints(now: datetime, dry_run: bool) -> int:
    return workflow.anonymise_old(now, dry_run=dry_run)


RULES = (
    Rule("sign-ups that nobody confirmed have expired", _expire),
    Rule(
        "expired sign-ups deleted",
        _delete_rule(lambda now: Subscription.objects.filter(state=State.EXPIRED, ended_at__lt=now - EXPIRED_KEPT)),
    ),
    Rule(
        "ended subscriptions deleted",
        _delete_rule(lambda now: Subscription.objects.filter(state=State.ENDED, ended_at__lt=now - ENDED_KEPT)),
    ),
    Rule("uses of the forms deleted", _delete_rule(lambda now: FormAttempt.objects.filter(at__lt=now - ATTEMPTS_KEPT))),
    Rule(
        "links deleted that were used or are too old",
        _delete_rule(
            lambda now: Token.objects.filter(
                Q(used_at__lt=now - TOKENS_KEPT) | Q(used_at=None, expires_at__lt=now - TOKENS_KEPT)
            )
        ),
    ),
    Rule(
        "files deleted that nobody imported",
        _delete_rule(lambda now: UploadedList.objects.filter(at__lt=now - UPLOADS_KEPT)),
    ),
    Rule("settled service mails emptied of their address", _anonymise_mails),
    Rule("answered complaints emptied", _anonymise_complaints),
)
