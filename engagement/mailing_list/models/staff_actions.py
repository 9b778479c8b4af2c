"""What staff did with the list, and lists they are about to bring in."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import AppendOnlyModel, NonContentModel

__all__ = ["StaffAction", "UploadedList"]


class StaffAction(AppendOnlyModel, NonContentModel):
    """One thing that somebody on the staff did with people's data: who, when, why. Holds no personal data of theirs."""

    class What(models.TextChoices):
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

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    #: The subscription's uuid; the row itself may be gone.
    subscription = models.UUIDField(null=True, blank=True, db_index=True)
    reason = models.CharField(max_length=300, blank=True)
    #: How many people it was about.
    people = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.at:%Y-%m-%d}"

    @classmethod
    def write(cls, what: str, by: Any, **more: Any) -> "StaffAction":
        """Write it down, in the caller's transaction. ``more``: subscription, reason, people."""
        return cls.objects.create(what=what, by=by, **more)


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
