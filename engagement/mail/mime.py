"""Messages as bytes: multipart/alternative, text first, all in quoted-printable, so that any server takes them.

A template is encoded once for all recipients. Its values go in as lines of their own that end in soft line breaks: a
email program joins them, and nothing before or after a value depends on how long it is.
"""

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from email.header import Header

__all__ = ["CONTROL_CHARACTERS", "PLACEHOLDER", "EncodedTemplate", "encode_header"]

#: What differs from one recipient to the next, such as ⟦leave⟧.
PLACEHOLDER = re.compile("⟦([a-z_]+)⟧")
#: What a value may be: printable ASCII without blanks.
VALUE_PATTERN = re.compile(r"[\x21-\x7e]*")
#: What no header may hold, whether it ends a line or comes of text that was read in the wrong encoding.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
#: Set by ``build_envelope``, or part of the MIME structure: no message may bring them.
RESERVED_HEADERS = frozenset(
    (
        *("from", "reply-to", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version"),
        *("return-path", "received"),
    )
)
LINE_LENGTH = 76
#: A word in a header that is longer couldn't be folded into lines under 998.
MAX_WORD_LENGTH = 900
SOFT_BREAK = b"=\r\n"
#: Begins with what can't occur in quoted-printable, where = is followed by a hexadecimal digit or ends its line.
BOUNDARY = b"=_"
#: Stands in the pieces of a body where the rest of the boundary goes. Not the name of any placeholder.
BOUNDARY_MARK = "="


class EncodedTemplate:
    """The bytes that are the same for all recipients, cut where the values go."""

    def __init__(
        self, subject: str, text: str, html: str, headers: Mapping[str, str], *, placeholders: bool = True
    ) -> None:
        """``placeholders`` is false for a message to one alone, whose own words may look like a placeholder."""

        def split(content: str) -> list[str]:
            return PLACEHOLDER.split(content) if placeholders else [content]

        fixed, self.variable_headers = [encode_header("Subject", subject)], []
        # By name, because a database may give a bulletin's back in an order of its own.
        for name, value in sorted(headers.items()):
            is_reserved = name.lower() in RESERVED_HEADERS or name.lower().startswith("content-")
            if is_reserved or not HEADER_NAME.fullmatch(name):
                raise ValueError(f"A message can't bring a header {name!r}.")
            if len(split(value)) > 1:
                self.variable_headers.append((name, value))
            else:
                fixed.append(encode_header(name, value))
        self.fixed_headers = b"".join(fixed)
        #: Bytes, and between them the names of values.
        self.body = tuple(encode_body(split(text), split(html) if html else []))
        #: Every second part is a placeholder's name.
        self.placeholders = {name for content in (text, html, *headers.values()) for name in split(content)[1::2]}

    def check(self, values: Mapping[str, str]) -> None:
        """Raise KeyError for a placeholder without a value, ValueError for a value that won't do."""
        for name in self.placeholders:
            if not VALUE_PATTERN.fullmatch(values[name]):
                raise ValueError(f"The value for {name!r} is not printable ASCII without blanks.")

    def fill(self, values: Mapping[str, str], mark: bytes) -> bytes:
        """The message from its Subject on. ``mark`` makes the boundary unique."""
        variable = [
            encode_header(name, PLACEHOLDER.sub(lambda match: values[match[1]], value))
            for name, value in self.variable_headers
        ]
        quoted = {name: quoted_printable_value(values[name]) for name in self.placeholders} | {BOUNDARY_MARK: mark}
        body = (piece if isinstance(piece, bytes) else quoted[piece] for piece in self.body)
        return b"".join([self.fixed_headers, *variable, *body])


def encode_body(text: Sequence[str], html: Sequence[str]) -> Iterator[bytes | str]:
    """The MIME headers and the parts, ``text`` alone if there is no HTML."""
    yield b"MIME-Version: 1.0\r\n"
    if not html:
        yield from encode_part("plain", text)
        return
    yield from (b'Content-Type: multipart/alternative; boundary="' + BOUNDARY, BOUNDARY_MARK, b'"\r\n\r\n')
    for kind, parts in (("plain", text), ("html", html)):
        yield from (b"--" + BOUNDARY, BOUNDARY_MARK, b"\r\n")
        yield from encode_part(kind, parts)
        yield b"\r\n"
    yield from (b"--" + BOUNDARY, BOUNDARY_MARK, b"--\r\n")


def encode_part(kind: str, parts: Sequence[str]) -> Iterator[bytes | str]:
    """A text in quoted-printable. What stands before a placeholder ends in a soft line break."""
    yield f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'.encode()
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
    """A header as it stands in an email, encoded and folded. Raises ValueError for what can't be one."""
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
