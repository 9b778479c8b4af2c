"""The registry of personal data: what each app holds about an address, shown to its holder and erased when they ask.

An app registers functions in a module called ``personal_data``, which is imported at start: a ``data_provider`` for
what it holds, and an ``eraser`` where that names anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression
from nelis.core.sqlite import erase_from_log_on_commit

#: Gives rows of plain data about the address with a hash.
Rows = Callable[[str], list[dict[str, Any]]]
#: Deletes what names the address with a hash, and gives how many rows went. Takes the hash; until when it counts, for
#: what came later is somebody who came back; and whether their answers go too.
Eraser = Callable[[str, datetime, bool], int]


@dataclass(frozen=True, slots=True)
class Provider:
    """What an app holds: in full for staff, and as far as a link that was mailed to the address shows it."""

    rows: Rows
    rows_for_link: Rows
    is_retained: bool


_providers: dict[str, Provider] = {}
_erasers: dict[str, Eraser] = {}


def data_provider(name: str, *, for_link: Rows | None = None, is_retained: bool = False) -> Callable[[Rows], Rows]:
    """Register a function that gives what an app holds about an address, under ``name``.

    ``for_link`` gives less, for whoever only has a link that was mailed to the address: where nobody confirmed that it
    is theirs. ``is_retained`` says that the rows hold the address and aren't erased when somebody asks, such as
    complaints.
    """

    def register(rows: Rows) -> Rows:
        if name in _providers:
            raise LookupError(f"There are two data providers called {name!r}.")
        _providers[name] = Provider(rows, for_link or rows, is_retained)
        return rows

    return register


def eraser(name: str) -> Callable[[Eraser], Eraser]:
    """Register a function that erases what names an address, under ``name``."""

    def register(function: Eraser) -> Eraser:
        if name in _erasers:
            raise LookupError(f"There are two erasers called {name!r}.")
        _erasers[name] = function
        return function

    return register


def collect_data(address: str, *, for_link: bool = False) -> dict[str, Any]:
    """Collect all that is held about an address, as plain data ready for JSON, in a fixed number of queries.

    With ``for_link``, as far as a link that was mailed to the address shows it; else for staff, who ask who it is for.
    """
    hashed = address_hash(address)
    subscriptions = Subscription.objects.filter(address_hash=hashed).order_by("pk").prefetch_related("topics")
    # With what they did before they changed their address.
    theirs = Q(address_hash=hashed) | Q(subscription__in=subscriptions.values("uuid"))
    events = ConsentEvent.objects.filter(theirs).select_related("wording").order_by("pk")
    suppression = Suppression.objects.filter(address_hash=hashed).first()
    emails = TransactionalEmail.objects.filter(address_hash=hashed).order_by("pk")
    return {
        "address": address,
        "subscriptions": [subscription.as_dict() for subscription in subscriptions],
        "consent": [event.as_dict() for event in events],
        "kept_out": {"reason": str(suppression), "at": suppression.at.isoformat()} if suppression else None,
        "service_mails": [
            {"kind": email.kind, "state": email.get_state_display(), "at": email.created_at.isoformat()}
            for email in emails
        ],
        **{
            name: provider.rows_for_link(hashed) if for_link else provider.rows(hashed)
            for name, provider in sorted(_providers.items())
        },
    }


def is_held_elsewhere(hashed: str) -> bool:
    """Whether another app holds something that names the address with a hash."""
    return any(
        provider.rows_for_link(hashed)
        for name, provider in sorted(_providers.items())
        if provider.is_retained or name in _erasers
    )


def retained_by(hashed: str) -> list[str]:
    """The names of the providers that hold the address with a hash and keep it when somebody asks to be erased."""
    return [name for name, found in sorted(_providers.items()) if found.is_retained and found.rows_for_link(hashed)]


@transaction.atomic
def erase(
    address: str, *, with_answers: bool = False, evidence: subscription_service.Evidence | None = None
) -> dict[str, int]:
    """Delete what names an address, and suppress it. How many rows of what went.

    With ``with_answers``, also what its holder wrote, such as answers to feedback; else that stays, without a name.
    What stays holds no address (consent events, the record of what was sent, a keyed hash among the suppressed),
    except what ``retained_by`` names. ``evidence`` says how it was asked for: on the web, unless told otherwise.
    """
    hashed = address_hash(address)
    # Emails first, as their composers do: one that a worker has in hand either made its subscription before this, which
    # is deleted then, or finds its address gone.
    erased = {"subscriptions": 0, "service_mails": _erase_emails(hashed)}
    subscriptions = Subscription.objects.select_for_update().filter(address_hash=hashed)
    for subscription in subscriptions:
        subscription_service.record_event(
            subscription, ConsentEvent.Action.ERASED, evidence or subscription_service.Evidence("web")
        )
        erased["subscriptions"] += 1
    subscriptions.delete()
    erased |= run_erasers(hashed, timezone.now(), with_answers=with_answers)
    subscription_service.suppress(hashed, Suppression.Reason.ERASED)
    erase_from_log_on_commit()
    return erased


def run_erasers(hashed: str, until: datetime, *, with_answers: bool = False) -> dict[str, int]:
    """Delete what other apps hold that names the address with a hash, as far as it came in by ``until``."""
    return {name: function(hashed, until, with_answers) for name, function in sorted(_erasers.items())}


def _erase_emails(hashed: str) -> int:
    """Take the address out of all emails. None that isn't being sent at this moment is sent any more."""
    emails = TransactionalEmail.objects.filter(address_hash=hashed)
    State = TransactionalEmail.State  # noqa: N806
    waiting = emails.filter(state__in=[State.PENDING, State.RETRY, State.CLAIMED])
    # A worker that had claimed one finds that the claim is gone.
    waiting.update(state=State.SKIPPED, reason="erased", settled_at=timezone.now(), claimed_by="", lease_until=None)
    return emails.exclude(address="").update(address="", data={})
