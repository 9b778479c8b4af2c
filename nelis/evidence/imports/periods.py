"""Periods as files of statistics write them: years, months, quarters, financial years, twelve months to a month."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: Two digits of a year: up to this they are of this century.
_LAST_SHORT_YEAR = 68
_FIRST_YEAR, _LAST_YEAR = 1800, 2200


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included, and how it is called.

    ``may_be_financial`` marks “2011-12”, which is read as December but may be meant as a financial year.
    """

    start: date
    end: date
    label: str
    frequency: str
    may_be_financial: bool = False


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period | None:
    """``text`` as a period; None when it is none that is known."""
    tidy = " ".join(text.replace("–", "-").replace("—", "-").replace("\u00a0", " ").split()).lower()
    for pattern, make in _PATTERNS:
        if match := pattern.fullmatch(tidy):
            try:
                return make(match)
            except ValueError:
                return None
    return None


def _year(match: re.Match[str]) -> Period:
    year = _checked_year(match["year"])
    return Period(date(year, 1, 1), date(year, 12, 31), str(year), "yearly")


def _financial_year(match: re.Match[str]) -> Period:
    year = _checked_year(match["year"])
    if int(match["next"][-2:]) != (year + 1) % 100 or (len(match["next"]) == 4 and int(match["next"]) != year + 1):
        raise ValueError
    return Period(date(year, 4, 1), date(year + 1, 3, 31), f"{year}/{(year + 1) % 100:02}", "yearly")


def _numbered_month(match: re.Match[str]) -> Period:
    year, month = _checked_year(match["year"]), int(match["month"])
    if month > 12:
        return _financial_year(re.fullmatch(r"(?P<year>\d{4})-(?P<next>\d\d)", match.string) or match)
    found = _months(year, month, 1)
    return Period(found.start, found.end, found.label, "monthly", month == (year + 1) % 100)


def _named_month(match: re.Match[str]) -> Period:
    return _months(_checked_year(match["year"]), _MONTHS[match["month"]], 1)


def _quarter(match: re.Match[str]) -> Period:
    return _months(_checked_year(match["year"]), 3 * int(match["quarter"]) - 2, 3)


def _span(match: re.Match[str]) -> Period:
    last = _checked_year(match["last_year"])
    first = _checked_year(match["first_year"]) if match["first_year"] else last
    start = date(first, _MONTHS[match["first"]], 1)
    end = _month_end(last, _MONTHS[match["last"]])
    if end < start:
        raise ValueError
    return _named(start, end)


def _ending(match: re.Match[str]) -> Period:
    months = int(match["months"] or 12)
    if not 1 <= months <= 60:
        raise ValueError
    month = match["month"]
    end = _month_end(_checked_year(match["year"]), int(month) if month.isdigit() else _MONTHS[month])
    year, month = divmod(end.year * 12 + end.month - months, 12)
    return _named(date(year, month + 1, 1), end)


def _iso_interval(match: re.Match[str]) -> Period:
    start = date.fromisoformat(match["start"])
    _checked_year(match["start"][:4])
    months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    if not 1 <= months <= 120:
        raise ValueError
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return _named(start, date(year, month + 1, min(start.day, 28)) - timedelta(days=1))


def _months(year: int, month: int, count: int) -> Period:
    return _named(date(year, month, 1), _month_end(year, month + count - 1))


def _named(start: date, end: date) -> Period:
    """The period with the shortest name that says when it is."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 12 and start.month == 1:
        return Period(start, end, str(start.year), "yearly")
    if months == 1:
        return Period(start, end, f"{start:%B %Y}", "monthly")
    if months == 3 and start.month % 3 == 1:
        return Period(start, end, f"{start.year} Q{(start.month + 2) // 3}", "quarterly")
    return Period(start, end, f"{start:%b %Y}–{end:%b %Y}", "rolling" if months == 12 else "irregular")


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _checked_year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        year += 2000 if year <= _LAST_SHORT_YEAR else 1900
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(text)
    return year


_ANY_YEAR = r"(?:\d{4}|\d\d)"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        # A year that a program has made a number of.
        (r"(?P<year>\d{4})(?:\.0+)?", _year),
        (r"(?:calendar year |year )(?P<year>\d{4})", _year),
        (r"(?:fy ?)?(?P<year>\d{4})/(?P<next>\d\d|\d{4})", _financial_year),
        (r"(?P<year>\d{4})-(?P<next>\d{4})", _financial_year),
        (r"(?P<year>\d{4})-(?P<month>\d\d)", _numbered_month),
        (rf"(?P<month>{_MONTH})[ -](?P<year>{_ANY_YEAR})", _named_month),
        (rf"(?P<year>\d{{4}})[ -](?P<month>{_MONTH})", _named_month),
        (r"(?P<year>\d{4})[ -]?q(?P<quarter>[1-4])", _quarter),
        (r"q(?P<quarter>[1-4])[ -](?P<year>\d{4})", _quarter),
        (
            rf"(?P<first>{_MONTH})(?:[ -](?P<first_year>{_ANY_YEAR}))? ?(?:-|to) ?"
            rf"(?P<last>{_MONTH})[ -](?P<last_year>{_ANY_YEAR})",
            _span,
        ),
        (
            rf"(?:(?P<months>\d{{1,2}}) months?|year|the year) (?:to|ending|ended|ending in) "
            rf"(?P<month>{_MONTH})[ -](?P<year>{_ANY_YEAR})",
            _ending,
        ),
        (r"(?P<months>\d{1,2}) months to (?P<year>\d{4})-(?P<month>\d\d)", _ending),
        (r"(?P<start>\d{4}-\d\d-\d\d)(?:t00:00:00)?/p(?:(?P<years>\d+)y)?(?:(?P<months>\d+)m)?", _iso_interval),
    )
)
