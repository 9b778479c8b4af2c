"""Write the change log: an entry for every publication and every unpublication, in the same transaction."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.dispatch import Signal
from wagtail.models import Page

from nelis.core.models.change_log import ChangeEntry, ChangeNote, latest_note
from nelis.core.page_addresses import page_path
from nelis.core.text_diff import quoted

#: Sent in the transaction of every publication, with ``instance`` and its new ``entry``; the sender is the model.
publication_recorded = Signal()
#: The kind of a change of substance to an object without a ``change_kind`` of its own.
DEFAULT_KIND = ChangeEntry.Kind.CONTENT
#: What readers are told of something that was published until a certain time.
EXPIRED_NOTE = "It was published until that day."


def record_publication(obj: Any, revision: Any) -> ChangeEntry:
    """Log that ``revision`` of ``obj`` went live. Call it in the transaction of the publication."""
    entries = ChangeEntry.objects.of(obj)
    last = entries.first()
    note = latest_note(obj, entries.aggregate(Max("revision"))["revision__max"], revision.pk)
    if last is None:
        # It may have been published before there was a log.
        is_new = obj.first_published_at == obj.last_published_at
    else:
        is_new = last.kind == ChangeEntry.Kind.WITHDRAWN
    details = _details(last.revision.as_object(), obj) if last and last.revision and not is_new else []
    entry = create_entry(obj, _entry_kind(obj, note, is_new), note.note if note else "", details, revision)
    publication_recorded.send(type(obj), instance=obj, entry=entry)
    return entry


def record_unpublication(obj: Any) -> ChangeEntry:
    """Log that ``obj`` was unpublished or deleted, and where it stood."""
    note = EXPIRED_NOTE if getattr(obj, "expired", False) else ""
    return create_entry(obj, ChangeEntry.Kind.WITHDRAWN, note, path=address_of(obj))


def address_of(obj: Any) -> str:
    """Return the path of the page that ``obj`` has to itself, published or not; empty if it has none."""
    if isinstance(obj, Page):
        return page_path(obj)
    path = obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else ""
    return "" if "#" in path else path


def create_entry(
    obj: Any, kind: str, note: str = "", details: Sequence[str] = (), revision: Any = None, path: str = ""
) -> ChangeEntry:
    """Create an entry about ``obj``, with the reference and title it has now."""
    text = obj.search_text()
    return ChangeEntry.objects.create(
        kind=kind,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        subject_kind=text.kind,
        ref=text.ref,
        title=text.title[:255],
        path=path[:500],
        note=note,
        details=list(details),
        revision=revision,
    )


def _entry_kind(obj: Any, note: ChangeNote | None, is_new: bool) -> str:
    note_kind = note.kind if note else ""
    if note_kind in (ChangeEntry.Kind.FIRST, ChangeEntry.Kind.MINOR, ChangeEntry.Kind.CORRECTION):
        return note_kind
    if is_new:
        return ChangeEntry.Kind.NEW
    return getattr(obj, "change_kind", DEFAULT_KIND)


def _details(before: Any, after: Any) -> list[str]:
    """Return a sentence for each of the object's ``change_log_facts`` that changed."""
    if not hasattr(after, "change_log_facts"):
        return []
    old = before.change_log_facts()
    return [
        f"{label}: {quoted(old.get(label, ''))} became {quoted(text)}."
        for label, text in after.change_log_facts().items()
        if text != old.get(label, "")
    ]
