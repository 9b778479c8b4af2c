"""From bytes to rows of cells: what kind of file it is, its encoding, what separates its cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from nelis.evidence.imports.problems import Code, RefusedError

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 200_000
#: No cell of a table of statistics is longer; the csv module refuses those that are.
MAX_CELL = 20_000

#: A row of the file: the line it begins in, counted from 1, and its cells without blanks around them.
Row = tuple[int, list[str]]

_SAVE_AS_CSV = (
    "Open it in Excel, choose File, Save As, and the type “CSV UTF-8 (comma delimited)”. Excel says that only the "
    "sheet in front is saved: that is right. In Nomis, choose “Comma separated values (CSV)” in place of Excel."
)
_DOWNLOAD_AGAIN = (
    "Download it again from where it is published, as CSV, and don’t open it in another program in between."
)

#: How files that are no tables of text begin: what they are called, and what to do.
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "This is an Excel file of an older kind (.xls). Save it as CSV first.", _SAVE_AS_CSV),
    (b"%PDF", "This is a PDF.", "Look for the same figures as CSV: a PDF can’t be read safely."),
    (b"\x1f\x8b", "This is a compressed file (gzip).", "Unpack it, and choose the CSV file inside."),
    (b"\x89PNG", "This is a picture.", "Choose the file with the figures, as CSV."),
    (b"\xff\xd8\xff", "This is a picture.", "Choose the file with the figures, as CSV."),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def check_kind(file: BinaryIO) -> None:
    """Raise RefusedError unless ``file`` may be a table of text; the words say what it is. Leaves it at its start."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if size > MAX_BYTES:
        raise RefusedError(
            Code.SHAPE,
            f"The file has {size / 1024 / 1024:.0f} MB. At most 10 MB are read.",
            "Choose fewer areas or years where you download it.",
        )
    if not start.strip(b" \t\r\n\xef\xbb\xbf\x00"):
        raise RefusedError(Code.SHAPE, "The file is empty.", _DOWNLOAD_AGAIN)
    for signature, message, hint in _SIGNATURES:
        if start.startswith(signature):
            raise RefusedError(Code.SHAPE, message, hint)
    if start.startswith(b"PK"):
        _refuse_archive(file)
    begins = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begins.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        raise RefusedError(
            Code.SHAPE,
            "This is a web page, not a table. The site it comes from may have shown an error in place of the file.",
            _DOWNLOAD_AGAIN,
        )
    if begins.startswith((b"{", b"[{")):
        raise RefusedError(Code.SHAPE, "This is JSON, not a table.", "Download the same figures as CSV.")


def _refuse_archive(file: BinaryIO) -> None:
    content = file.read(MAX_BYTES)
    file.seek(0)
    if b"xl/" in content or b"[Content_Types].xml" in content:
        raise RefusedError(
            Code.SHAPE, "This is an Excel file. Save it as CSV first: a sheet can hide rows.", _SAVE_AS_CSV
        )
    if b"content.xml" in content:
        raise RefusedError(Code.SHAPE, "This is an OpenDocument file. Save it as CSV first.", _SAVE_AS_CSV)
    raise RefusedError(Code.SHAPE, "This is a ZIP file.", "Unpack it, and choose the CSV file inside.")


def find_encoding(file: BinaryIO) -> str:
    """UTF-8 where all of ``file`` is, or what its first bytes say; otherwise Windows’ cp1252. Leaves it at its start.

    Raises RefusedError for anything else.
    """
    file.seek(0)
    start = file.read(4)
    encoding = next((name for bom, name in _BOMS if start.startswith(bom)), "")
    for candidate in (encoding,) if encoding else ("utf-8", "cp1252"):
        if _decodes(file, candidate):
            file.seek(0)
            return candidate
    raise RefusedError(
        Code.SHAPE,
        "Its letters can’t be read: it is neither UTF-8 nor Windows text.",
        "Save it again as “CSV UTF-8”.",
    )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(65_536):
            if "\0" in decoder.decode(chunk):
                raise RefusedError(
                    Code.SHAPE,
                    "The file holds bytes that no text has. It is damaged, or it is no CSV file.",
                    _DOWNLOAD_AGAIN,
                )
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(file: BinaryIO, encoding: str) -> str:
    """What separates the cells: of comma, semicolon and tab the one that cuts the first lines in most cells."""
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)().decode(file.read(65_536))
    file.seek(0)
    lines = text.splitlines()[:60]
    counts = {delimiter: sum(_unquoted(line, delimiter) for line in lines) for delimiter in ",;\t"}
    return max(counts, key=lambda delimiter: counts[delimiter])


def _unquoted(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def read_rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every row of ``file``, one at a time, blank ones without cells. Raises RefusedError for broken quotation."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    limit = csv.field_size_limit(MAX_CELL)
    number = 0
    try:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _bad_quoting(error, line) from None
            cells = [cell.strip() for cell in cells]
            number += 1
            if number > MAX_ROWS + 1000:
                raise RefusedError(
                    Code.SHAPE,
                    f"The file has more than {MAX_ROWS:,} rows.",
                    "Choose fewer areas or years where you download it.",
                )
            yield line, cells if any(cells) else []
    finally:
        csv.field_size_limit(limit)
        # The file belongs to the caller, and stays open.
        text.detach()


def _bad_quoting(error: csv.Error, line: int) -> RefusedError:
    if "field larger" in str(error) or "unexpected end" in str(error):
        message = "A quotation mark is opened in this row and never closed, or a cell is far too long."
    else:
        message = "The quotation marks in this row don’t fit together."
    return RefusedError(Code.SHAPE, message, f"Look at line {line} of the file. {_DOWNLOAD_AGAIN}", line)
