"""Mails that somebody waits for: put into the ledger by a view, composed when they are sent."""

from collections.abc import Callable
from typing import Any

from engagement.mail.addresses import address_hash
from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail

__all__ = ["compose", "composer", "failure_handler", "notify_failure_handlers", "queue_email"]

Composer = Callable[[TransactionalEmail], Message | Skip | Defer]
_composers: dict[str, Composer] = {}
FailureHandler = Callable[[TransactionalEmail], None]
_failure_handlers: list[FailureHandler] = []


def queue_email(kind: str, address: str, *, object_id: str = "", **data: Any) -> TransactionalEmail:
    """Put a mail into the ledger: one insert, and nothing sent. It goes out once the transaction is committed.

    ``kind`` names the composer, ``about`` and ``data`` are for it. Raises LookupError for an unknown kind.
    """
    if kind not in _composers:
        raise LookupError(f"No composer for mails of the kind {kind!r}.")
    return TransactionalEmail.objects.create(
        kind=kind, address=address, address_hash=address_hash(address), object_id=object_id, data=data
    )


def composer(kind: str) -> Callable[[Composer], Composer]:
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


def failure_handler(listener: FailureHandler) -> FailureHandler:
    """Register a function that hears, in that transaction, of service mails that failed, bounced or were reported."""
    _failure_handlers.append(listener)
    return listener


def notify_failure_handlers(mail: TransactionalEmail) -> None:
    """Tell all who want to hear of it."""
    for listener in _failure_handlers:
        listener(mail)


def compose(mail: TransactionalEmail) -> Message | Skip | Defer:
    """What ``mail`` says. A kind that is gone, after an update, is skipped."""
    composer = _composers.get(mail.kind)
    return composer(mail) if composer else Skip("no-composer")
