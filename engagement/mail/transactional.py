"""The stream of emails that somebody waits for: queued by a view, composed when they are sent. It comes first."""

from collections.abc import Callable
from typing import Any

from engagement.mail.addresses import address_hash
from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.streams import MessageStream, register_stream

__all__ = ["TRANSACTIONAL", "compose", "composer", "failure_handler", "queue_email"]

Composer = Callable[[TransactionalEmail], Message | Skip | Defer]
_composers: dict[str, Composer] = {}
FailureHandler = Callable[[TransactionalEmail], None]
_failure_handlers: list[FailureHandler] = []


def queue_email(kind: str, address: str, *, object_id: str = "", **data: Any) -> TransactionalEmail:
    """Queue an email: one insert, and nothing sent. It is sent once the transaction is committed.

    ``kind`` names the composer, ``object_id`` and ``data`` are for it. Raises LookupError for an unknown kind.
    """
    if kind not in _composers:
        raise LookupError(f"No composer for emails of the kind {kind!r}.")
    return TransactionalEmail.objects.create(
        kind=kind, address=address, address_hash=address_hash(address), object_id=object_id, data=data
    )


def composer(kind: str) -> Callable[[Composer], Composer]:
    """Register a function as the composer of ``kind``. Modules called ``emails`` in our apps are imported at start.

    A composer runs at the moment of sending, outside any transaction of a view: it checks again whether the email
    should be sent, and makes secrets such as the token of a confirmation only now, so that the outbox holds none.
    """

    def register(function: Composer) -> Composer:
        if kind in _composers:
            raise LookupError(f"There are two composers for emails of the kind {kind!r}.")
        _composers[kind] = function
        return function

    return register


def compose(email: TransactionalEmail) -> Message | Skip | Defer:
    """Call the composer. An email of a kind that is gone, after an update, is skipped."""
    function = _composers.get(email.kind)
    return function(email) if function else Skip("no-composer")


def failure_handler(function: FailureHandler) -> FailureHandler:
    """Register a function to be called, in that transaction, with each email that fails, bounces or is reported."""
    _failure_handlers.append(function)
    return function


def _call_failure_handlers(email: TransactionalEmail) -> None:
    for handle in _failure_handlers:
        handle(email)


TRANSACTIONAL = MessageStream(
    "transactional",
    TransactionalEmail,
    compose,
    on_settled=_call_failure_handlers,
    notify_on=TransactionalEmail.FAILURE_STATES,
    priority=0,
)
register_stream(TRANSACTIONAL)
