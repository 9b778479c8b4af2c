"""Normalise text: cleaning, splitting into words, and the form in which search compares words.

The index and the query go through the same functions, so both databases find the same, and nothing a reader types is
taken for the query syntax of either.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

#: Queries are cut here: longer than any title, short enough to be cheap.
MAX_QUERY_LENGTH = 200

# Letters and digits of any script. Everything else, the underscore included, separates words.
_WORD = re.compile(r"[^\W_]+")
_BLANKS = re.compile(r"\s+")
# Apostrophes inside a word would split “Europe's” into two.
_APOSTROPHES = str.maketrans("", "", "'’ʼ")

# Numbers are indexed in one form, however they are written.
_UNITS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_NUMBER_WORDS = _UNITS | {"ten": 10, "eleven": 11, "twelve": 12}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_MULTIPLES = {"hundred": 2, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9, "tn": 12}
_COUNT = rf"\d{{1,2}}|{'|'.join(_NUMBER_WORDS)}"
_PRINTED = re.compile(
    rf"""
    \b(?P<of>a|{_COUNT})[ -](?P<part>{"|".join(_FRACTIONS)})s?\b
    | \b(?P<spelt>{"|".join(_NUMBER_WORDS)})[ -](?P<times>hundred|thousand|million|billion)\b
    | \b(?P<some>{_COUNT})\ (?:in|out\ of)\ (?:every\ )?(?P<all>{_COUNT})\b
    | (?<![\w.,])[£€$]?(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<decimals>\.\d+)?
      (?:[ -]?(?P<multiple>{"|".join(_MULTIPLES)})\b)?
      (?:[ ]?(?P<percent>%|per\ ?cent\b|pc\b))?
      (?![\w]|\.\d|,\d{{3}})
    | [^\W_]+(?:['’ʼ][^\W_]+)*
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Priority(IntEnum):
    """How close to the strategy itself something is."""

    #: What is aimed at, proposed, found.
    STRATEGY = 0
    OTHER = 1
    #: What explains words, or where the text comes from.
    EXPLANATION = 2


@dataclass(frozen=True, slots=True)
class SearchText:
    """What an object is found by, all plain text: the return value of ``search_text()``.

    ``kind`` is shown and filtered on; ``ref`` and ``title`` decide the order; ``summary`` and ``body`` are matched
    and shown as the excerpt. ``names`` are other names of it, such as an abbreviation: whoever searches for one of them
    or for the title finds what holds any. Among results that fit equally well, the lowest ``priority`` comes first.
    """

    kind: str
    ref: str
    title: str
    summary: str
    body: str
    names: tuple[str, ...] = ()
    priority: int = Priority.OTHER


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
    """Return the stem of an English word, so that “exporting” finds “exports”; words with digits stay as they are.

    The stemmer is Snowball's English one (Porter 2), for the words that ``tokenise`` returns.
    """
    return _stem(word) if word.isascii() and word.isalpha() else word


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def iter_index_words(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield each word or number of ``text`` as the index holds it: where it begins and ends, and its words there.

    “£1.6bn” and “1.6 billion” are one word, as are “62,500” and “62500”, “one” and “1”, or “a third” and “1 in 3”.
    “35%” and “35 per cent” are two.
    """
    for match in _PRINTED.finditer(text):
        words = _number_words(match) or [stem(_NUMERALS.get(token, token)) for token in tokenise(match.group())]
        if words:
            yield match.start(), match.end(), words


_NUMERALS = {word: str(number) for word, number in _NUMBER_WORDS.items()}


def _number_words(match: re.Match[str]) -> list[str]:
    """Return the words that stand for a number or a share in the index; nothing for anything else."""
    if match["part"]:
        return [f"{_count(match['of'])}in{_FRACTIONS[match['part'].lower()]}"]
    if match["some"]:
        return [f"{_count(match['some'])}in{_count(match['all'])}"]
    if match["spelt"]:
        return [_NUMERALS[match["spelt"].lower()] + "0" * _MULTIPLES[match["times"].lower()]]
    if not match["number"]:
        return []
    whole = match["number"].replace(",", "")
    if match["multiple"]:
        power = _MULTIPLES[match["multiple"].lower()]
        decimals = (match["decimals"] or ".")[1:]
        words = [str(int(whole + decimals[:power].ljust(power, "0"))), *filter(None, [decimals[power:]])]
    else:
        words = [str(int(whole)) if len(whole) > 1 and "," in match["number"] else whole]
        if match["decimals"]:
            words.append(match["decimals"][1:])
    return [*words, "percent"] if match["percent"] else words


def _count(word: str) -> str:
    return "1" if word.lower() == "a" else _NUMERALS.get(word.lower(), word)


def index_words(text: str) -> list[str]:
    """Return the words of ``text`` in order, as the index holds them."""
    return [word for _, _, words in iter_index_words(text) for word in words]


def index_text(*texts: str) -> str:
    """Return the words of ``texts`` as the index holds them."""
    return " ".join(word for text in texts for word in index_words(text))


def comparison_key(text: str) -> str:
    """Return ``text`` without what spellings differ in: case, accents, hyphens and other marks."""
    return " ".join(tokenise(text))
