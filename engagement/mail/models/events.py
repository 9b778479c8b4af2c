"""What the mail provider reports back."""

from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel

__all__ = ["ProviderEvent"]


class ProviderEvent(NonContentModel):
    """One report about one mail. The same report may come twice; it counts once."""

    event_id = models.CharField(max_length=200, unique=True)
    #: The mail's own uuid, where the report names it, and the provider's name for it.
    email_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    #: The lane whose ledger has the mail. Empty: we know of no such mail, and staff see the report.
    stream = models.CharField(max_length=40, blank=True, db_index=True)
    kind = models.CharField(max_length=30)
    detail = models.CharField(max_length=200, blank=True)
    #: Whether it moved the mail's state: one that comes late, or says nothing about arrival, doesn't.
    applied = models.BooleanField(default=False)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
