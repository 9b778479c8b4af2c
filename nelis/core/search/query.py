"""Search: parse what a reader typed, find the entries, and rank them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from wagtail.search.backends import get_search_backend

from nelis.core.models import SearchEntry
from nelis.core.text import clean_text, comparison_key, index_text, stem, tokenise

#: More words make no search better; the rest is ignored.
MAX_TERMS = 16
#: Ignored unless the query holds nothing else.
STOP_WORDS = frozenset(
    tokenise(
        "a an and are as at be by do does for from has have how i in is it its of on or our that the "
        "their there this to was we were what when where which who why will with"
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: ``text`` to show again, ``terms`` as stems, ``key`` the whole text as the index holds it."""

    text: str
    terms: tuple[str, ...]
    key: str


class MatchLevel(IntEnum):
    """How well all results match the query."""

    ALL = 0
    #: No entry has all words; these have words that begin with them.
    PREFIX = 1
    #: No entry has all words; these have some.
    ANY = 2
    NONE = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A result: the primary key of its entry, and its kind."""

    pk: int
    kind: str


@dataclass(slots=True)
class SearchResults:
    """All results, best first."""

    level: MatchLevel = MatchLevel.NONE
    matches: list[Match] = field(default_factory=list)


def parse_query(raw: str) -> Query:
    """Parse ``raw``. Never raises, whatever it holds and however long it is."""
    text = clean_text(raw)
    words = list(dict.fromkeys(tokenise(text)))
    words = [word for word in words if word not in STOP_WORDS] or words
    terms = dict.fromkeys(stem(word) for word in words)
    return Query(text, tuple(terms)[:MAX_TERMS], index_text(text))


def run_search(query: Query) -> SearchResults:
    """Find the entries with all words; else those with words that begin like them; else those with some of them.

    An exact reference ranks first, then an exact title, then titles with the words together, then titles with all of
    them; within each of these the database's ranking decides.
    """
    if not query.terms:
        return SearchResults()
    backend = get_search_backend()
    # Only what ranking needs: the texts of one page of results are fetched later.
    entries = SearchEntry.objects.only("pk", "kind", "ref", "title")
    words = " ".join(query.terms)
    attempts = (
        (MatchLevel.ALL, lambda: backend.search(words, entries, operator="and")),
        (MatchLevel.PREFIX, lambda: backend.autocomplete(words, entries, operator="and")),
        (MatchLevel.ANY, lambda: backend.search(words, entries, operator="or")),
    )
    for level, search in attempts:
        if level is MatchLevel.ANY and len(query.terms) == 1:
            continue
        if found := sorted(search(), key=lambda entry: _rank(entry, query)):
            return SearchResults(level, [Match(entry.pk, entry.kind) for entry in found])
    return SearchResults()


def _rank(entry: SearchEntry, query: Query) -> int:
    typed = comparison_key(query.text)
    if entry.ref and comparison_key(entry.ref) == typed:
        return 0
    if comparison_key(entry.title) == typed:
        return 1
    title = index_text(entry.title)
    if query.key in {title, index_text(entry.ref)}:
        return 2
    if f" {query.key} " in f" {title} ":
        return 3
    return 4 if set(title.split()).issuperset(query.terms) else 5


def suggest(query: Query) -> tuple[str, list[SearchEntry]]:
    """Return the query with its spelling corrected by the words of titles, and entries with similar titles. One query.

    The first is empty when every word is known or nothing comes close.
    """
    entries = SearchEntry.objects.only("ref", "title", "url", "kind").order_by("pk")
    by_title: dict[str, SearchEntry] = {}
    for entry in entries:
        by_title.setdefault(comparison_key(entry.title)[:80], entry)
    similar = difflib.get_close_matches(comparison_key(query.text)[:80], by_title, n=3, cutoff=0.6)
    return _corrected_spelling(query, by_title), [by_title[title] for title in similar]


def _corrected_spelling(query: Query, titles: Iterable[str]) -> str:
    known = {word for title in titles for word in title.split() if len(word) > 2}
    words = tokenise(query.text)[:MAX_TERMS]
    corrected = [_closest_word(word, known) for word in words]
    return " ".join(corrected) if corrected != words else ""


def _closest_word(word: str, known: set[str]) -> str:
    # Short words and references are close to everything; very long ones are close to nothing.
    if word in known or not 4 <= len(word) <= 30 or not word.isalpha():
        return word
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.75)), word)


def entries_by_pk(pks: list[Any]) -> list[SearchEntry]:
    """Return the entries with these primary keys, in this order."""
    entries = SearchEntry.objects.in_bulk(pks)
    return [entries[pk] for pk in pks if pk in entries]
