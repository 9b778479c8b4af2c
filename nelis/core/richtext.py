"""Plain words out of rich text and streams."""

import html
import re
from typing import Any

from django.utils.html import strip_tags
from wagtail.blocks import StreamValue

__all__ = ["plain_text"]

_BLANKS = re.compile(r"\s+")
_BLOCK_END = re.compile(r"</(p|li|h[1-6]|td|th|div)>", re.IGNORECASE)


def plain_text(*values: Any) -> str:
    """The words of the given strings, HTML fragments and streams, in order, separated by blanks.

    Tags become word boundaries and entities their characters, so that search matches what is read.
    """
    words: list[str] = []
    for value in values:
        if value is None:
            continue
        if isinstance(value, StreamValue):
            words.extend(value.stream_block.get_searchable_content(value))
        else:
            words.append(str(value))
    text = " ".join(html.unescape(strip_tags(_BLOCK_END.sub(" ", word))) for word in words)
    return _BLANKS.sub(" ", text).strip()
