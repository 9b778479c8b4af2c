"""What a document for download may be: checked by its bytes, and not by the name that somebody gave it.

Raises nothing but DocumentError, with a sentence for whoever uploads the file.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

__all__ = ["DocumentError", "check_document"]

#: What a file unpacks to at most, with all that is packed in it, and how many parts it has.
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 10_000
#: Archives in archives: a table in a text is one.
MAX_DEPTH = 3
CHUNK = 1024 * 1024

#: How programs begin: for Windows, Linux and macOS, for the Java machine, and scripts.
PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
#: What a browser runs, or an older one takes a file for a page by.
MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|iframe|svg|object|embed|meta|style|title)\b", re.IGNORECASE
)
#: Parts of an office document that run when it is opened, or are programs.
ACTIVE_PART = re.compile(
    r"(?:vbaproject\.bin|activex/|(?:^|/)(?:basic|scripts)/|macrosheets/|"
    r"\.(?:bat|cmd|com|dll|exe|hta|html?|jar|js|jse|lnk|mht(?:ml)?|msi|ps1|scr|svg|vbs?|wsf|xhtml)$)",
    re.IGNORECASE,
)
#: What archives that are damaged, or packed in ways of their own, lead to.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class DocumentError(ValueError):
    """Raised when a file can't be offered for download, with the reason for whoever uploads it."""


def check_document(file: IO[bytes], extension: str) -> None:
    """Raise DocumentError unless ``file`` is what ``extension`` (such as “pdf”) says, and harmless to open."""
    file.seek(0)
    try:
        CHECKS[extension.lower()](file, extension.lower())
    except (*UNREADABLE, OSError, RuntimeError, UnicodeError) as error:
        raise DocumentError(f"This file is damaged, locked with a password, or no {extension} file.") from error
    finally:
        file.seek(0)


# --- PDF and text ----------------------------------------------------------------------------------


def _check_pdf(file: IO[bytes], extension: str) -> None:
    head = file.read(1024)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        raise DocumentError("This is no PDF, whatever its name says.")
    if MARKUP.search(head):
        raise DocumentError("This is a web page as well as a PDF. Export it anew.")


def _check_text(file: IO[bytes], extension: str) -> None:
    content = file.read()
    for encoding, mark in (("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff")):
        if content.startswith(mark):
            content = content.decode(encoding).encode()
    if content.startswith(PROGRAMS) and (content.startswith(b"#!") or NO_TEXT.search(content)):
        raise DocumentError("This is a program, whatever its name says.")
    if NO_TEXT.search(content):
        raise DocumentError(f"This is no {extension} file: it holds characters that no text has.")
    if MARKUP.search(content):
        raise DocumentError("This is a web page, or holds parts of one. Save the text alone.")


# --- Office documents, which are archives ----------------------------------------------------------


def _check_openxml(file: IO[bytes], extension: str) -> None:
    folder = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}[extension]
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
            raise DocumentError(f"This is no {extension} file, whatever its name says.")
        _check_parts(archive)


def _check_opendocument(file: IO[bytes], extension: str) -> None:
    kind = {"odp": b"presentation", "ods": b"spreadsheet", "odt": b"text"}[extension]
    with zipfile.ZipFile(file) as archive:
        if "mimetype" not in archive.namelist():
            raise DocumentError(f"This is no {extension} file, whatever its name says.")
        with archive.open("mimetype") as part:
            if part.read(100).strip() != b"application/vnd.oasis.opendocument." + kind:
                raise DocumentError(f"This is no {extension} file, whatever its name says.")
        _check_parts(archive)


def _check_parts(archive: zipfile.ZipFile, depth: int = 1, unpacked: int = 0) -> int:
    """Check every part of an archive; return to how much it unpacks, with ``unpacked`` before it."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or depth > MAX_DEPTH:
        raise DocumentError("This file has too much packed into it.")
    for part in parts:
        if part.flag_bits & 1:
            raise DocumentError("This file is locked with a password. Readers couldn’t open it.")
        if ACTIVE_PART.search(part.filename):
            raise DocumentError("This file holds macros, a program or a web page. Save it without.")
        head, tail, is_xml = b"", b"", part.filename.endswith((".xml", ".rels"))
        for chunk in _chunks(archive, part):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED:
                raise DocumentError("This file unpacks to far more than a document has.")
            head = head or chunk[:8]
            # Without zeros, so that it is found in UTF-16 too; and where two chunks meet.
            if is_xml and b"<!ENTITY" in tail + chunk.replace(b"\0", b""):
                raise DocumentError("This file defines abbreviations that could fill a reader’s machine.")
            tail = chunk[-16:].replace(b"\0", b"")
        if head.startswith(PROGRAMS):
            raise DocumentError("This file holds a program. Save it without.")
        if head.startswith(b"PK\x03\x04"):
            with archive.open(part) as inner, zipfile.ZipFile(inner) as within:
                unpacked = _check_parts(within, depth + 1, unpacked)
    return unpacked


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a part unpacks to. Raises BadZipFile when that isn't what the archive says of it."""
    with archive.open(part) as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


CHECKS: dict[str, Callable[[IO[bytes], str], None]] = {
    "pdf": _check_pdf,
    **dict.fromkeys(("csv", "txt"), _check_text),
    **dict.fromkeys(("docx", "pptx", "xlsx"), _check_openxml),
    **dict.fromkeys(("odp", "ods", "odt"), _check_opendocument),
}
