"""Synonyms: other words for what a reader searches for.

They come from the names of what is searchable (a term's abbreviation, what an organisation is also called) and from the
list in the site settings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from nelis.core.models import ContentVersion, SearchEntry, SiteSettings
from nelis.core.text import index_words

#: A word or phrase as the index holds it.
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The synonyms of each phrase, and the length of the longest phrase in words."""

    of: dict[Phrase, frozenset[Phrase]]
    longest: int

    def split(self, words: list[str]) -> Iterator[tuple[Phrase, frozenset[Phrase]]]:
        """Split ``words`` into the longest phrases with synonyms and single words; yield each with its synonyms."""
        start = 0
        while start < len(words):
            for length in range(min(self.longest, len(words) - start), 0, -1):
                phrase = tuple(words[start : start + length])
                if length == 1 or phrase in self.of:
                    yield phrase, self.of.get(phrase, frozenset())
                    start += length
                    break


def make_synonyms(sets: Iterable[Iterable[str]]) -> Synonyms:
    """Return the synonyms that ``sets`` of words and phrases give. A phrase in several sets has those of all."""
    of: dict[Phrase, set[Phrase]] = defaultdict(set)
    for names in sets:
        phrases = {tuple(index_words(name)) for name in names} - {()}
        for phrase in phrases:
            of[phrase] |= phrases - {phrase}
    found = {phrase: frozenset(others) for phrase, others in of.items() if others}
    return Synonyms(found, max(map(len, found), default=1))


#: The synonyms loaded last in this process, and the content stamp they were loaded at.
_cached: tuple[UUID, Synonyms] | None = None


def current_synonyms() -> Synonyms:
    """Return the synonyms of the site: one query, and two more after the content has changed."""
    global _cached
    stamp = ContentVersion.objects.filter(pk=1).values_list("stamp", flat=True).first()
    cached = _cached
    if cached is not None and cached[0] == stamp:
        return cached[1]
    synonyms = make_synonyms(_synonym_sets())
    if stamp is not None:
        _cached = (stamp, synonyms)
    return synonyms


def _synonym_sets() -> Iterator[list[str]]:
    for title, names in SearchEntry.objects.exclude(names="").values_list("title", "names"):
        yield [title, *names.split("\n")]
    for (text,) in SiteSettings.objects.filter(site__is_default_site=True).values_list("search_synonyms"):
        for line in text.splitlines():
            yield line.split(",")
