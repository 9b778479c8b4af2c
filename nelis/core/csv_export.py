"""CSV files that do no harm when somebody opens them in a spreadsheet program."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

__all__ = ["csv_lines", "csv_response", "is_formula", "safe_cell"]

# What a spreadsheet program takes for the beginning of a formula or a command, in wide forms too, after whatever
# blanks and invisible characters it would skip.
_FORMULA = re.compile(r"[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@|%＝＋－＠]")
# Nothing that a reader could see: control characters, and what turns the direction of writing.
_HARMFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program might work ``text`` out instead of showing it."""
    return bool(_FORMULA.match(text)) or text[:1] in ("\t", "\r", "\n")


def safe_cell(value: Any) -> Any:
    """``value`` as it may stand in a cell of an exported file.

    A text that would be taken for a formula gets an apostrophe before it, and loses characters that nobody can see.
    Numbers stay numbers; dates and times are written as the ISO does, in local time; None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    # Looked at before and after: what hides a sign may be among what is taken out.
    cleaned = _HARMFUL.sub("", text)
    return f"'{cleaned}" if is_formula(text) or is_formula(cleaned) else cleaned


class _EchoBuffer:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file, one by one, every cell inert and in quotes, those of the header too.

    Quotes round every cell keep a semicolon inside one from beginning a cell of its own where commas separate nothing.
    """
    writer = csv.writer(_EchoBuffer(), quoting=csv.QUOTE_ALL)
    # Spreadsheet programs take a file for UTF-8 when it begins with this mark.
    yield "\ufeff" + writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A CSV file for download, called ``name`` (letters, digits, dots and hyphens), made while it is sent."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
