"""Wagtail's search backend, for whatever is typed into a box."""

import re
from copy import copy
from functools import cache
from typing import Any

from wagtail.search.backends import database
from wagtail.search.backends.base import BaseSearchBackend, EmptySearchResults
from wagtail.search.query import And, Boost, Not, Or, Phrase, PlainText

__all__ = ["SearchBackend", "plain_query"]

#: Wagtail puts words between these into SQLite's query language; PostgreSQL holds no NUL. No word has one in it.
_UNSEARCHABLE = re.compile(r'["\x00]')


#: Each is nested in the one before; PostgreSQL's query would be too deep at some hundreds.
MAX_WORDS = 32


class PlainQueryMixin:
    """A backend that searches for what is left of a query once nothing in it has a meaning of its own."""

    def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        query = plain_query(query)
        if not query:
            return EmptySearchResults()
        return super()._search(query_compiler_class, query, model_or_queryset, **kwargs)  # type: ignore[misc]


def plain_query(query: Any) -> Any:
    """Return ``query``, a text or a tree of queries, without signs that no index holds; None when no word is left."""
    if isinstance(query, str):
        return " ".join(_UNSEARCHABLE.sub(" ", query).split()[:MAX_WORDS]) or None
    plain = copy(query)
    if isinstance(query, PlainText | Phrase):
        plain.query_string = plain_query(query.query_string)
        return plain if plain.query_string else None
    if isinstance(query, And | Or):
        plain.subqueries = [part for part in map(plain_query, query.subqueries) if part]
        return plain if plain.subqueries else None
    if isinstance(query, Not | Boost):
        plain.subquery = plain_query(query.subquery)
        return plain if plain.subquery else None
    return plain


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 - the name that Wagtail looks for
    """Return Wagtail's backend for this database, with plain queries."""
    stock: Any = type(database.SearchBackend(params))
    backend: BaseSearchBackend = _plain_class(stock)(params)
    return backend


@cache
def _plain_class(stock: Any) -> Any:
    return type(f"Plain{stock.__name__}", (PlainQueryMixin, stock), {})
