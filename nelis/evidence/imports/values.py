"""Numbers as files of statistics write them: with thousands separators, units and marks."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

#: So many digits before the point are held.
_MAX_DIGITS = 14
_PLACES = Decimal("0.000001")
_NUMBER = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+)?(?:\.\d+)?(?:[eE][+-]?\d{1,2})?"
)
#: Marks that stand in place of a value, and those that stand behind one.
_MARKS = frozenset(
    {"!", "-", "–", "*", "**", "***", "#", "~", ".", "..", "...", ":", "c", "u", "x", "z", "q", "s", "na"}
)
_WORDS = frozenset({"n/a", "nan", "null", "none", "missing", "not available", "suppressed", "confidential", "no data"})
_BRACKETED = re.compile(r"[\[(][a-zA-Z]{1,3}\d?[\])]")
_MARKED = re.compile(r"(?P<number>.*?\d) ?(?P<mark>[\[(][a-zA-Z]{1,3}\d?[\])]|[*!#~]+|[pre])")
_FROM_EXCEL = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|#+)")


class NotANumberError(ValueError):
    """Raised for text that is neither a number nor a known mark; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or none; ``flag`` is the mark of the source, ``unit`` a sign written with the number."""

    number: Decimal | None
    flag: str = ""
    unit: str = ""


@lru_cache(maxsize=8192)
def parse_value(text: str) -> Value:
    """``text`` as a value. Raises NotANumberError."""
    tidy = text.strip().replace("−", "-")
    if not tidy or tidy.lower() in _MARKS or tidy.lower() in _WORDS or _BRACKETED.fullmatch(tidy):
        return Value(None, tidy)
    if _FROM_EXCEL.fullmatch(tidy):
        raise NotANumberError("A spreadsheet has put an error in place of the number. Look at its formula there.")
    flag = ""
    if match := _MARKED.fullmatch(tidy):
        tidy, flag = match["number"], match["mark"]
    tidy, unit = _without_unit(tidy)
    if re.fullmatch(r"-?\d+,\d{1,2}|-?\d+,\d{4,}", tidy):
        raise NotANumberError("Use a full stop for the decimals: 67.1, not 67,1.")
    if not tidy or not _NUMBER.fullmatch(tidy) or not any(character.isdigit() for character in tidy):
        raise NotANumberError("Put the number alone there, or leave the cell empty where there is none.")
    number = Decimal(re.sub(r"[,\s]", "", tidy))
    if number and number.adjusted() >= _MAX_DIGITS:
        raise NotANumberError("The number is too long to be a figure.")
    return Value(number.quantize(_PLACES).normalize() + 0, flag, unit)


def _without_unit(text: str) -> tuple[str, str]:
    sign = "-" if text.startswith("-£") else ""
    if text.startswith(("£", "-£")):
        return sign + text.removeprefix(sign).removeprefix("£").strip(), "£"
    if text.endswith("%"):
        return text.removesuffix("%").strip(), "%"
    return text, ""
