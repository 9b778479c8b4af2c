"""Search: parse what a reader typed, find the entries, and rank them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise, takewhile
from operator import and_, or_
from string import ascii_letters
from typing import Any

from django.db.models import QuerySet
from wagtail.search.backends import get_search_backend
from wagtail.search.query import PlainText, SearchQuery

from nelis.core.models import SearchEntry
from nelis.core.search.spelling import correct_spelling
from nelis.core.search.synonyms import Phrase, current_synonyms
from nelis.core.text import clean_text, comparison_key, index_text, index_words, tokenise

#: More words make no search better; the rest is ignored.
MAX_TERMS = 16
#: When nothing holds all words, so many are looked for one by one, each in a query of its own.
MAX_PARTS = 4
#: References such as PQ3a are no longer than this.
MAX_REFERENCE = 6
_LEADING_ZEROS = re.compile(r"(?<=[a-z])0+(?=\d)")
#: Ignored unless the query holds nothing else.
STOP_WORDS = frozenset(
    index_words(
        "a about all an and any are as at be by can could current currently do does find for from get give has have he "
        "here how i in info information into is it its latest many me much my need of on or our please she should so "
        "tell that the their them there they this to today up us want was we were what when where which who why will "
        "with would you your"
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: ``text`` to show again, ``key`` as references and titles are compared, ``words`` as the index
    holds them, ``terms`` those of them that count.
    """

    text: str
    key: str
    words: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A word or phrase of a query, and the phrases that would do as well."""

    phrase: Phrase
    synonyms: frozenset[Phrase] = frozenset()

    def search_query(self) -> SearchQuery:
        """Return the condition that an entry holds one of the phrases: all of its words, in any order."""
        return _join(or_, [PlainText(" ".join(phrase), operator="and") for phrase in self.phrases])

    @property
    def phrases(self) -> list[Phrase]:
        """The phrase and its synonyms, in a fixed order, without words that say nothing."""
        shortened = (_content_words(phrase) for phrase in (self.phrase, *sorted(self.synonyms)))
        return list(dict.fromkeys(shortened))


class MatchLevel(IntEnum):
    """How well all results match the query."""

    ALL = 0
    #: No entry has all words; these have words that begin with them.
    PREFIX = 1
    #: Nothing was found until the spelling was corrected.
    CORRECTED = 2
    #: No entry has all words; these have some.
    ANY = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A result: the primary key of its entry, and its kind."""

    pk: int
    kind: str


@dataclass(slots=True)
class SearchResults:
    """All results, best first.

    ``terms`` are the words to mark in them; ``correction`` is the query as corrected, when that is what was found.
    """

    level: MatchLevel = MatchLevel.NONE
    matches: list[Match] = field(default_factory=list)
    terms: frozenset[str] = frozenset()
    correction: str = ""


def parse_query(raw: str) -> Query:
    """Parse ``raw``. Never raises, whatever it holds and however long it is."""
    text = clean_text(raw)
    words = index_words(text)[: MAX_TERMS * 2]
    return Query(text, comparison_key(text), tuple(words), _content_words(tuple(dict.fromkeys(words)))[:MAX_TERMS])


def _content_words(words: Phrase) -> Phrase:
    """Return ``words`` without those that say nothing, or all if there are no others."""
    return tuple(word for word in words if word not in STOP_WORDS) or words


def find_concepts(query: Query) -> list[Concept]:
    """Return what the query asks for: its phrases that have synonyms, and its other words."""
    concepts = [Concept(phrase, synonyms) for phrase, synonyms in current_synonyms().split(list(query.words))]
    meaningful = [concept for concept in concepts if concept.synonyms or concept.phrase[0] in query.terms]
    return list(dict.fromkeys(meaningful))[:MAX_TERMS]


def run_search(query: Query) -> SearchResults:
    """Find the entries with all words, or words that mean the same; else what comes next best, see ``MatchLevel``.

    An exact reference ranks first, then an exact title, then titles with the words together, then titles with all of
    them; within each of these first what the strategy itself says, then the database's ranking.
    """
    if not query.terms:
        return SearchResults()
    concepts = find_concepts(query)
    named = find_references(query)
    if found := _find_all(query, concepts) or named:
        exact = takewhile(lambda entry: query.key in (comparison_key(entry.ref), comparison_key(entry.title)), found)
        in_order = dict.fromkeys([*exact, *named, *found])
        return _results(MatchLevel.ALL, list(in_order), concepts)
    if found := _find_beginnings(query):
        terms = frozenset(tokenise(query.text))
        return SearchResults(MatchLevel.PREFIX, [Match(entry.pk, entry.kind) for entry in found], terms)
    return _search_in_part(query, concepts)


def _search_in_part(query: Query, concepts: list[Concept]) -> SearchResults:
    """Find what a corrected spelling finds; else the entries that hold some of the longest words."""
    longest = sorted(concepts, key=lambda concept: -len(" ".join(concept.phrase)))[:MAX_PARTS]
    pks = [_primary_keys(concept) for concept in longest]
    unknown = [word for concept, found in zip(longest, pks, strict=True) if not found for word in concept.phrase]
    if corrected := correct_spelling(query.text, unknown):
        corrected_query = parse_query(corrected)
        corrected_concepts = find_concepts(corrected_query)
        if found := _find_all(corrected_query, corrected_concepts):
            results = _results(MatchLevel.CORRECTED, found, corrected_concepts)
            results.correction = corrected
            return results
    if len(longest) > 1 and any(pks):
        return _results(MatchLevel.ANY, _find_some(query, longest, pks), longest)
    return SearchResults()


