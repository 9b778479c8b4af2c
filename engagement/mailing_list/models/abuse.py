"""What protects the public forms: a record of their use, and the circuit breakers."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel


class FormAttempt(NonContentModel):
    """One use of a form that can cause an email, by keyed hashes only. Deleted after some days."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    #: Of the /24 or /64 that it came from.
    network_hash = models.CharField(max_length=64, db_index=True)
    domain_hash = models.CharField(max_length=64, db_index=True)
    #: What came of it: a word from a fixed list, such as ``queued`` or ``capped``.
    outcome = models.CharField(max_length=20)
    #: When the email that it caused was composed; empty while it waits, and when there is none.
    mailed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.outcome}, {self.at:%Y-%m-%d %H:%M}"


class CircuitBreaker(NonContentModel):
    """Whether confirmations are held back because too many go unconfirmed: from one network, or from everywhere."""

    #: Of the /24 or /64; empty for the general one. Those of networks are deleted after some days.
    network_hash = models.CharField(max_length=64, blank=True, default="", unique=True)
    tripped_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    #: Who reset it last, and when.
    reset_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reset_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "Confirmations are held back" if self.tripped_at else "Confirmations go out"
