"""Topics, subscriptions, consent."""

from .consent import ConsentEvent, Suppression, Wording
from .subscriptions import Frequency, Subscription, Token
from .topics import Topic
from .upkeep import Attempt, Breaker, ImportBatch

__all__ = [
    "Attempt",
    "Breaker",
    "ConsentEvent",
    "Frequency",
    "ImportBatch",
    "Subscription",
    "Suppression",
    "Token",
    "Topic",
    "Wording",
]
