"""Mails that somebody waits for: put into the ledger by a view, composed when they are sent."""

from collections.abc import Callable
from typing import Any

from engagement.post.addresses import address_hash
from engagement.post.letters import Later, Letter, Skip
from engagement.post.models import ServiceMail

__all__ = ["compose", "composes", "queue", "reported", "when_reported"]

Composer = Callable[[ServiceMail], Letter | Skip | Later]
_composers: dict[str, Composer] = {}
Listener = Callable[[ServiceMail], None]
_listeners: list[Listener] = []


def queue(kind: str, address: str, *, about: str = "", **data: Any) -> ServiceMail:
    """Put a mail into the ledger: one insert, and nothing sent. It goes out once the transaction is committed.

    ``kind`` names the composer, ``about`` and ``data`` are for it. Raises LookupError for an unknown kind.
    """
    if kind not in _composers:
        raise LookupError(f"No composer for mails of the kind {kind!r}.")
    return ServiceMail.objects.create(
        kind=kind, address=address, address_hash=address_hash(address), about=about, data=data
    )


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Register a function as the composer of ``kind``. Modules called ``mails`` of our apps are imported at start.

    A composer runs at the moment of sending, outside any transaction of a view: it checks again whether the mail
    should go, and makes secrets such as the token of a confirmation only now, so that none lies in the ledger.
    """

    def register(composer: Composer) -> Composer:
        if kind in _composers:
            raise LookupError(f"There are two composers for mails of the kind {kind!r}.")
        _composers[kind] = composer
        return composer

    return register


def when_reported(listener: Listener) -> Listener:
    """Register a function that hears, in that transaction, of service mails that failed, bounced or were reported."""
    _listeners.append(listener)
    return listener


def reported(mail: ServiceMail) -> None:
    """Tell all who want to hear of it."""
    for listener in _listeners:
        listener(mail)


def compose(mail: ServiceMail) -> Letter | Skip | Later:
    """What ``mail`` says. A kind that is gone, after an update, is skipped."""
    composer = _composers.get(mail.kind)
    return composer(mail) if composer else Skip("no-composer")
