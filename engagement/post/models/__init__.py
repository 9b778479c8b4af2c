"""The ledgers and what the runners share."""

from .events import ProviderEvent
from .outgoing import Outgoing, State
from .runners import JobRun, RateLimit, Runner
from .service import ServiceMail

__all__ = ["JobRun", "Outgoing", "ProviderEvent", "RateLimit", "Runner", "ServiceMail", "State"]
