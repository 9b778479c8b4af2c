"""Helpers for querysets: what a join has fetched and may leave out, and deleting many rows."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet, TextField
from wagtail.fields import StreamField

BATCH_SIZE = 1000


def joined_row(page: Model, relations: Iterable[str]) -> tuple[str, Any]:
    """Return the first of ``relations`` that ``select_related`` found a row for, and that row; else "" and None.

    Reading the attribute instead would query the database for every relation without a row.
    """
    cached = page._state.fields_cache
    return next(((relation, cached[relation]) for relation in relations if cached.get(relation)), ("", None))


def long_text_fields(model: type[Model], *path: str) -> list[str]:
    """Return the long text fields of ``model`` itself as names for ``defer``; ``path``: the relations to it."""
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
