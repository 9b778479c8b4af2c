"""Everything held about one address: shown to whoever it belongs to, and erased when they ask.

Other rooms add what they hold: a function in a module called ``holdings`` of an app, under ``@holds("bulletins")``,
and one that erases it, under ``@erases("bulletins")``, where it names anybody.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.mailing_list import changes
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression
from engagement.post.addresses import address_hash
from engagement.post.models import ServiceMail

__all__ = ["erase", "erase_elsewhere", "erases", "everything_held", "holds", "is_named_elsewhere", "what_stays"]

#: Gives rows of plain data about the address with a hash.
Holding = Callable[[str], list[dict[str, Any]]]
_holdings: dict[str, Holding] = {}
#: Those of which less is shown to whoever only has a link that was mailed to the address.
_by_link: dict[str, Holding] = {}
#: Those of which nothing is erased, though they name the address.
_stays: set[str] = set()
#: Deletes what names an address elsewhere. Takes its hash; until when it counts, for what came later is somebody who
#: came back; and whether their own words go too. Gives how many rows went.
Eraser = Callable[[str, datetime, bool], int]
_erasers: dict[str, Eraser] = {}


def holds(name: str, by_link: Holding | None = None, *, names: bool = False) -> Callable[[Holding], Holding]:
    """Register a function that says what else is held about an address. Its rows go under ``name``.

    ``by_link`` says what of it is shown to whoever has a link that was mailed to the address: less, where nobody
    confirmed that the address is theirs. ``names`` says that the rows hold the address itself, though nothing erases
    them when somebody asks: such as complaints, which are kept until some time after their answer.
    """

    def register(holding: Holding) -> Holding:
        if name in _holdings:
            raise LookupError(f"There are two holdings called {name!r}.")
        _holdings[name] = holding
        _by_link[name] = by_link or holding
        if names:
            _stays.add(name)
        return holding

    return register


def erases(name: str) -> Callable[[Eraser], Eraser]:
    """Register a function that erases what else names an address. Its number goes under ``name``."""

    def register(eraser: Eraser) -> Eraser:
        if name in _erasers:
            raise LookupError(f"There are two erasers called {name!r}.")
        _erasers[name] = eraser
        return eraser

    return register


def everything_held(address: str, *, by_link: bool = False) -> dict[str, Any]:
    """All there is about an address, as plain data: a fixed number of queries, and ready for JSON.

    With ``by_link``, as far as a link that was mailed to the address shows it; else for staff, who ask who it is for.
    """
    hashed = address_hash(address)
    holdings = _by_link if by_link else _holdings
    subscriptions = Subscription.objects.filter(address_hash=hashed).order_by("pk").prefetch_related("topics")
    kept_out = Suppression.objects.filter(address_hash=hashed).first()
    return {
        "address": address,
        "subscriptions": [subscription.as_data() for subscription in subscriptions],
        "consent": [_event(event) for event in _events(hashed)],
        "kept_out": {"reason": str(kept_out), "at": kept_out.at.isoformat()} if kept_out else None,
        "service_mails": [
            {"kind": mail.kind, "state": mail.get_state_display(), "at": mail.created_at.isoformat()}
            for mail in ServiceMail.objects.filter(address_hash=hashed).order_by("pk")
        ],
        **{name: holding(hashed) for name, holding in sorted(holdings.items())},
    }


def is_named_elsewhere(hashed: str) -> bool:
    """Whether another room holds something that names the address of a hash."""
    return any(_by_link[name](hashed) for name in sorted({*_erasers, *_stays}) if name in _by_link)


def what_stays(hashed: str) -> list[str]:
    """The names of what holds the address of a hash, and is not erased when somebody asks: such as complaints."""
    return [name for name in sorted(_stays) if _by_link[name](hashed)]


@transaction.atomic
def erase(address: str, *, words: bool = False, evidence: changes.Evidence | None = None) -> dict[str, int]:
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
        changes.write_event(subscription, ConsentEvent.Action.ERASED, evidence or changes.Evidence("web"))
        erased["subscriptions"] += 1
    subscriptions.delete()
    erased |= erase_elsewhere(hashed, timezone.now(), words=words)
    changes.suppress(hashed, Suppression.Reason.ERASED)
    return erased


def _erase_mails(hashed: str) -> int:
    """Take the address out of all mails. None that isn't being handed over at this moment is sent any more."""
    mails = ServiceMail.objects.filter(address_hash=hashed)
    State = ServiceMail.State  # noqa: N806
    waiting = mails.filter(state__in=[State.PENDING, State.RETRY, State.CLAIMED])
    # Whoever had claimed one finds that it is theirs no longer.
    waiting.update(state=State.SKIPPED, reason="erased", settled_at=timezone.now(), claimed_by="", lease_until=None)
    return mails.exclude(address="").update(address="", data={})


def erase_elsewhere(hashed: str, until: datetime, *, words: bool = False) -> dict[str, int]:
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
