"""Everything held about one address: shown to whoever it belongs to, and erased when they ask.

Other rooms add what they hold: a function in a module called ``holdings`` of an app, under ``@holds("bulletins")``,
and one that erases it, under ``@erases("bulletins")``, where it names anybody.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression

__all__ = ["collect_data", "data_provider", "erase", "eraser", "is_held_elsewhere", "retained_by", "run_erasers"]

#: Gives rows of plain data about the address with a hash.
DataProvider = Callable[[str], list[dict[str, Any]]]
_providers: dict[str, DataProvider] = {}
#: Those of which less is shown to whoever only has a link that was mailed to the address.
_link_providers: dict[str, DataProvider] = {}
#: Those of which nothing is erased, though they name the address.
_retaining: set[str] = set()
#: Deletes what names an address elsewhere. Takes its hash; until when it counts, for what came later is somebody who
#: came back; and whether their own words go too. Gives how many rows went.
Eraser = Callable[[str, datetime, bool], int]
_erasers: dict[str, Eraser] = {}


def data_provider(
    name: str, for_link: DataProvider | None = None, *, names: bool = False
) -> Callable[[DataProvider], DataProvider]:
    """Register a function that says what else is held about an address. Its rows go under ``name``.

    ``by_link`` says what of it is shown to whoever has a link that was mailed to the address: less, where nobody
    confirmed that the address is theirs. ``names`` says that the rows hold the address itself, though nothing erases
    them when somebody asks: such as complaints, which are kept until some time after their answer.
    """

    def register(holding: DataProvider) -> DataProvider:
        if name in _providers:
            raise LookupError(f"There are two holdings called {name!r}.")
        _providers[name] = holding
        _link_providers[name] = for_link or holding
        if names:
            _retaining.add(name)
        return holding

    return register


def eraser(name: str) -> Callable[[Eraser], Eraser]:
    """Register a function that erases what else names an address. Its number goes under ``name``."""

    def register(eraser: Eraser) -> Eraser:
        if name in _erasers:
            raise LookupError(f"There are two erasers called {name!r}.")
        _erasers[name] = eraser
        return eraser

    return register


def collect_data(address: str, *, for_link: bool = False) -> dict[str, Any]:
    """All there is about an address, as plain data: a fixed number of queries, and ready for JSON.

    With ``by_link``, as far as a link that was mailed to the address shows it; else for staff, who ask who it is for.
    """
    hashed = address_hash(address)
    holdings = _link_providers if for_link else _providers
    subscriptions = Subscription.objects.filter(address_hash=hashed).order_by("pk").prefetch_related("topics")
    kept_out = Suppression.objects.filter(address_hash=hashed).first()
    return {
        "address": address,
        "subscriptions": [subscription.as_dict() for subscription in subscriptions],
        "consent": [_event(event) for event in _events(hashed)],
        "kept_out": {"reason": str(kept_out), "at": kept_out.at.isoformat()} if kept_out else None,
        "service_mails": [
            {"kind": mail.kind, "state": mail.get_state_display(), "at": mail.created_at.isoformat()}
            for mail in TransactionalEmail.objects.filter(address_hash=hashed).order_by("pk")
        ],
        **{name: holding(hashed) for name, holding in sorted(holdings.items())},
    }


def is_held_elsewhere(hashed: str) -> bool:
    """Whether another room holds something that names the address of a hash."""
    return any(_link_providers[name](hashed) for name in sorted({*_erasers, *_retaining}) if name in _link_providers)


def retained_by(hashed: str) -> list[str]:
    """The names of what holds the address of a hash, and is not erased when somebody asks: such as complaints."""
    return [name for name in sorted(_retaining) if _link_providers[name](hashed)]


@transaction.atomic
def erase(
    address: str, *, words: bool = False, evidence: subscription_service.Evidence | None = None
) -> dict[str, int]:
    """Delete what names an address, and keep it out. Gives how many rows of what went.

    With ``words``, also what its holder wrote to us in their own words, such as answers; else that stays, without a
    name. What stays holds no address: consent events, the account of what was sent, and a keyed hash among the
    suppressed. But see ``what_stays``. ``evidence`` says how it was asked for: on the web, unless told otherwise.
    """
    hashed = address_hash(address)
    # Mails first, as their composers do: one that a runner has in hand either made its subscription before this, which
    # is deleted then, or finds its address gone.
    erased = {"subscriptions": 0, "service_mails": _erase_mails(hashed)}
    subscriptions = Subscription.objects.select_for_update().filter(address_hash=hashed)
    for subscription in subscriptions:
        subscription_service.record_event(
            subscription, ConsentEvent.Action.ERASED, evidence or subscription_service.Evidence("web")
        )
        erased["subscriptions"] += 1
    subscriptions.delete()
    erased |= run_erasers(hashed, timezone.now(), words=words)
    subscription_service.suppress(hashed, Suppression.Reason.ERASED)
    return erased


def _erase_mails(hashed: str) -> int:
    """Take the address out of all mails. None that isn't being handed over at this moment is sent any more."""
    mails = TransactionalEmail.objects.filter(address_hash=hashed)
    State = TransactionalEmail.State  # noqa: N806
    waiting = mails.filter(state__in=[State.PENDING, State.RETRY, State.CLAIMED])
    # Whoever had claimed one finds that it is theirs no longer.
    waiting.update(state=State.SKIPPED, reason="erased", settled_at=timezone.now(), claimed_by="", lease_until=None)
    return mails.exclude(address="").update(address="", data={})


def run_erasers(hashed: str, until: datetime, *, words: bool = False) -> dict[str, int]:
    """Delete what other rooms hold that names the address of a hash, as far as it came in by ``until``."""
    return {name: eraser(hashed, until, words) for name, eraser in sorted(_erasers.items())}


def _events(hashed: str) -> Any:
    return ConsentEvent.objects.filter(address_hash=hashed).select_related("wording").order_by("pk")


def _event(event: ConsentEvent) -> dict[str, Any]:
    return {
        "action": event.get_action_display(),
        "at": event.at.isoformat(),
        "topics": event.topics,
        "frequency": event.frequency,
        "wording": str(event.wording) if event.wording else "",
        "wording_text": event.wording.text if event.wording else "",
        "privacy_notice": event.privacy_notice,
        "page": event.page,
        "method": event.method,
        "evidence": event.evidence,
    }
