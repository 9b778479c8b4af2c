"""Dates in words, as exactly as they are known and no more so."""

from datetime import date, timedelta

from django.utils.dateformat import format as format_date

__all__ = ["date_span", "partial_date"]

PATTERNS = {"day": "j F Y", "month": "F Y", "year": "Y"}


def partial_date(value: date | None, precision: str = "day") -> str:
    """Return a date as exactly as it is known: "16 July 2019", "July 2019", "2019", "date not known"."""
    # A template passes an empty string for a missing variable.
    if not value or precision not in PATTERNS:
        return "date not known"
    return format_date(value, PATTERNS[precision])


def date_span(value: date | None, precision: str = "day") -> tuple[date, date] | None:
    """Return the first and the last day that a date known so exactly may be; None for a date that isn’t known."""
    if value is None or precision not in PATTERNS:
        return None
    if precision == "day":
        return value, value
    if precision == "month":
        first = value.replace(day=1)
        return first, (first + timedelta(31)).replace(day=1) - timedelta(1)
    return date(value.year, 1, 1), date(value.year, 12, 31)
