"""Whether the strategy covers what a reader calls their sector, and which national deals there are for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from nelis.core.models import SearchEntry
from nelis.core.search.query import Concept, MatchLevel, Query, find_concepts, parse_query, run_search
from nelis.core.text import index_words
from sectors.models import SectorDealPage, SectorPage, SubSectorPage

#: Said with the name of a sector, and no part of it.
BESIDE_THE_NAME = frozenset(
    index_words("sector sectors industry industries business firm firms company companies deal")
)
COVERED_KINDS = (SectorPage.kind, SubSectorPage.kind)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the site has on the sector that a reader named, in ``words``.

    ``covered`` are the sectors and sub-sectors named so, ``deals`` the Sector Deals, ``mentions`` how many pages and
    other things hold the words; ``words`` are as corrected when nothing holds them as typed.
    """

    words: str
    covered: list[SearchEntry]
    deals: list[SearchEntry]
    mentions: int


def find_coverage(typed: str) -> Coverage | None:
    """Look up what a reader calls their sector; None when nothing was typed."""
    query = parse_query(typed)
    if not query.terms:
        return None
    results = run_search(query)
    found = results.level is MatchLevel.ALL
    if results.level is MatchLevel.CORRECTED:
        query, found = parse_query(results.correction), True
    entries = SearchEntry.objects.filter(kind__in=(*COVERED_KINDS, SectorDealPage.kind)).order_by("title")
    named = list(_named_so(entries, query))
    return Coverage(
        query.text,
        [entry for entry in named if entry.kind in COVERED_KINDS],
        [entry for entry in named if entry.kind == SectorDealPage.kind],
        len(results.matches) if found else 0,
    )


def _named_so(entries: Iterable[SearchEntry], query: Query) -> Iterable[SearchEntry]:
    """Yield the entries whose title has every word of the query, or one that means the same."""
    concepts = [concept for concept in find_concepts(query) if not BESIDE_THE_NAME.issuperset(concept.phrase)]
    for entry in entries:
        title = set(index_words(entry.title))
        if concepts and all(_is_in(concept, title) for concept in concepts):
            yield entry


def _is_in(concept: Concept, words: set[str]) -> bool:
    return any(words.issuperset(phrase) for phrase in concept.phrases)
