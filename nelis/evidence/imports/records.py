"""The one form that every shape of file is read into."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.problems import Problems

#: Names of what a row may give beside its value.
MEASURES = ("value", "numerator", "denominator", "confidence", "lower", "upper")
#: Parts of a description that say that nothing is left out.
_TOTALS = frozenset(
    {"total", "all", "all ages", "all persons", "persons", "value", "count", "standard", "variable", "rate", "units"}
)
_TREATMENT = re.compile(r"\b(unsmoothed|smoothed)\b", re.IGNORECASE)


@dataclass(slots=True)
class Record:
    """What one cell, or one row, of a file says. Texts are as the file has them.

    ``names`` together say what is measured: the indicator, then whatever narrows it, such as a sex or an industry.
    """

    line: int
    names: tuple[str, ...]
    area_code: str
    area_name: str
    period: str
    values: dict[str, str]
    flag: str = ""
    unit: str = ""

    #: The column of the value, for messages.
    column: str = ""


#: Reads the rows of a file of one shape. What can't be read is noted in the problems.
Reader = Callable[[Iterator[Row], Problems], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A layout of files that can be read: ``code`` such as F1, its name for staff, and what reads it."""

    code: str
    name: str
    read: Reader


def meaningful(parts: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The ``parts`` of a description that narrow what is measured; totals don't, unless there is nothing else."""
    given = tuple(part for part in parts if part)
    return tuple(part for part in given if part.lower() not in _TOTALS) or given


def treatment_in(names: tuple[str, ...]) -> str:
    """Whether the description says “smoothed” or “unsmoothed”; empty when it says neither."""
    match = _TREATMENT.search(" ".join(names))
    return match[0].lower() if match else ""


def plain_name(text: str) -> str:
    """``text`` as names of indicators are compared: without case, units at its end, and kinds of dashes."""
    text = re.sub(r"[‐‑‒–—−]", "-", text.replace("\u00a0", " ")).lower()
    text = _TREATMENT.sub("", text)
    text = re.sub(r"\s*(?:\((?:£|%|£m|£ million)\)|%|£m|£)\s*$", "", text)
    return " ".join(text.replace(",", " ").split())


def header_name(text: str) -> str:
    """A heading as headings are compared: lower case, words with single blanks."""
    return " ".join(re.sub(r"[._]", " ", text.replace("\ufeff", "")).lower().split()).rstrip(":").strip()
