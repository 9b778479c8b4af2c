"""Topics, subscriptions, consent."""

from .consent import ConsentEvent, Suppression, Wording
from .staff import StaffAct, UploadedList
from .subscriptions import Frequency, Subscription, Token
from .topics import Topic
from .upkeep import Attempt, Breaker, ImportBatch

__all__ = [
    "Attempt",
    "Breaker",
    "ConsentEvent",
    "Frequency",
    "ImportBatch",
    "StaffAct",
    "Subscription",
    "Suppression",
    "Token",
    "Topic",
    "UploadedList",
    "Wording",
]
