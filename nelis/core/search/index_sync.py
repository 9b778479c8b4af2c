"""Keep the search index in step with what is public.

Any model with a method ``search_text()`` is searchable: pages, snippets, and rows of a page such as the commitments of
a deal. An object has an entry while it is live and ``search.urls.public_url`` knows where readers find it. Entries are
updated after each commit, never before, so that search can't show what was rolled back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from wagtail.models import Page
from wagtail.search.backends import get_search_backends

from nelis.core.models import ContentVersion, SearchEntry
from nelis.core.search.urls import cached_page_paths, public_pages, public_url, sections

_suspended: ContextVar[bool] = ContextVar("search_sync_suspended", default=False)

#: Fields that are cut to the length of their column.
_MAX_LENGTHS = {
    field.name: field.max_length
    for field in SearchEntry._meta.concrete_fields
    if field.name in {"kind", "ref", "title", "url"}
}


@cache
def searchable_models() -> tuple[type[models.Model], ...]:
    """Return every searchable model."""
    return tuple(model for model in apps.get_models() if is_searchable(model))


def is_searchable(model: type[models.Model]) -> bool:
    """Return whether ``model`` has a method ``search_text()``."""
    return callable(getattr(model, "search_text", None))


@contextmanager
def sync_suspended() -> Iterator[None]:
    """Leave the index alone for a while. Whoever uses this calls ``rebuild_index`` afterwards."""
    token = _suspended.set(True)
    try:
        yield
    finally:
        _suspended.reset(token)


# --- After a change --------------------------------------------------------------------------------


def schedule_update(obj: models.Model) -> None:
    """Update the entry of ``obj`` once the running transaction is committed."""
    if not _suspended.get():
        # Robust: an index that lags is a smaller harm than a change that seems to have failed.
        model, pk = type(obj), obj.pk
        # No partial: Django names what failed by its __qualname__.
        transaction.on_commit(lambda: update_entry_by_key(model, pk), robust=True)


def schedule_tree_update(pk: Any) -> None:
    """Update the entries of a page and all below it after the commit: their URLs changed."""
    if not _suspended.get():
        transaction.on_commit(lambda: update_tree(pk), robust=True)


def update_entry_by_key(model: type[models.Model], pk: Any) -> None:
    """Update the entry of one object; remove it when the object no longer exists."""
    obj = model._default_manager.filter(pk=pk).first()
    if obj is None:
        remove_entry(model, pk)
    else:
        update_entry(obj)


def update_tree(pk: Any) -> None:
    """Update the entries of a page and all pages below it."""
    page = Page.objects.filter(pk=pk).first()
    if page is not None:
        for descendant in page.get_descendants(inclusive=True).specific():
            if is_searchable(type(descendant)):
                update_entry(descendant)


def update_entry(obj: Any) -> None:
    """Update the entry of ``obj``, and for a page those of everything that is found on it."""
    with transaction.atomic():
        if not isinstance(obj, Page):
            _save_entry(obj)
            return
        page = obj.specific
        entry = _entries_of(page).first()
        old_url = entry.url if entry else ""
        new_url = _save_entry(page)
        for other in _objects_found_on(old_url or new_url, below=old_url != new_url):
            _save_entry(other)
        for other in page.search_related_objects() if hasattr(page, "search_related_objects") else ():
            _save_entry(other)
        if new_url and not old_url:
            for other in _objects_without_entry():
                _save_entry(other)


def remove_entry(model: type[models.Model], pk: Any) -> None:
    """Remove the entry of an object that no longer exists."""
    content_type = ContentType.objects.get_for_model(model)
    with transaction.atomic():
        entries = SearchEntry.objects.filter(content_type=content_type, object_id=pk)
        entry = entries.first()
        if entry is None:
            return
        dependants = _objects_found_on(entry.url, below=True) if issubclass(model, Page) else []
        _remove(entries)
        for other in dependants:
            _save_entry(other)


def _objects_found_on(url: str, below: bool = False) -> list[Any]:
    """Return the objects other than pages that the index has on the page at ``url``, or ``below`` it too."""
    if not url:
        return []
    entries = SearchEntry.objects.filter(Q(url__startswith=url) if below else Q(url=url) | Q(url__startswith=f"{url}#"))
    objects = []
    for entry in entries.select_related("content_type"):
        model = entry.content_type.model_class() if entry.content_type else None
        if model is None or issubclass(model, Page):
            continue
        obj = model._default_manager.filter(pk=entry.object_id).first()
        if obj is not None:
            objects.append(obj)
    return objects


def _objects_without_entry() -> Iterator[Any]:
    """Yield drafts, and objects whose page has only now become public."""
    for model in searchable_models():
        if not issubclass(model, Page):
            content_type = ContentType.objects.get_for_model(model)
            indexed = SearchEntry.objects.filter(content_type=content_type).values("object_id")
            yield from model._default_manager.exclude(pk__in=indexed)


# --- One entry -------------------------------------------------------------------------------------


def entry_for(obj: Any) -> SearchEntry | None:
    """Return the entry that ``obj`` should have, unsaved; None when readers can't find it."""
    if not getattr(obj, "live", True):
        return None
    url = public_url(obj)
    if not url:
        return None
    text = obj.search_text()
    values = {"kind": text.kind, "ref": text.ref, "title": text.title, "url": url}
    return SearchEntry(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        names="\n".join(filter(None, text.names)),
        summary=text.summary,
        body=text.body,
        priority=text.priority,
        **{name: value[: _MAX_LENGTHS[name]] for name, value in values.items()},
    )


def _entries_of(obj: Any) -> Any:
    content_type = ContentType.objects.get_for_model(obj)
    return SearchEntry.objects.filter(content_type=content_type, object_id=obj.pk)


def _save_entry(obj: Any) -> str:
    """Create, replace or remove the entry of ``obj``; return its URL, empty without an entry."""
    entry = entry_for(obj)
    existing = _entries_of(obj).first()
    if entry is None:
        _remove(_entries_of(obj))
        return ""
    if existing is not None:
        entry.pk = existing.pk
        if all(getattr(existing, name) == getattr(entry, name) for name in SearchEntry.CONTENT):
            return entry.url
    entry.save()
    _add_to_backends([entry])
    # Cached search results expire.
    ContentVersion.bump()
    return entry.url


def _remove(entries: Any) -> None:
    if entries.delete()[0]:
        ContentVersion.bump()


def _add_to_backends(entries: list[SearchEntry]) -> None:
    for backend in get_search_backends():
        backend.add_bulk(SearchEntry, entries)


# --- Everything ------------------------------------------------------------------------------------


def rebuild_index() -> Counter[str]:
    """Make the index anew from everything public; return how many entries there are of each kind."""
    with transaction.atomic(), cached_page_paths():
        # Deleting an entry deletes its words from the database's own index too.
        SearchEntry.objects.all().delete()
        entries = [entry for obj in _all_searchable_objects() if (entry := entry_for(obj))]
        entries += [SearchEntry(kind="Page", title=at.title, summary=at.summary, url=at.url) for at in sections()]
        SearchEntry.objects.bulk_create(entries)
        _add_to_backends(entries)
        ContentVersion.bump()
    return Counter(entry.kind for entry in entries)


def _all_searchable_objects() -> Iterable[Any]:
    for model in searchable_models():
        if not issubclass(model, Page):
            yield from model._default_manager.all()
        elif not model._meta.abstract:
            # Only pages of exactly this type: a subclass yields its own.
            content_type = ContentType.objects.get_for_model(model)
            public = public_pages().filter(content_type=content_type)
            yield from model._default_manager.filter(pk__in=public.values("pk"))
