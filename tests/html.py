"""What tests read from HTML."""

from bs4 import Tag

__all__ = ["text_of"]


def text_of(tag: Tag) -> str:
    """The text of ``tag`` with single spaces, however its template breaks the lines."""
    return " ".join(tag.get_text().split())
