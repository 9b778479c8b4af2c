"""From what a reader typed to what is found, in the order that helps most."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from wagtail.search.backends import get_search_backend

from nelis.core.models.search import SearchEntry
from nelis.core.search.words import clean, index_text, key_of, stem, tokens

__all__ = ["Found", "Match", "Query", "find", "near", "parse"]

#: More words than this make no search better; the rest is left out.
MOST_WORDS = 16
#: Words that say nothing when others are there.
FILLERS = frozenset(
    tokens(
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


class How(IntEnum):
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
class Found:
    """Everything found, best first."""

    how: How = How.NOTHING
    matches: list[Match] = field(default_factory=list)


def parse(raw: str) -> Query:
    """What ``raw`` asks for. Never raises, whatever ``raw`` holds and however long it is."""
    text = clean(raw)
    words = list(dict.fromkeys(tokens(text)))
    telling = [word for word in words if word not in FILLERS] or words
    terms = dict.fromkeys(stem(word) for word in telling)
    return Query(text, tuple(terms)[:MOST_WORDS], index_text(text))


def find(query: Query) -> Found:
    """All that holds every word; else what begins like the query; else what holds some of its words.

    An exact reference comes first, then an exact title, then titles that hold the words together,
    then titles that hold them all; within each of these in the order of the database's ranking.
    """
    if not query.terms:
        return Found()
    backend = get_search_backend()
    # Only what ordering needs: the texts of one page of results are fetched later.
    entries = SearchEntry.objects.only("pk", "kind", "ref", "title")
    words = " ".join(query.terms)
    attempts = (
        (How.ALL, lambda: backend.search(words, entries, operator="and")),
        (How.BEGINNING, lambda: backend.autocomplete(words, entries, operator="and")),
        (How.SOME, lambda: backend.search(words, entries, operator="or")),
    )
    for how, attempt in attempts:
        if how is How.SOME and len(query.terms) == 1:
            continue
        found = list(attempt())
        if found:
            found.sort(key=lambda entry: _tier(entry, query))
            return Found(how, [Match(entry.pk, entry.kind) for entry in found])
    return Found()


def _tier(entry: SearchEntry, query: Query) -> int:
    typed = key_of(query.text)
    if entry.ref and key_of(entry.ref) == typed:
        return 0
    if key_of(entry.title) == typed:
        return 1
    title = index_text(entry.title)
    if query.key in {title, index_text(entry.ref)}:
        return 2
    if f" {query.key} " in f" {title} ":
        return 3
    return 4 if set(title.split()).issuperset(query.terms) else 5


def near(query: Query) -> tuple[str, list[SearchEntry]]:
    """Help for an empty result: the query with words spelt as titles spell them, and titles that look like it.

    The first is empty when every word is known or nothing comes close. One database query.
    """
    entries = list(SearchEntry.objects.only("ref", "title", "url", "kind").order_by("pk"))
    by_title: dict[str, SearchEntry] = {}
    for entry in entries:
        by_title.setdefault(key_of(entry.title)[:80], entry)
    alike = difflib.get_close_matches(key_of(query.text)[:80], by_title, n=3, cutoff=0.6)
    return _respelt(query, by_title), [by_title[title] for title in alike]


def _respelt(query: Query, titles: Iterable[str]) -> str:
    known = {word for title in titles for word in title.split() if len(word) > 2}
    words = tokens(query.text)[:MOST_WORDS]
    better = [_closest(word, known) for word in words]
    return " ".join(better) if better != words else ""


def _closest(word: str, known: set[str]) -> str:
    # Short words and references are near to everything; very long ones are near to nothing.
    if word in known or not 4 <= len(word) <= 30 or not word.isalpha():
        return word
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.75)), word)


def entries_in_order(pks: list[Any]) -> list[SearchEntry]:
    """The entries with these keys, in this order."""
    found = SearchEntry.objects.in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]
