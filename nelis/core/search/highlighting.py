"""Cut an excerpt around the hits of a search, and mark them. Plain text in and out: the template escapes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nelis.core.text import iter_index_words, tokenise

#: The length of an excerpt, and of its part before the first hit.
EXCERPT_LENGTH = 240
LEAD = 60
#: Texts are searched for hits this far.
_MAX_READ = 50_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; ``hit`` when the reader searched for it."""

    text: str
    hit: bool


def highlight(text: str, terms: Iterable[str], prefixes: bool = False) -> list[Part]:
    """Return ``text`` in parts, with the words that match one of ``terms`` (as the index holds them) as hits.

    With ``prefixes``, words that begin with a term match too.
    """
    parts: list[Part] = []
    end = 0
    for start, stop in _find_hits(text, _matcher(terms, prefixes)):
        if start > end:
            parts.append(Part(text[end:start], False))
        parts.append(Part(text[start:stop], True))
        end = stop
    if end < len(text):
        parts.append(Part(text[end:], False))
    return parts


def excerpt(summary: str, body: str, terms: Iterable[str], prefixes: bool = False) -> list[Part]:
    """Return the excerpt of a result: from its summary if that has a hit or nothing has, else from the body."""
    terms = list(terms)
    matches = _matcher(terms, prefixes)
    for text in (summary, body):
        hits = _find_hits(text[:_MAX_READ], matches)
        if hits:
            return highlight(_cut_excerpt(text[:_MAX_READ], hits), terms, prefixes)
    return highlight(_cut_excerpt(summary or body[:_MAX_READ], []), terms, prefixes)


def _matcher(terms: Iterable[str], prefixes: bool) -> Callable[[str, list[str]], bool]:
    """Return a function that says whether a word matches, by the word as printed and as the index holds it."""
    stems = frozenset(terms)
    beginnings = tuple(stems) if prefixes else ()

    def matches(printed: str, words: list[str]) -> bool:
        return not stems.isdisjoint(words) or (
            bool(beginnings) and any(token.startswith(beginnings) for token in tokenise(printed))
        )

    return matches


def _find_hits(text: str, matches: Callable[[str, list[str]], bool]) -> list[tuple[int, int]]:
    return [(start, end) for start, end, words in iter_index_words(text) if matches(text[start:end], words)]


def _cut_excerpt(text: str, hits: list[tuple[int, int]]) -> str:
    """Return the window with most hits, from a word's beginning to a word's end."""
    if len(text) <= EXCERPT_LENGTH:
        return text
    start = 0
    if hits:
        reach = EXCERPT_LENGTH - LEAD
        best = max(hits, key=lambda hit: sum(hit[0] <= start < hit[0] + reach for start, _ in hits))
        start = max(0, best[0] - LEAD)
    if start:
        start = text.find(" ", start, start + LEAD) + 1 or start
    stop = min(len(text), start + EXCERPT_LENGTH)
    if stop < len(text):
        stop = max(text.rfind(" ", start, stop), start + EXCERPT_LENGTH // 2)
    return f"{'… ' if start else ''}{text[start:stop].strip()}{' …' if stop < len(text) else ''}"
