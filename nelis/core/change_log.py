"""The record of what was published: every publication and withdrawal writes its own entry, in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from nelis.core.models.change_log import ChangeEntry, ChangeNote
from nelis.core.text_diff import quoted

__all__ = ["NoteData", "create_entry", "pending_note", "record_publication", "record_unpublication", "save_note"]

#: What a change is called where an editor calls it one of substance and the thing itself says nothing else.
DEFAULT_KIND = ChangeEntry.Kind.CONTENT


@dataclass(frozen=True, slots=True)
class NoteData:
    """What is said about a change: one of the kinds of ``ChangeNote`` or ``ChangeEntry``, and a sentence."""

    kind: str = ""
    text: str = ""


def save_note(revision: Any, note: NoteData) -> None:
    """Save what an editor says about ``revision``, in the place of what was said about it before."""
    ChangeNote.objects.update_or_create(revision=revision, defaults={"kind": note.kind, "note": note.text})


def pending_note(obj: Any) -> ChangeNote | None:
    """What was said about the draft of ``obj`` that waits to be published; None if nothing was."""
    return _note(obj, obj.live_revision_id, obj.latest_revision_id)


def record_publication(obj: Any, revision: Any) -> ChangeEntry:
    """Write down that ``revision`` of ``obj`` went live. Call it in the transaction of the publication."""
    before = ChangeEntry.objects.of(obj)
    last = before.first()
    note = _note(obj, before.aggregate(Max("revision"))["revision__max"], revision.pk)
    if last is None:
        # It may have been published before there was a record.
        is_new = obj.first_published_at == obj.last_published_at
    else:
        is_new = last.kind == ChangeEntry.Kind.WITHDRAWN
    details = _details(last.revision.as_object(), obj) if last and last.revision and not is_new else []
    return create_entry(obj, _kind(obj, note, is_new), note.note if note else "", details, revision)


def record_unpublication(obj: Any) -> ChangeEntry:
    """Write down that ``obj`` was taken down, or deleted."""
    return create_entry(obj, ChangeEntry.Kind.WITHDRAWN)


def _note(obj: Any, after: int | None, until: int | None) -> ChangeNote | None:
    if until is None:
        return None
    notes = ChangeNote.objects.filter(revision__in=obj.revisions.values("pk"), revision__lte=until)
    return (notes.filter(revision__gt=after) if after else notes).order_by("-revision").first()


def _kind(obj: Any, note: ChangeNote | None, is_new: bool) -> str:
    said = note.kind if note else ""
    if said in (ChangeEntry.Kind.FIRST, ChangeEntry.Kind.MINOR, ChangeEntry.Kind.CORRECTION):
        return said
    if is_new:
        return ChangeEntry.Kind.NEW
    return getattr(obj, "change_kind", DEFAULT_KIND)


def _details(before: Any, after: Any) -> list[str]:
    """What changed among the facts that a thing names itself, in words."""
    if not hasattr(after, "change_log_facts"):
        return []
    old = before.change_log_facts()
    return [
        f"{label}: {quoted(old.get(label, ''))} became {quoted(text)}."
        for label, text in after.change_log_facts().items()
        if text != old.get(label, "")
    ]


def create_entry(obj: Any, kind: str, note: str = "", details: Sequence[str] = (), revision: Any = None) -> ChangeEntry:
    """Write down something about ``obj``, which says itself what it is called."""
    found = obj.search_text()
    return ChangeEntry.objects.create(
        kind=kind,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        subject_kind=found.kind,
        ref=found.ref,
        title=found.title[:255],
        note=note,
        details=list(details),
        revision=revision,
    )
