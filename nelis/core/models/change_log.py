"""What was published when and why: the notes editors give, and the record that readers can look through."""

from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

__all__ = ["ChangeEntry", "ChangeNote"]


class ChangeNote(models.Model):
    """What an editor says about a change to something that readers see already. It belongs to the draft."""

    class Kind(models.TextChoices):
        CONTENT = "content", "A change of substance"
        CORRECTION = "correction", "A correction: something published was wrong"
        MINOR = "minor", "Minor, not logged: spelling, layout, links"

    revision = models.OneToOneField("wagtailcore.Revision", on_delete=models.CASCADE, related_name="change_note")
    #: Empty while the editor hasn't chosen.
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.note or self.get_kind_display()


class ChangeEntryQuerySet(models.QuerySet["ChangeEntry"]):
    """Entries, of which every one stays as it was written."""

    def public(self) -> "ChangeEntryQuerySet":
        """Those that readers are told of."""
        return self.exclude(kind__in=ChangeEntry.UNLOGGED)

    def of(self, obj: Any) -> "ChangeEntryQuerySet":
        """Those about one thing."""
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


class ChangeEntry(models.Model):
    """One publication: what it was, what was said about it, when.

    Every publication has its entry; the minor ones, and those of a first load, aren't listed. ``title`` and ``ref``
    are what it was called then.
    """

    class Kind(models.TextChoices):
        NEW = "new", "New"
        CONTENT = "content", "Changed"
        STAGE = "stage", "New stage"
        FIGURE = "figure", "Figure changed"
        CORRECTION = "correction", "Correction"
        WITHDRAWN = "withdrawn", "Taken down"
        MINOR = "minor", "Minor"
        FIRST = "first", "First content"

    #: Kept, and not listed.
    UNLOGGED = (Kind.MINOR, Kind.FIRST)

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    #: What kind of thing it is, as listings and search call it.
    subject_kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=255)
    note = models.CharField(max_length=200, blank=True)
    #: What changed, in words that were worked out and not written: a list of sentences.
    details = models.JSONField(default=list, blank=True)
    #: The revision that went live. Gone when Wagtail's history is cleared; the entry stays.
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ChangeEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        verbose_name_plural = "change entries"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {f'{self.ref} {self.title}'.strip()}"
