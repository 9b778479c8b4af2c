"""Export CSV files that are harmless in a spreadsheet program."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

# The beginning of a formula or a command, in full-width forms too, after blanks and invisible characters, which
# spreadsheet programs skip.
_FORMULA = re.compile(r"[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@|%＝＋－＠]")
# Control characters, those that change the direction of writing, and what no XML holds, such as a worksheet.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet program might evaluate ``text`` instead of showing it."""
    return bool(_FORMULA.match(text)) or text[:1] in ("\t", "\r", "\n")


def safe_cell(value: Any) -> Any:
    """Return ``value`` for a cell of an exported file.

    A text that looks like a formula gets an apostrophe before it; all texts lose invisible characters. Numbers stay
    numbers; dates and times become ISO 8601 in local time; None is an empty cell.
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
    # Checked before and after cleaning: an invisible character may hide the sign.
    cleaned = _INVISIBLE.sub("", text)
    return f"'{cleaned}" if is_formula(text) or is_formula(cleaned) else cleaned


class _EchoBuffer:
    """A file object whose ``write`` returns the line, for the CSV writer."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file with every cell made safe and quoted, the header's too.

    Quoted, a semicolon doesn't split a cell in programs that separate by semicolons.
    """
    writer = csv.writer(_EchoBuffer(), quoting=csv.QUOTE_ALL)
    # The byte order mark tells spreadsheet programs that the file is UTF-8.
    yield "\ufeff" + writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """Stream a CSV file for download as ``name`` (letters, digits, dots and hyphens)."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
