"""Dates in words, as exactly as they are known and no more so."""

from datetime import date

from django.utils.dateformat import format as format_date

__all__ = ["partial_date"]

PATTERNS = {"day": "j F Y", "month": "F Y", "year": "Y"}


def partial_date(value: date | None, precision: str = "day") -> str:
    """Return a date as exactly as it is known: "16 July 2019", "July 2019", "2019", "date not known"."""
    # A template passes an empty string for a missing variable.
    if not value or precision not in PATTERNS:
        return "date not known"
    return format_date(value, PATTERNS[precision])
