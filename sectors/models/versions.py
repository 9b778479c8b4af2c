"""Versions of a proposition: numbered, frozen, never edited and never deleted."""

from typing import Any

from django.db import models

from nelis.core.models.abstract import AppendOnlyModel
from sectors.stages import Stage
from sectors.versions.document import Document, content_hash

__all__ = ["PropositionVersion"]


class PropositionVersion(AppendOnlyModel):
    """What a proposition said at one time, with its links, figures and asks as they read then.

    It rests on the Wagtail revision that was published, which it keeps from being cleared away.
    """

    class Reason(models.TextChoices):
        FIRST = "first", "First published"
        CONTENT = "content", "Changed"
        STAGE = "stage", "New stage"
        CORRECTION = "correction", "Correction"

    proposition = models.ForeignKey("sectors.PropositionPage", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.OneToOneField("wagtailcore.Revision", on_delete=models.PROTECT, related_name="public_version")
    entry = models.OneToOneField("core.ChangeEntry", on_delete=models.PROTECT, related_name="version")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    label = models.CharField(max_length=120)
    published_at = models.DateTimeField()
    change_note = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["proposition", "number"]
        constraints = [models.UniqueConstraint(fields=["proposition", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number}, {self.label}"

    @property
    def document(self) -> Document:
        """What it says."""
        return Document.from_data(self.content)

    @property
    def title(self) -> str:
        """What the proposition was called then."""
        return next((line.text for section in self.document.sections for line in section.lines), "")

    @property
    def is_intact(self) -> bool:
        """Whether its content still has the hash that it was published with."""
        return content_hash(self.content) == self.content_hash

    def as_data(self) -> dict[str, Any]:
        """The version for other programs."""
        return {
            "number": self.number,
            "label": self.label,
            "stage": self.stage,
            "published_at": self.published_at.isoformat(),
            "reason": self.reason,
            "change_note": self.change_note,
            "corrects": self.corrects.number if self.corrects else None,
            "content_hash": self.content_hash,
            "content": self.content,
        }
