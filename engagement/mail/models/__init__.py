"""The ledgers and what the runners share."""

from engagement.mail.models.events import ProviderEvent
from engagement.mail.models.outgoing import DeliveryState, OutgoingEmail
from engagement.mail.models.transactional import TransactionalEmail
from engagement.mail.models.workers import RateLimit, TaskRun, WorkerStatus

__all__ = [
    "DeliveryState",
    "OutgoingEmail",
    "ProviderEvent",
    "RateLimit",
    "TaskRun",
    "TransactionalEmail",
    "WorkerStatus",
]
