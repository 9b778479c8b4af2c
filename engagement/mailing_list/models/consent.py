"""Consent: its wording, the events that record it, and suppressed addresses."""

from typing import Any

from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import AppendOnlyModel, NonContentModel


class ConsentWording(AppendOnlyModel, NonContentModel):
    """One version of the exact wording that people agree to, beside the checkboxes and the button."""

    name = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="wording_version_once"),
            models.UniqueConstraint(fields=["name", "sha256"], name="wording_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class ConsentEvent(AppendOnlyModel, NonContentModel):
    """One thing that was done with a subscription, by its holder or on their behalf.

    Holds no address, so that it can be kept when everything else about a person is erased.
    """

    class Action(models.TextChoices):
        REQUESTED = "requested", "Asked to join"
        CONFIRMED = "confirmed", "Confirmed"
        ADDED = "added", "Added on paper evidence"
        IMPORTED = "imported", "Imported with evidence"
        CHANGED = "changed", "Changed topics or frequency"
        MOVED = "moved", "Changed the address"
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Resumed"
        ENDED = "ended", "Left"
        UNDONE = "undone", "Came back from leaving"
        EXPIRED = "expired", "Never confirmed"
        ERASED = "erased", "Erased"

    #: The subscription's uuid; the row itself may be gone.
    subscription = models.UUIDField(db_index=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    action = models.CharField(max_length=10, choices=Action.choices)
    #: Slugs of the topics chosen after it.
    topics = models.JSONField(default=list)
    frequency = models.CharField(max_length=10, blank=True)
    wording = models.ForeignKey(ConsentWording, null=True, on_delete=models.PROTECT, related_name="+")
    #: Which text of the privacy notice was public then, such as "2019-07-01 (revision 12)".
    privacy_notice = models.CharField(max_length=60, blank=True)
    #: The address of the page it was done on.
    page = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=10)
    #: For paper and imports: where the evidence is kept, without personal data.
    evidence = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.subscription}"

    def as_dict(self) -> dict[str, Any]:
        """Everything held in this row, for the person it is about."""
        return {
            "action": self.get_action_display(),
            "at": self.at.isoformat(),
            "topics": self.topics,
            "frequency": self.frequency,
            "wording": str(self.wording) if self.wording else "",
            "wording_text": self.wording.text if self.wording else "",
            "privacy_notice": self.privacy_notice,
            "page": self.page,
            "method": self.method,
            "evidence": self.evidence,
        }


class Suppression(NonContentModel):
    """An address that no import may bring back. Holds only its keyed hash, and survives erasure."""

    class Reason(models.TextChoices):
        LEFT = "left", "Left the list"
        ERASED = "erased", "Asked to be erased"
        BOUNCED = "bounced", "Mail to it bounced for good"
        COMPLAINED = "complained", "Reported our email as unwanted"
        NEVER = "never", "Asked never to be written to"

    #: These stand even against the address's own sign-up: email was forbidden.
    FINAL = (Reason.COMPLAINED, Reason.NEVER)
    #: These get nothing but what their holder asks for in a form: a mailbox that exists again can come back.
    NO_MAIL = (*FINAL, Reason.BOUNCED)

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.at:%Y-%m-%d}"
