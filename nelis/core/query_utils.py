"""Helpers for querysets: what a join has fetched and may leave out, and deleting many rows."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet, TextField
from wagtail.fields import StreamField

__all__ = ["delete_in_batches", "joined_row", "long_text_fields"]

BATCH_SIZE = 1000


def joined_row(page: Model, tables: Iterable[str]) -> tuple[str, Any]:
    """The first of ``tables`` that ``select_related`` has joined a row of to ``page``, and that row.

    An empty name and None when there is none. Asking for the attribute instead would ask the database for
    every table that has no row.
    """
    found = page._state.fields_cache
    return next(((table, found[table]) for table in tables if found.get(table)), ("", None))


def long_text_fields(model: type[Model], *path: str) -> list[str]:
    """The long texts among ``model``'s own fields, as names for ``defer``; ``path``: the relations that lead there."""
    fields = (field for field in model._meta.local_fields if isinstance(field, (StreamField, TextField)))
    return ["__".join((*path, field.name)) for field in fields]


def delete_in_batches(rows: QuerySet[Any], *, dry_run: bool = False) -> int:
    """Delete ``rows``, some at a time, so that nobody waits for a long statement. How many; ``dry_run`` only counts."""
    if dry_run:
        return rows.count()
    deleted = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH_SIZE]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        deleted += len(keys)
    return deleted
