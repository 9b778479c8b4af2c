"""Normalise text: cleaning, splitting into words, and the form in which search compares words.

The index and the query go through the same functions, so both databases find the same, and nothing a reader types is
taken for the query syntax of either.
"""

import re
import unicodedata
from dataclasses import dataclass

#: Queries are cut here: longer than any title, short enough to be cheap.
MAX_QUERY_LENGTH = 200

# Letters and digits of any script. Everything else, the underscore included, separates words.
_WORD = re.compile(r"[^\W_]+")
_BLANKS = re.compile(r"\s+")
# Apostrophes inside a word would split “Europe's” into two.
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
# Endings that only look like a plural.
_NOT_PLURAL = ("ss", "us", "is")


@dataclass(frozen=True, slots=True)
class SearchText:
    """What an object is found by, all plain text: the return value of ``search_text()``.

    ``kind`` is shown and filtered on; ``ref`` and ``title`` decide the order; ``summary`` and ``body`` are matched
    and shown as the excerpt.
    """

    kind: str
    ref: str
    title: str
    summary: str
    body: str


def clean_text(text: str, limit: int = MAX_QUERY_LENGTH) -> str:
    """Return ``text`` fit to be shown and searched: visible characters, single blanks, at most ``limit`` long.

    Control characters (NUL too), direction marks, lone surrogates and unassigned characters are removed; look-alikes
    (full-width letters, ligatures) become plain.
    """
    # Cut before the work, because the input may be huge, and after, because one character may become many.
    visible = "".join(
        " " if character.isspace() else character
        for character in text[: limit * 4]
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", visible)).strip()[:limit].strip()


def tokenise(text: str) -> list[str]:
    """Return the words of ``text`` in order, without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return _WORD.findall("".join(character for character in plain if not unicodedata.combining(character)))


def stem(word: str) -> str:
    """Return ``word`` without its English plural ending, so that “companies” finds “company”.

    References such as SA4 and words with digits stay as they are.
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(_NOT_PLURAL) or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def index_text(*texts: str) -> str:
    """Return the words of ``texts`` as the index holds them."""
    return " ".join(stem(token) for text in texts for token in tokenise(text))


def comparison_key(text: str) -> str:
    """Return ``text`` without what spellings differ in: case, accents, hyphens and other marks."""
    return " ".join(tokenise(text))
