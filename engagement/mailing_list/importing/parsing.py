"""Parse a CSV file into rows."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = ("address", "name", "organisation", "topics", "frequency", "consent_date", "consent_evidence")
#: Bytes in a file, and rows in it: what is imported well within the time for which others can wait to write.
MAX_BYTES, MAX_ROWS = 10 * 1024 * 1024, 10_000
#: How files begin that aren't text, and what to say of them.
_NOT_CSV = (
    (
        b"PK\x03\x04",
        "This is a spreadsheet or an archive, not a CSV file. Save it as “CSV UTF-8” and choose that file.",
    ),
    (b"\xd0\xcf\x11\xe0", "This is an old spreadsheet, not a CSV file. Save it as “CSV UTF-8” and choose that file."),
    (b"%PDF", "This is a PDF, not a CSV file."),
    (b"\xff\xfe", "This file is in UTF-16. Save it as “CSV UTF-8” and choose that file."),
    (b"\xfe\xff", "This file is in UTF-16. Save it as “CSV UTF-8” and choose that file."),
)


class UnreadableFile(ValueError):  # noqa: N818 - what it says
    """Why a file can't be read at all, in words for whoever uploaded it."""


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row as a spreadsheet counts it (the header is row 1), its cells in the order of ``COLUMNS``."""

    number: int
    cells: tuple[str, ...]
    #: Whether it has as many cells as the header.
    width_is_right: bool = True


def parse_rows(content: bytes) -> Iterator[ParsedRow]:
    """Yield the rows of a file. Raises UnreadableFile, at the latest when the faulty row is reached."""
    text = _decode(content)
    header = text.partition("\n")[0]
    # Where commas stand in numbers, spreadsheet programs separate cells by semicolons.
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        order = _column_order(next(reader, []))
        for number, cells in enumerate(reader, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if number > MAX_ROWS + 1:
                raise UnreadableFile(f"The file has more than {MAX_ROWS:,} rows. Divide it.")
            if len(cells) != len(order):
                yield ParsedRow(number, (), width_is_right=False)
                continue
            yield ParsedRow(number, tuple(cells[index].strip() for index in order))
    except csv.Error:
        raise UnreadableFile(
            f"The quotation marks in row {max(number, 1) + 1} don’t match, or a cell is too long."
        ) from None


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Divide it.")
    if not content.strip():
        raise UnreadableFile("The file is empty.")
    for signature, message in _NOT_CSV:
        if content.startswith(signature):
            raise UnreadableFile(message)
    if b"\x00" in content:
        raise UnreadableFile("The file holds characters that no text has. Save it as “CSV UTF-8” and choose that file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"The file is not in UTF-8: row {row} has a character that can’t be read. Save it as “CSV UTF-8”."
        ) from None


def _column_order(header: list[str]) -> list[int]:
    """The index in the file of each of our columns."""
    found = [head.strip().casefold().replace(" ", "_") for head in header]
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise UnreadableFile(f"The first row must name the columns. Missing: {', '.join(missing)}.")
    extra = sorted({head for head in found if head not in COLUMNS or found.count(head) > 1})
    if extra:
        named = ", ".join(head[:40] or "one without a name" for head in extra[:5])
        raise UnreadableFile(f"Take out the columns that aren’t used, or stand there twice: {named}.")
    return [found.index(column) for column in COLUMNS]
