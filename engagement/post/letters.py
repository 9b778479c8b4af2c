"""What a composer makes of a row of a ledger."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Letter", "Mould", "Skip"]

#: A place in a mould that differs from one recipient to the next, such as ⟦leave⟧.
PLACE = re.compile("⟦([a-z_]+)⟧")


@dataclass(frozen=True, slots=True)
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
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]

    def fill(self, to: str, values: Mapping[str, str]) -> Letter:
        """The mail to one recipient. Raises KeyError when a place has no value."""

        def put(match: re.Match[str]) -> str:
            return values[match[1]]

        headers = {name: PLACE.sub(put, value) for name, value in self.headers.items()}
        return Letter(to, self.subject, PLACE.sub(put, self.text), PLACE.sub(put, self.html), headers)


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a mail is not sent after all, as a word such as ``left``. The row is settled as skipped."""

    reason: str
