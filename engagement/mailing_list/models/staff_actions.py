"""What staff did with the list, and lists they are about to bring in."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import AuditEvent, NonContentModel

__all__ = ["StaffAction", "UploadedList"]


class StaffAction(AuditEvent):
    """One thing that staff did with people's data. Kept for good, so it holds no personal data of theirs."""

    class Action(models.TextChoices):
        ADDED = "added", "Added somebody by hand"
        ENDED = "ended", "Ended a subscription"
        PAUSED = "paused", "Paused a subscription"
        SUPPRESSED = "suppressed", "Suppressed an address"
        LIFTED = "lifted", "Lifted a suppression"
        ERASED = "erased", "Erased a person"
        IMPORTED = "imported", "Imported subscribers"
        EXPORTED = "exported", "Exported the list"
        CHECKED = "checked", "Looked an address up among the suppressed"
        RESET = "reset", "Let confirmations go out again"

    subject_field = "subscription"
    #: The subscription's uuid, as its row may be gone. Empty for what is about several people, or about none by name.
    subscription = models.UUIDField(null=True, blank=True, db_index=True)
    action = models.CharField(max_length=10, choices=Action.choices)
    #: How many people it was about.
    people = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-at", "-pk"]


class UploadedList(NonContentModel):
    """A file that somebody has put up and looked at, but not brought in yet. Deleted after a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.uuid}"
