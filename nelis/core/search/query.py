"""From what a reader typed to what is found, in the order that helps most."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from wagtail.search.backends import get_search_backend

from nelis.core.models.search import SearchEntry
from nelis.core.search.text import clean_text, comparison_key, index_text, stem, tokenise

__all__ = ["Match", "Query", "SearchResults", "parse_query", "run_search", "suggest"]

#: More words than this make no search better; the rest is left out.
MAX_TERMS = 16
#: Words that say nothing when others are there.
STOP_WORDS = frozenset(
    tokenise(
        "a an and are as at be by do does for from has have how i in is it its of on or our that the "
        "their there this to was we were what when where which who why will with"
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """``text`` as it may be shown again, ``terms`` as the index holds words, ``key`` all of it in that form."""

    text: str
    terms: tuple[str, ...]
    key: str


class MatchLevel(IntEnum):
    """How well the whole result fits the query."""

    ALL = 0
    #: Nothing holds all words; these begin with what was typed.
    BEGINNING = 1
    #: Nothing holds all words; these hold some.
    SOME = 2
    NOTHING = 3


@dataclass(frozen=True, slots=True)
class Match:
    """One thing found: the key of its entry, and its kind."""

    pk: int
    kind: str


@dataclass(slots=True)
class SearchResults:
    """Everything found, best first."""

    how: MatchLevel = MatchLevel.NOTHING
    matches: list[Match] = field(default_factory=list)


def parse_query(raw: str) -> Query:
    """What ``raw`` asks for. Never raises, whatever ``raw`` holds and however long it is."""
    text = clean_text(raw)
    words = list(dict.fromkeys(tokenise(text)))
    telling = [word for word in words if word not in STOP_WORDS] or words
    terms = dict.fromkeys(stem(word) for word in telling)
    return Query(text, tuple(terms)[:MAX_TERMS], index_text(text))


def run_search(query: Query) -> SearchResults:
    """All that holds every word; else what begins like the query; else what holds some of its words.

    An exact reference comes first, then an exact title, then titles that hold the words together,
    then titles that hold them all; within each of these in the order of the database's ranking.
    """
    if not query.terms:
        return SearchResults()
    backend = get_search_backend()
    # Only what ordering needs: the texts of one page of results are fetched later.
    entries = SearchEntry.objects.only("pk", "kind", "ref", "title")
    words = " ".join(query.terms)
    attempts = (
        (MatchLevel.ALL, lambda: backend.search(words, entries, operator="and")),
        (MatchLevel.BEGINNING, lambda: backend.autocomplete(words, entries, operator="and")),
        (MatchLevel.SOME, lambda: backend.search(words, entries, operator="or")),
    )
    for how, attempt in attempts:
        if how is MatchLevel.SOME and len(query.terms) == 1:
            continue
        found = list(attempt())
        if found:
            found.sort(key=lambda entry: _rank(entry, query))
            return SearchResults(how, [Match(entry.pk, entry.kind) for entry in found])
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
    """Help for an empty result: the query with words spelt as titles spell them, and titles that look like it.

    The first is empty when every word is known or nothing comes close. One database query.
    """
    entries = list(SearchEntry.objects.only("ref", "title", "url", "kind").order_by("pk"))
    by_title: dict[str, SearchEntry] = {}
    for entry in entries:
        by_title.setdefault(comparison_key(entry.title)[:80], entry)
    alike = difflib.get_close_matches(comparison_key(query.text)[:80], by_title, n=3, cutoff=0.6)
    return _corrected_spelling(query, by_title), [by_title[title] for title in alike]


def _corrected_spelling(query: Query, titles: Iterable[str]) -> str:
    known = {word for title in titles for word in title.split() if len(word) > 2}
    words = tokenise(query.text)[:MAX_TERMS]
    better = [_closest_word(word, known) for word in words]
    return " ".join(better) if better != words else ""


def _closest_word(word: str, known: set[str]) -> str:
    # Short words and references are near to everything; very long ones are near to nothing.
    if word in known or not 4 <= len(word) <= 30 or not word.isalpha():
        return word
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.75)), word)


def entries_by_pk(pks: list[Any]) -> list[SearchEntry]:
    """The entries with these keys, in this order."""
    found = SearchEntry.objects.in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]
