"""Correct the spelling of a query by the words of titles."""

import difflib
from collections.abc import Iterable

from nelis.core.models import SearchEntry
from nelis.core.text import iter_index_words, tokenise

#: How alike two words must be, from 0 to 1: one letter wrong, missing or too many in a word of six.
SIMILARITY = 0.8
#: Shorter words are close to everything, longer ones to nothing.
MIN_LENGTH, MAX_LENGTH = 4, 30


def correct_spelling(text: str, unknown: Iterable[str]) -> str:
    """Return ``text`` with its ``unknown`` words (in the index's form) corrected; empty unless all can be."""
    unknown = set(unknown)
    if not unknown:
        return ""
    known = _known_words()
    corrected, end = "", 0
    for start, stop, words in iter_index_words(text):
        if unknown.issuperset(words):
            closest = _closest_word(" ".join(tokenise(text[start:stop])), known)
            if not closest:
                return ""
            corrected += text[end:start] + closest
            end = stop
    return corrected + text[end:]


def _known_words() -> dict[str, list[str]]:
    """Return the words of all titles and names by their first letter. One query."""
    known: dict[str, set[str]] = {}
    for title, names in SearchEntry.objects.values_list("title", "names"):
        for word in tokenise(f"{title} {names}"):
            if len(word) >= MIN_LENGTH and word.isalpha():
                known.setdefault(word[0], set()).add(word)
    return {letter: sorted(words) for letter, words in known.items()}


def _closest_word(word: str, known: dict[str, list[str]]) -> str:
    if not MIN_LENGTH <= len(word) <= MAX_LENGTH or not word.isalpha():
        return ""
    # Few misspell the first letter; without it, many words resemble each other.
    return next(iter(difflib.get_close_matches(word, known.get(word[0], []), n=1, cutoff=SIMILARITY)), "")
