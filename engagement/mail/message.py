"""What a composer makes of a row of a ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engagement.mail.mime import PLACEHOLDER, EncodedTemplate

__all__ = ["Defer", "Message", "MessageTemplate", "Skip"]


@dataclass(frozen=True)
class Message:
    """A mail ready to hand over: to one address, as text and as HTML, with the headers of its kind.

    ``headers`` are those beyond From, To, Subject, Date and Message-ID, which the mail app sets.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MessageTemplate:
    """A mail to many, the same for all but for a few places, written ⟦name⟧ in its text, HTML and headers.

    Values that are put in consist of printable ASCII without blanks, such as links: they need no escaping anywhere.
    Keep the mould while mails are made from it: it is encoded once, and a mail from it costs microseconds.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]

    def fill(self, to: str, values: Mapping[str, str]) -> Message:
        """The mail to one recipient. Raises KeyError when a place has no value, ValueError for one that won't do."""
        return TemplatedMessage(self, to, self.encoded.check(values))

    @property
    def encoded(self) -> EncodedTemplate:
        """The mould as bytes, worked out once."""
        kept: EncodedTemplate | None = self.__dict__.get("_cast")
        if kept is None:
            kept = EncodedTemplate(self.subject, self.text, self.html, self.headers)
            object.__setattr__(self, "_cast", kept)
        return kept


class TemplatedMessage(Message):
    """A letter from a mould: its texts are put together when somebody asks, which sending doesn't."""

    def __init__(self, template: MessageTemplate, to: str, values: Mapping[str, str]) -> None:
        for name, value in (("template", template), ("to", to), ("values", values), ("subject", template.subject)):
            object.__setattr__(self, name, value)

    template: MessageTemplate
    values: Mapping[str, str]

    @property
    def text(self) -> str:
        """The plain text."""
        return self._put_into(self.template.text)

    @property
    def html(self) -> str:
        """The HTML."""
        return self._put_into(self.template.html)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of its kind."""
        return {name: self._put_into(value) for name, value in self.template.headers.items()}

    def _put_into(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: self.values[match[1]], text)


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a mail is not sent after all, as a word such as ``left``. The row is settled as skipped."""

    reason: str


@dataclass(frozen=True, slots=True)
class Defer:
    """Not now: the row waits again, for so many seconds. No attempt is counted."""

    seconds: float = 60.0
