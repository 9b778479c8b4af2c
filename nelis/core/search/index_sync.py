"""Keeps the search index true to what is public.

Anything with a method ``search_text()`` is searchable: pages, snippets, and rows that belong to a page
such as the commitments of a deal. It is in the index while readers can find it: it is published, and
``places.address_of`` knows a public address. The index is brought up to date after each commit, never
before, so that it can't tell of what was rolled back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from wagtail.models import Page
from wagtail.search.backends import get_search_backends

from nelis.core.models.content_version import ContentVersion
from nelis.core.models.search import SearchEntry
from nelis.core.search.urls import cached_page_paths, public_pages, public_url

__all__ = [
    "is_searchable",
    "rebuild_index",
    "remove_entry",
    "schedule_tree_update",
    "schedule_update",
    "sync_suspended",
    "update_entry",
]

_suspended: ContextVar[bool] = ContextVar("search_upkeep_suspended", default=False)

#: What is copied into an entry as it is; longer than the column, it is cut there.
_LIMITS = {
    field.name: field.max_length
    for field in SearchEntry._meta.concrete_fields
    if field.name in {"kind", "ref", "title", "url"}
}


@cache
def searchable_models() -> tuple[type[models.Model], ...]:
    """Every model whose objects can be found."""
    return tuple(model for model in apps.get_models() if is_searchable(model))


def is_searchable(model: type[models.Model]) -> bool:
    """Whether objects of ``model`` say what they are found by."""
    return callable(getattr(model, "search_text", None))


@contextmanager
def sync_suspended() -> Iterator[None]:
    """Leaves the index alone for a while. Whoever uses it calls ``rebuild_index`` afterwards."""
    token = _suspended.set(True)
    try:
        yield
    finally:
        _suspended.reset(token)


# --- after a change --------------------------------------------------------------------------------


def schedule_update(thing: models.Model) -> None:
    """Bring ``thing`` up to date in the index once the running transaction is committed."""
    if not _suspended.get():
        # An index that lags is a smaller harm than a change that seems to have failed.
        transaction.on_commit(partial(update_entry_by_key, type(thing), thing.pk), robust=True)


def schedule_tree_update(pk: Any) -> None:
    """The same for a page and everything below it: their addresses or who may read them changed."""
    if not _suspended.get():
        transaction.on_commit(partial(update_tree, pk), robust=True)


def update_entry_by_key(model: type[models.Model], pk: Any) -> None:
    """Bring one object up to date; remove it when it no longer exists."""
    thing = model._default_manager.filter(pk=pk).first()
    if thing is None:
        remove_entry(model, pk)
    else:
        update_entry(thing)


def update_tree(pk: Any) -> None:
    """Bring a page and all pages below it up to date."""
    page = Page.objects.filter(pk=pk).first()
    if page is not None:
        for below in page.get_descendants(inclusive=True).specific():
            if is_searchable(type(below)):
                update_entry(below)


def update_entry(thing: Any) -> None:
    """Bring ``thing`` up to date, and with a page everything that is found on it."""
    with transaction.atomic():
        if not isinstance(thing, Page):
            _save_entry(thing)
            return
        page = thing.specific
        entry = _entries_of(page).first()
        before = entry.url if entry else ""
        after = _save_entry(page)
        for other in _objects_found_on(before or after, below=before != after):
            _save_entry(other)
        for other in page.search_related_objects() if hasattr(page, "search_related_objects") else ():
            _save_entry(other)
        if after and not before:
            for other in _objects_without_entry():
                _save_entry(other)


def remove_entry(model: type[models.Model], pk: Any) -> None:
    """Take an object that no longer exists out of the index."""
    content_type = ContentType.objects.get_for_model(model)
    with transaction.atomic():
        entries = SearchEntry.objects.filter(content_type=content_type, object_id=pk)
        entry = entries.first()
        if entry is None:
            return
        if issubclass(model, Page):
            dependants = _objects_found_on(entry.url, below=True)
            _remove(entries)
            for other in dependants:
                _save_entry(other)
        else:
            _remove(entries)


def _objects_found_on(url: str, below: bool = False) -> list[Any]:
    # The other things that the index places on the page at this address; or below it, where they are no pages.
    if not url:
        return []
    places = Q(url__startswith=url) if below else Q(url=url) | Q(url__startswith=f"{url}#")
    entries = SearchEntry.objects.filter(places)
    things = []
    for entry in entries.select_related("content_type"):
        model = entry.content_type.model_class()
        if model is None or issubclass(model, Page):
            continue
        thing = model._default_manager.filter(pk=entry.object_id).first()
        if thing is not None:
            things.append(thing)
    return things


def _objects_without_entry() -> Iterator[Any]:
    # Drafts, and things whose page has only now become public.
    for model in searchable_models():
        if not issubclass(model, Page):
            content_type = ContentType.objects.get_for_model(model)
            known = SearchEntry.objects.filter(content_type=content_type).values("object_id")
            yield from model._default_manager.exclude(pk__in=known)


# --- one entry -------------------------------------------------------------------------------------


def entry_for(thing: Any) -> SearchEntry | None:
    """The entry ``thing`` should have; None when readers can't find it."""
    if not getattr(thing, "live", True):
        return None
    url = public_url(thing)
    if not url:
        return None
    text = thing.search_text()
    values = {"kind": text.kind, "ref": text.ref, "title": text.title, "url": url}
    return SearchEntry(
        content_type=ContentType.objects.get_for_model(thing),
        object_id=thing.pk,
        summary=text.summary,
        body=text.body,
        **{name: value[: _LIMITS[name]] for name, value in values.items()},
    )


def _entries_of(thing: Any) -> Any:
    content_type = ContentType.objects.get_for_model(thing)
    return SearchEntry.objects.filter(content_type=content_type, object_id=thing.pk)


def _save_entry(thing: Any) -> str:
    # Writes, replaces or removes the entry of one object; gives its address, empty without one.
    wanted = entry_for(thing)
    present = _entries_of(thing).first()
    if wanted is None:
        _remove(_entries_of(thing))
        return ""
    if present is not None:
        wanted.pk = present.pk
        if all(getattr(present, name) == getattr(wanted, name) for name in SearchEntry.CONTENT):
            return wanted.url
    wanted.save()
    _add_to_backends([wanted])
    # Kept pages that list results must not outlive this.
    ContentVersion.bump()
    return wanted.url


def _remove(entries: Any) -> None:
    if entries.delete()[0]:
        ContentVersion.bump()


def _add_to_backends(entries: list[SearchEntry]) -> None:
    for backend in get_search_backends():
        backend.add_bulk(SearchEntry, entries)


# --- everything ------------------------------------------------------------------------------------


def rebuild_index() -> Counter[str]:
    """Make the index anew from everything public. Returns how many entries there are of each kind."""
    with transaction.atomic(), cached_page_paths():
        # Deleting an entry deletes its words from the database's own index too.
        SearchEntry.objects.all().delete()
        entries = [entry for thing in _all_searchable_objects() if (entry := entry_for(thing))]
        SearchEntry.objects.bulk_create(entries)
        _add_to_backends(entries)
        ContentVersion.bump()
    return Counter(entry.kind for entry in entries)


def _all_searchable_objects() -> Iterable[Any]:
    for model in searchable_models():
        if not issubclass(model, Page):
            yield from model._default_manager.all()
        elif not model._meta.abstract:
            # Only pages of exactly this type: a subclass brings its own.
            content_type = ContentType.objects.get_for_model(model)
            public = public_pages().filter(content_type=content_type)
            yield from model._default_manager.filter(pk__in=public.values("pk"))
