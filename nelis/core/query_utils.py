"""Pages whose own fields were fetched by a join: what the join found, and what it may leave out."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, TextField
from wagtail.fields import StreamField

__all__ = ["joined_row", "long_text_fields"]


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
