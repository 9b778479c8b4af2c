"""What a composer makes of a row of a ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engagement.post.mould import PLACE, Cast

__all__ = ["Later", "Letter", "Mould", "Skip"]


@dataclass(frozen=True)
class Letter:
    """A mail ready to hand over: to one address, as text and as HTML, with the headers of its kind.

    ``headers`` are those beyond From, To, Subject, Date and Message-ID, which the post room sets.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mould:
    """A mail to many, the same for all but for a few places, written ⟦name⟧ in its text, HTML and headers.

    Values that are put in consist of printable ASCII without blanks, such as links: they need no escaping anywhere.
    Keep the mould while mails are made from it: it is encoded once, and a mail from it costs microseconds.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]

    def fill(self, to: str, values: Mapping[str, str]) -> Letter:
        """The mail to one recipient. Raises KeyError when a place has no value, ValueError for one that won't do."""
        return MouldedLetter(self, to, self.cast.check(values))

    @property
    def cast(self) -> Cast:
        """The mould as bytes, worked out once."""
        kept: Cast | None = self.__dict__.get("_cast")
        if kept is None:
            kept = Cast(self.subject, self.text, self.html, self.headers)
            object.__setattr__(self, "_cast", kept)
        return kept


class MouldedLetter(Letter):
    """A letter from a mould: its texts are put together when somebody asks, which sending doesn't."""

    def __init__(self, mould: Mould, to: str, values: Mapping[str, str]) -> None:
        for name, value in (("mould", mould), ("to", to), ("values", values), ("subject", mould.subject)):
            object.__setattr__(self, name, value)

    mould: Mould
    values: Mapping[str, str]

    @property
    def text(self) -> str:
        """The plain text."""
        return self._put_into(self.mould.text)

    @property
    def html(self) -> str:
        """The HTML."""
        return self._put_into(self.mould.html)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of its kind."""
        return {name: self._put_into(value) for name, value in self.mould.headers.items()}

    def _put_into(self, text: str) -> str:
        return PLACE.sub(lambda match: self.values[match[1]], text)


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a mail is not sent after all, as a word such as ``left``. The row is settled as skipped."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: the row waits again, for so many seconds. No attempt is counted."""

    seconds: float = 60.0
