"""What a composer makes of a row of a ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Letter", "Skip"]


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


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a mail is not sent after all, as a word such as ``left``. The row is settled as skipped."""

    reason: str
