"""The stream of emails that somebody waits for: queued by a view, composed when they are sent. It comes first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from engagement.mail.addresses import address_hash
from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.streams import MessageStream, register_stream

__all__ = [
    "TRANSACTIONAL",
    "compose",
    "composer",
    "failure_handler",
    "notify_staff",
    "queue_email",
    "queue_notice",
    "staff_with_permission",
]

#: Nobody gets more than one notice of a kind in this time.
NOTICE_INTERVAL = timedelta(hours=1)

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


def queue_notice(kind: str, address: str, *, object_id: str = "", every: timedelta = NOTICE_INTERVAL) -> None:
    """Queue an email about the state of things when it is sent, unless one waits: one in each interval at most."""
    notices = TransactionalEmail.objects.filter(kind=kind, address_hash=address_hash(address))
    last = notices.order_by("-due_at").first()
    if last and last.state in (TransactionalEmail.State.PENDING, TransactionalEmail.State.RETRY):
        return
    email = queue_email(kind, address, object_id=object_id)
    if last and last.due_at + every > email.due_at:
        TransactionalEmail.objects.filter(pk=email.pk).update(due_at=last.due_at + every)


def notify_staff(kind: str, permission: str) -> None:
    """Queue a notice to each member of staff who has a permission, and an email address."""
    for user in staff_with_permission(permission):
        queue_notice(kind, user.email)


def staff_with_permission(permission: str) -> list[Any]:
    """Those who may sign in, have a permission, and have an email address; superusers among them."""
    return list(get_user_model().objects.with_perm(permission).exclude(email="").order_by("pk"))


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


def _retryable(emails: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out emails whose address is deleted."""
    return emails.exclude(address="")


TRANSACTIONAL = MessageStream(
    "transactional",
    TransactionalEmail,
    compose,
    on_settled=_call_failure_handlers,
    notify_on=TransactionalEmail.FAILURE_STATES,
    retryable=_retryable,
    priority=0,
)
register_stream(TRANSACTIONAL)