def find_references(query: Query) -> list[SearchEntry]:
    """Return the entries whose reference the query names: “P7”, “evidence for P7”, “p 7” or “proposition 7”."""
    words = tokenise(query.text)
    if not any(len(word) <= MAX_REFERENCE and any(map(str.isdigit, word)) for word in words):
        return []
    typed = [_reference_key(name) for name in (*words, *map("".join, pairwise(words))) if not name.isdigit()]
    by_name: dict[str, SearchEntry] = {}
    for entry in _entries().exclude(ref=""):
        if len(entry.ref) > MAX_REFERENCE or not any(map(str.isdigit, entry.ref)):
            continue
        number = entry.ref.lstrip(ascii_letters)
        for name in (entry.ref, f"{entry.kind}{number}" if number.isdigit() else ""):
            by_name.setdefault(_reference_key(name), entry)
    return [by_name[name] for name in dict.fromkeys(typed) if name and name in by_name]


def _reference_key(name: str) -> str:
    """Return ``name`` as references are compared: F3 is F03."""
    return _LEADING_ZEROS.sub("", "".join(tokenise(name)))


def _results(level: MatchLevel, found: list[SearchEntry], concepts: list[Concept]) -> SearchResults:
    terms = frozenset(word for concept in concepts for phrase in concept.phrases for word in phrase)
    return SearchResults(level, [Match(entry.pk, entry.kind) for entry in found], terms)


def _entries() -> QuerySet[SearchEntry]:
    # Only what ranking needs: the texts of one page of results are fetched later.
    return SearchEntry.objects.only("pk", "kind", "ref", "title", "priority")


def _join(connect: Callable[[SearchQuery, SearchQuery], SearchQuery], parts: list[SearchQuery]) -> SearchQuery:
    """Connect ``parts`` by halves: SQLite's parser overflows where brackets are as deep as a long query has words."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return connect(_join(connect, parts[:middle]), _join(connect, parts[middle:]))


def _find_all(query: Query, concepts: list[Concept]) -> list[SearchEntry]:
    condition = _join(and_, [concept.search_query() for concept in concepts])
    found = get_search_backend().search(condition, _entries())
    return sorted(found, key=lambda entry: _rank(entry, query, concepts))


def _find_beginnings(query: Query) -> list[SearchEntry]:
    words = [word for word in tokenise(query.text) if index_text(word) in query.terms]
    found = get_search_backend().autocomplete(" ".join(words[:MAX_TERMS]), _entries(), operator="and") if words else ()
    return sorted(found, key=lambda entry: entry.priority)


def _primary_keys(concept: Concept) -> set[int]:
    found = get_search_backend().search(concept.search_query(), SearchEntry.objects.only("pk"))
    return {entry.pk for entry in found}


def _find_some(query: Query, concepts: list[Concept], pks: list[set[int]]) -> list[SearchEntry]:
    """Return the entries that hold some of ``concepts``, each found in ``pks``: those with the rarest come first."""
    total = sum(map(len, pks)) or 1

    def rank(entry: SearchEntry) -> tuple[float, ...]:
        title = set(index_words(f"{entry.ref} {entry.title}"))
        weight = 0.0
        for concept, found in zip(concepts, pks, strict=True):
            if entry.pk in found:
                in_title = any(title.issuperset(phrase) for phrase in concept.phrases)
                weight += (2 if in_title else 1) * (1 - len(found) / (total + 1))
        return (-weight, *_rank(entry, query, concepts))

    return sorted(_entries().filter(pk__in=set().union(*pks)).order_by("pk"), key=rank)


def _rank(entry: SearchEntry, query: Query, concepts: list[Concept]) -> tuple[int, ...]:
    """Return the sort key of a result: how well its title fits, whether by a synonym, and how close to the strategy."""
    if comparison_key(entry.ref) == query.key:
        return (0, 0, entry.priority)
    if comparison_key(entry.title) == query.key:
        return (1, 0, entry.priority)
    title, ref = index_words(entry.title), index_words(entry.ref)
    wanted = [_content_words(query.words), *(concepts[0].phrases[1:] if len(concepts) == 1 else [])]
    for is_synonym, phrase in enumerate(wanted):
        if list(phrase) in (title, ref, list(_content_words(tuple(title)))):
            return (2, min(is_synonym, 1), entry.priority)
    for is_synonym, phrase in enumerate(wanted):
        if f" {' '.join(phrase)} " in f" {' '.join(title)} ":
            return (3, min(is_synonym, 1), entry.priority)
    words = {*title, *ref}
    if all(words.issuperset(concept.phrases[0]) for concept in concepts):
        return (4, 0, entry.priority)
    in_title = sum(any(words.issuperset(phrase) for phrase in concept.phrases) for concept in concepts)
    return (5, len(concepts) - in_title, entry.priority)


def entries_by_pk(pks: list[Any]) -> list[SearchEntry]:
    """Return the entries with these primary keys, in this order."""
    entries = SearchEntry.objects.in_bulk(pks)
    return [entries[pk] for pk in pks if pk in entries]
