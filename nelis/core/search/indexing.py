"""What an object tells search about itself."""

from dataclasses import dataclass

__all__ = ["SearchText"]


@dataclass(frozen=True, slots=True)
class SearchText:
    """The words an object is found by, all plain text.

    ``kind`` is shown and filtered on; ``ref`` and ``title`` decide order; ``summary`` and ``body``
    are matched and shown as the snippet.
    """

    kind: str
    ref: str
    title: str
    summary: str
    body: str
