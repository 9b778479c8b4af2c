"""The words around a hit, with the hits marked. Plain text in, plain text out: the template escapes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nelis.core.search.words import stem, tokens

__all__ = ["Part", "highlight", "snippet"]

#: How much text a result shows, and how much of it stands before the first hit.
LENGTH = 240
LEAD = 60
#: Texts are read this far. A hit beyond it still counts, without being shown.
_READ = 50_000

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
    for start, stop in _hits(text, _matcher(terms, prefixes)):
        if start > end:
            parts.append(Part(text[end:start], False))
        parts.append(Part(text[start:stop], True))
        end = stop
    if end < len(text):
        parts.append(Part(text[end:], False))
    return parts


def snippet(summary: str, body: str, terms: Iterable[str], prefixes: bool = False) -> list[Part]:
    """What to show of a result: its summary if that holds a hit or nothing does, else the body's best place."""
    terms = list(terms)
    matches = _matcher(terms, prefixes)
    for text in (summary, body):
        hits = _hits(text[:_READ], matches)
        if hits:
            return highlight(_cut(text[:_READ], hits), terms, prefixes)
    return highlight(_cut(summary or body[:_READ], []), terms, prefixes)


def _matcher(terms: Iterable[str], prefixes: bool) -> Callable[[str], bool]:
    wanted = set(terms)
    beginnings = tuple(wanted) if prefixes else ()

    def matches(word: str) -> bool:
        return any(stem(token) in wanted or (beginnings and token.startswith(beginnings)) for token in tokens(word))

    return matches


def _hits(text: str, matches: Callable[[str], bool]) -> list[tuple[int, int]]:
    return [found.span() for found in _PRINTED.finditer(text) if matches(found.group())]


def _cut(text: str, hits: list[tuple[int, int]]) -> str:
    # The window that holds most hits, from a word's beginning to a word's end.
    if len(text) <= LENGTH:
        return text
    start = 0
    if hits:
        reach = LENGTH - LEAD
        best = max(hits, key=lambda hit: sum(hit[0] <= s < hit[0] + reach for s, _ in hits))
        start = max(0, best[0] - LEAD)
    if start:
        start = text.find(" ", start, start + LEAD) + 1 or start
    stop = min(len(text), start + LENGTH)
    if stop < len(text):
        stop = max(text.rfind(" ", start, stop), start + LENGTH // 2)
    return f"{'… ' if start else ''}{text[start:stop].strip()}{' …' if stop < len(text) else ''}"
