"""What the mail provider reports back."""

from django.db import models
from django.utils import timezone

from nelis.core.models.records import Bookkeeping

__all__ = ["ProviderEvent"]


class ProviderEvent(Bookkeeping):
    """One report about one mail. The same report may come twice; it counts once."""

    event_id = models.CharField(max_length=200, unique=True)
    #: The mail's own uuid, where the report names it; else nothing is changed, and staff see the report.
    mail = models.UUIDField(null=True, blank=True, db_index=True)
    kind = models.CharField(max_length=30)
    detail = models.CharField(max_length=200, blank=True)
    #: Whether a mail was found and its state moved.
    applied = models.BooleanField(default=False)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
