from .abuse import CircuitBreaker, FormAttempt
from .consent import ConsentEvent, ConsentWording, Suppression
from .staff import ImportBatch, StaffAction, UploadedList
from .subscriptions import Frequency, Subscription, Token, Topic

__all__ = [
    "CircuitBreaker",
    "ConsentEvent",
    "ConsentWording",
    "FormAttempt",
    "Frequency",
    "ImportBatch",
    "StaffAction",
    "Subscription",
    "Suppression",
    "Token",
    "Topic",
    "UploadedList",
]
