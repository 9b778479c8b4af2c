"""How search reads text: cleaning, splitting into words, and the form in which words are compared.

The index and the query go through the same functions, so both databases find the same things, and
nothing a reader types can be taken for the syntax of either.
"""

import re
import unicodedata

__all__ = ["MAX_QUERY_LENGTH", "clean_text", "comparison_key", "index_text", "stem", "tokenise"]

#: Queries are cut here: longer than any title, short enough to be cheap.
MAX_QUERY_LENGTH = 200

# Letters and digits of any script. Everything else, the underscore included, parts words.
_WORD = re.compile(r"[^\W_]+")
_BLANKS = re.compile(r"\s+")
# Apostrophes inside a word would split “Europe's” into two.
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
# Ways to end a plural that only look like one.
_NOT_PLURAL = ("ss", "us", "is")


def clean_text(text: str, limit: int = MAX_QUERY_LENGTH) -> str:
    """``text`` as it may be shown and searched: readable characters only, single blanks, cut at ``limit``.

    Control characters (NUL too), marks that turn the direction of writing, lone surrogates and
    unassigned characters go; look-alike forms (full-width letters, ligatures) become plain ones.
    """
    # Cut twice: before the work, because the input may be huge, and after, because one character
    # may become many.
    readable = "".join(
        " " if character.isspace() else character
        for character in text[: limit * 4]
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", readable)).strip()[:limit].strip()


def tokenise(text: str) -> list[str]:
    """The words of ``text`` in order, without case, accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def stem(word: str) -> str:
    """``word`` without its English plural ending, so that “companies” finds “company”.

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
    """The words of ``texts`` in the form the index keeps them."""
    return " ".join(stem(token) for text in texts for token in tokenise(text))


def comparison_key(text: str) -> str:
    """``text`` without what spellings differ in: case, accents, hyphens and other marks."""
    return " ".join(tokenise(text))
