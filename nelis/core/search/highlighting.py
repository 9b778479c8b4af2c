"""The words around a hit, with the hits marked. Plain text in, plain text out: the template escapes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nelis.core.search.text import stem, tokenise

__all__ = ["Part", "excerpt", "highlight"]

#: How much text a result shows, and how much of it stands before the first hit.
EXCERPT_LENGTH = 240
LEAD = 60
#: Texts are read this far. A hit beyond it still counts, without being shown.
_MAX_READ = 50_000

# A word as it is printed: with its apostrophes, which ``tokens`` takes out.
_PRINTED = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; ``hit`` when the reader searched for it."""

    text: str
    hit: bool


def highlight(text: str, terms: Iterable[str], prefixes: bool = False) -> list[Part]:
    """``text`` in parts, words that match one of ``terms`` (stems) marked.

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
    """What to show of a result: its summary if that holds a hit or nothing does, else the body's best place."""
    terms = list(terms)
    matches = _matcher(terms, prefixes)
    for text in (summary, body):
        hits = _find_hits(text[:_MAX_READ], matches)
        if hits:
            return highlight(_cut_excerpt(text[:_MAX_READ], hits), terms, prefixes)
    return highlight(_cut_excerpt(summary or body[:_MAX_READ], []), terms, prefixes)


def _matcher(terms: Iterable[str], prefixes: bool) -> Callable[[str], bool]:
    wanted = set(terms)
    beginnings = tuple(wanted) if prefixes else ()

    def matches(word: str) -> bool:
        return any(stem(token) in wanted or (beginnings and token.startswith(beginnings)) for token in tokenise(word))

    return matches


def _find_hits(text: str, matches: Callable[[str], bool]) -> list[tuple[int, int]]:
    return [found.span() for found in _PRINTED.finditer(text) if matches(found.group())]


def _cut_excerpt(text: str, hits: list[tuple[int, int]]) -> str:
    # The window that holds most hits, from a word's beginning to a word's end.
    if len(text) <= EXCERPT_LENGTH:
        return text
    start = 0
    if hits:
        reach = EXCERPT_LENGTH - LEAD
        best = max(hits, key=lambda hit: sum(hit[0] <= s < hit[0] + reach for s, _ in hits))
        start = max(0, best[0] - LEAD)
    if start:
        start = text.find(" ", start, start + LEAD) + 1 or start
    stop = min(len(text), start + EXCERPT_LENGTH)
    if stop < len(text):
        stop = max(text.rfind(" ", start, stop), start + EXCERPT_LENGTH // 2)
    return f"{'… ' if start else ''}{text[start:stop].strip()}{' …' if stop < len(text) else ''}"
