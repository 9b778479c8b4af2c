"""Mail as bytes: multipart/alternative, text first, everything in quoted-printable, so that any server takes it.

A ``Cast`` is encoded once for all recipients. Between its pieces, values are put as lines of their own that end in
soft line breaks: a reader's mail program joins them, and no piece needs to know how long the value before it is.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from email.header import Header

__all__ = ["CONTROL_CHARACTERS", "PLACEHOLDER", "EncodedTemplate", "encode_header"]

#: A place in a mould that differs from one recipient to the next, such as ⟦leave⟧.
PLACEHOLDER = re.compile("⟦([a-z_]+)⟧")
#: What a value may be: printable ASCII without blanks.
VALUE_PATTERN = re.compile(r"[\x21-\x7e]*")
#: What no header may hold, whether it ends a line or comes of text that was read in the wrong encoding.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
#: The post room's own, and those that say how the mail is built: no letter may bring them.
RESERVED_HEADERS = frozenset(
    ("from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version", "return-path", "received")
)
LINE_LENGTH = 76
#: A word in a header that is longer couldn't be folded into lines under 998.
MAX_WORD_LENGTH = 900
SOFT_BREAK = b"=\r\n"
#: A boundary that can't occur in quoted-printable, where = is followed by a hexadecimal digit or ends its line.
BOUNDARY = b"=_"

#: Pieces of bytes, and between them the names of values.
Pieces = tuple[bytes | str, ...]


class EncodedTemplate:
    """The parts of a mail that are the same for all who get it, as bytes, and the places in between."""

    def __init__(self, subject: str, text: str, html: str, headers: Mapping[str, str], *, places: bool = True) -> None:
        """``places`` is false for a letter to one alone, whose own words may look like a place."""
        for name in headers:
            if (
                not HEADER_NAME.fullmatch(name)
                or name.lower() in RESERVED_HEADERS
                or name.lower().startswith("content-")
            ):
                raise ValueError(f"A letter can't bring a header {name!r}.")
        # By name, because a database may give a bulletin's back in an order of its own.
        headers = dict(sorted(headers.items()))
        self.subject = encode_header("Subject", subject)
        self.filled = [(name, value) for name, value in headers.items() if places and PLACEHOLDER.search(value)]
        differ = {name for name, _ in self.filled}
        self.fixed = b"".join(encode_header(name, value) for name, value in headers.items() if name not in differ)
        self.text: Pieces = tuple(encode_pieces(text)) if places else (quoted_printable(text),)
        self.html: Pieces = (tuple(encode_pieces(html)) if places else (quoted_printable(html),)) if html else ()
        found = PLACEHOLDER.findall("".join([text, html, *headers.values()])) if places else ()
        self.places = frozenset(found)

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """``values``, if each place has one and each is as it must be."""
        for name in self.places:
            if not VALUE_PATTERN.fullmatch(values[name]):
                raise ValueError(f"The value for {name!r} is not printable ASCII without blanks.")
        return values

    def body(self, values: Mapping[str, str], mark: bytes) -> bytes:
        """Headers of the letter's kind, then its MIME headers and its parts. ``mark`` makes the boundary unique."""
        made = [self.subject, self.fixed]
        for name, value in self.filled:
            made.append(encode_header(name, PLACEHOLDER.sub(lambda match: values[match[1]], value)))
        made.append(b"MIME-Version: 1.0\r\n")
        quoted = {name: quoted_printable_value(values[name]) for name in self.places}
        if not self.html:
            made.append(part_headers(b"plain"))
            made += join_pieces(self.text, quoted)
            return b"".join(made)
        boundary = BOUNDARY + mark
        made.append(b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n')
        for kind, content in ((b"plain", self.text), (b"html", self.html)):
            made += (b"--", boundary, b"\r\n", part_headers(kind))
            made += join_pieces(content, quoted)
            made.append(b"\r\n")
        made += (b"--", boundary, b"--\r\n")
        return b"".join(made)


def part_headers(kind: bytes) -> bytes:
    """What stands before a text."""
    return b"Content-Type: text/" + kind + b'; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'


def join_pieces(content: Pieces, quoted: Mapping[str, bytes]) -> Iterator[bytes]:
    """The pieces with the values in between."""
    for piece in content:
        yield piece if isinstance(piece, bytes) else quoted[piece]


def encode_pieces(text: str) -> Iterator[bytes | str]:
    """``text`` in quoted-printable, cut at its places. What stands before a place ends in a soft line break."""
    parts = PLACEHOLDER.split(text)
    for number, part in enumerate(parts):
        if number % 2:
            yield part
        elif part:
            encoded = quoted_printable(part)
            if number < len(parts) - 1 and not encoded.endswith(b"\r\n"):
                encoded += SOFT_BREAK
            yield encoded


def quoted_printable(text: str) -> bytes:
    """``text`` in quoted-printable, with whatever line ends it has as CRLF."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    # Blanks at the end of the text are encoded: what follows may be the end of a line.
    return b"\r\n".join(
        binascii.b2a_qp(line.encode(), quotetabs=False, istext=False).replace(b"=\n", SOFT_BREAK) if line else b""
        for line in plain.split("\n")
    )


def quoted_printable_value(value: str) -> bytes:
    """A value as lines that end in soft line breaks, so that it can stand between any two pieces."""
    encoded = value.replace("=", "=3D").encode("ascii")
    lines = []
    while encoded:
        cut = LINE_LENGTH - 1
        # Not within =3D.
        if b"=" in (tail := encoded[cut - 2 : cut]) and len(encoded) > cut:
            cut -= len(tail) - tail.index(b"=")
        lines.append(encoded[:cut] + SOFT_BREAK)
        encoded = encoded[cut:]
    return b"".join(lines)


def encode_header(name: str, value: str) -> bytes:
    """A header as it stands in a mail, encoded and folded. Raises ValueError for what can't be one."""
    if CONTROL_CHARACTERS.search(value):
        raise ValueError(f"The header {name} holds a control character.")
    longest = max(map(len, value.split(" ")))
    if (
        not value.isascii()
        or "=?" in value
        or value != value.strip()
        or (longest > MAX_WORD_LENGTH and name == "Subject")
    ):
        value = Header(value, "utf-8", header_name=name, maxlinelen=LINE_LENGTH).encode(linesep="\r\n")
        return f"{name}: {value}\r\n".encode("ascii")
    if longest > MAX_WORD_LENGTH:
        raise ValueError(f"The header {name} can't be folded into lines that every server takes.")
    return fold(f"{name}: {value}").encode("ascii")


def fold(line: str) -> str:
    """``line`` over as many lines as it takes, broken before blanks. Its first word stays beside the name."""
    if len(line) <= LINE_LENGTH + 2:
        return line + "\r\n"
    words = re.findall(" *[^ ]+", line)
    lines, current = [], "".join(words[:2])
    for word in words[2:]:
        if len(current) + len(word) > LINE_LENGTH + 2:
            lines.append(current)
            current = word
        else:
            current += word
    return "\r\n".join([*lines, current]) + "\r\n"
