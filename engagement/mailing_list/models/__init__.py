"""Topics, subscriptions, consent."""

from engagement.mailing_list.models.abuse import CircuitBreaker, FormAttempt, ImportBatch
from engagement.mailing_list.models.consent import ConsentEvent, ConsentWording, Suppression
from engagement.mailing_list.models.staff_actions import StaffAction, UploadedList

from .subscriptions import Frequency, Subscription, Token
from .topics import Topic

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
