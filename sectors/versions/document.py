"""What a proposition says, as plain words in sections: the form in which a version is kept and compared."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Document", "Line", "Section", "content_hash"]

#: Raised when the form below changes, so that what was kept in an older one can still be told apart.
FORM = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: a paragraph of text, an ask, a link with its basis, a figure with its source.

    ``key`` says which line of another version it is to be compared with; several lines may share one. ``mark`` is
    the kind of basis (stated, inferred, against, disputed, missing) or empty, ``basis`` the same in words.
    """

    key: str
    text: str
    label: str = ""
    mark: str = ""
    basis: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one sort, under the heading readers see."""

    key: str
    label: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole of it, section by section."""

    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, Any]:
        """The document as plain data that JSON can hold."""
        return {"form": FORM, **asdict(self)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Document":
        """The document that ``as_data`` gave."""
        return cls(
            tuple(
                Section(section["key"], section["label"], tuple(Line(**line) for line in section["lines"]))
                for section in data["sections"]
            )
        )


def content_hash(data: dict[str, Any]) -> str:
    """The SHA-256 of ``data``, in hexadecimal.

    It is taken of the JSON text with keys in order, no blanks and no escapes, in UTF-8, so that anybody can
    reckon it again from the JSON of a version.
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
