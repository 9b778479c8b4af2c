"""What staff do with the list: their actions, and the lists they upload and import."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import AuditEvent, NonContentModel


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
        DISCARDED = "discarded", "Discarded sign-ups of one network"

    subject_field = "subscription"
    #: The subscription's uuid, as its row may be gone. Empty for what is about several people, or about none by name.
    subscription = models.UUIDField(null=True, blank=True, db_index=True)
    action = models.CharField(max_length=10, choices=Action.choices)
    #: How many people it was about.
    people = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-at", "-pk"]


class UploadedList(NonContentModel):
    """A file that somebody has uploaded and not imported yet. Deleted after a day."""

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


class ImportBatch(NonContentModel):
    """A list that was imported. The evidence of everybody's consent event ends with its ``evidence_suffix``."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    #: Rows left out, with why and how many: {"suppressed": 3}.
    skipped = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        # The same file is imported once, however often somebody presses the button.
        constraints = [models.UniqueConstraint(fields=["sha256"], name="one_import_of_the_same_file")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.at:%Y-%m-%d}"

    @property
    def short_hash(self) -> str:
        """Names the file where there is little room."""
        return self.sha256[:12]

    @property
    def evidence_suffix(self) -> str:
        """What the evidence of everybody in it ends with."""
        return f" (file {self.short_hash})"
