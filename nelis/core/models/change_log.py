"""The change log: the notes of editors on their changes, and the entries for all that was published."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from nelis.core.forms import NoteKind


class ChangeNote(models.Model):
    """An editor's note on a change to published content. It belongs to a revision."""

    Kind = NoteKind

    revision = models.OneToOneField("wagtailcore.Revision", on_delete=models.CASCADE, related_name="change_note")
    #: Empty while the editor hasn't chosen.
    kind = models.CharField(max_length=12, choices=NoteKind.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.note or self.get_kind_display()


@dataclass(frozen=True, slots=True)
class NoteData:
    """A note before it is saved: one of the kinds of ``ChangeNote`` or ``ChangeEntry``, and a sentence."""

    kind: str = ""
    text: str = ""


def save_note(revision: Any, note: NoteData) -> None:
    """Save the note on ``revision``, in place of an earlier one."""
    ChangeNote.objects.update_or_create(revision=revision, defaults={"kind": note.kind, "note": note.text})


def latest_note(obj: Any, after: int | None, until: int | None) -> ChangeNote | None:
    """Return the latest note on the revisions of ``obj`` after the one and up to the other, if there is one."""
    if until is None:
        return None
    notes = ChangeNote.objects.filter(revision__in=obj.revisions.values("pk"), revision__lte=until)
    return (notes.filter(revision__gt=after) if after else notes).order_by("-revision").first()


class ChangeEntryQuerySet(models.QuerySet["ChangeEntry"]):
    """Select log entries."""

    def public(self) -> "ChangeEntryQuerySet":
        """The entries listed for readers."""
        return self.exclude(kind__in=ChangeEntry.UNLISTED)

    def of(self, obj: Any) -> "ChangeEntryQuerySet":
        """The entries about ``obj``."""
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


class ChangeEntry(models.Model):
    """One publication: what was published, the note on it, and when.

    Every publication has its entry; minor changes and first loads aren't listed. ``title`` and ``ref`` are those of
    that time.
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

    UNLISTED = (Kind.MINOR, Kind.FIRST)

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    #: What listings and search call this kind of object.
    subject_kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=255)
    #: Where its page stood, for what was taken down: a path from the root of the site. Empty without a page of its own.
    path = models.CharField(max_length=500, blank=True, db_index=True)
    note = models.CharField(max_length=200, blank=True)
    #: What changed among the object's ``change_log_facts``: a list of sentences, computed.
    details = models.JSONField(default=list, blank=True)
    #: The revision that went live. Null once Wagtail's history is purged; the entry stays.
    revision = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ChangeEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        verbose_name_plural = "change entries"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {f'{self.ref} {self.title}'.strip()}"
