"""Documents of every odd kind, as bytes: honest ones, and those that aren't what their name says."""

import zipfile
from io import BytesIO

from openpyxl import Workbook


def packed(parts, **options):
    """An archive of these parts."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


TYPES = {"[Content_Types].xml": "<Types/>"}
DOCX = {**TYPES, "word/document.xml": "<w:document>Kites</w:document>"}
ODT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office>Kites</office>"}
DTD = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def workbook():
    file = BytesIO()
    book = Workbook()
    book.active.append(["Kites", 7])
    book.save(file)
    return file.getvalue()


def locked():
    """An archive whose part says that it is locked with a password."""
    content = bytearray(packed(DOCX))
    for start in (content.find(b"PK\3\4") + 6, content.find(b"PK\1\2") + 8):
        content[start] |= 1
    return bytes(content)


def nested(depth):
    content = packed(DOCX)
    for _ in range(depth):
        content = packed({**DOCX, "word/embeddings/more.docx": content})
    return content


BOMB = packed({**DOCX, "word/media/zeros.bin": bytes(210 * 1024 * 1024)})
PROGRAM = b"MZ\x90\0\3\0\0\0" + bytes(60) + b"This program cannot be run in DOS mode."
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"

#: What readers may download: file name and bytes.
GOOD = {
    "pdf": ("a.pdf", PDF),
    "pdf-upper": ("A.PDF", PDF),
    "text": ("a.txt", b"Kites < birds & \xc2\xa35, a<b.\r\n"),
    "text-of-windows": ("a.txt", b"\xa35 for a kite\x92s tail"),
    "text-in-utf-16": ("a.txt", "Kites – £5".encode("utf-16")),
    "text-that-begins-like-a-program": ("a.txt", b"MZ is a code for a make of kite"),
    "csv": ("a.csv", b"\xef\xbb\xbfkite,metres\nred,7\n"),
    "docx": ("a.docx", packed(DOCX)),
    "pptx": ("a.pptx", packed({**TYPES, "ppt/presentation.xml": "<p/>"})),
    "xlsx": ("a.xlsx", workbook()),
    "odt": ("a.odt", packed(ODT)),
    "a-table-in-a-text": ("a.docx", packed({**DOCX, "word/embeddings/table.xlsx": workbook()})),
    "an-old-manifest": ("a.odt", packed({**ODT, "META-INF/manifest.xml": '<!DOCTYPE manifest PUBLIC "-//x"><m/>'})),
}
#: Refused in words.
BAD = {
    "page-as-pdf": ("a.pdf", b"<html><script>run()</script></html>"),
    "page-as-text": ("a.txt", b"\n <!DOCTYPE html><title>x</title>"),
    "page-after-words": ("a.txt", b"Kites.\n" * 300 + b"<ScRipt src=x>"),
    "page-in-utf-16": ("a.csv", "<script>".encode("utf-16")),
    "page-and-pdf": ("a.pdf", b"%PDF-1.7\n<html><script>run()</script>"),
    "pdf-after-a-page": ("a.pdf", b"<html>" + PDF),
    "drawing": ("a.txt", b"<svg onload=run()>"),
    "program-as-pdf": ("a.pdf", PROGRAM),
    "program-as-text": ("a.txt", PROGRAM),
    "program-of-linux": ("a.csv", b"\x7fELF\2\1\1" + bytes(40)),
    "script": ("a.txt", b"#!/bin/sh\nrm -r /\n"),
    "program-as-docx": ("a.docx", PROGRAM),
    "archive": ("a.docx", packed({"a.txt": "x"})),
    "one-as-another": ("a.docx", workbook()),
    "odt-as-ods": ("a.ods", packed(ODT)),
    "old-word": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "macros": ("a.docx", packed({**DOCX, "word/vbaProject.bin": "x"})),
    "macros-of-libreoffice": ("a.odt", packed({**ODT, "Basic/Standard/Module1.xml": "<x/>"})),
    "program-within": ("a.docx", packed({**DOCX, "word/media/image1.png": PROGRAM})),
    "program-by-name": ("a.xlsx", packed({**TYPES, "xl/workbook.xml": "<x/>", "xl/run.EXE": "x"})),
    "page-within": ("a.docx", packed({**DOCX, "word/afchunk.html": "<html>"})),
    "bomb": ("a.docx", BOMB),
    "bomb-within": ("a.docx", packed({**DOCX, "word/embeddings/more.docx": BOMB})),
    "bomb-of-many": ("a.odt", packed({**ODT, **{f"{number}.xml": "" for number in range(10_001)}})),
    "bomb-of-words": ("a.docx", packed({**DOCX, "word/document.xml": DTD})),
    "bomb-of-words-in-utf-16": ("a.odt", packed({**ODT, "content.xml": DTD.encode("utf-16")})),
    "nested": ("a.docx", nested(4)),
    "locked": ("a.docx", locked()),
    "cut-off": ("a.docx", packed(DOCX)[:-40]),
    "damaged": ("a.docx", packed(DOCX).replace(b"PK\x03\x04", b"PK\x03\x05", 1)),
    "by-name": ("a.html", b"<html>"),
    "without-name": ("a", PDF),
}
