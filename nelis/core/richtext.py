"""Rich text: plain words out of it, and links put into it for reading."""

import html
import re
from collections.abc import Sequence
from typing import Any

from bs4 import BeautifulSoup
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.rich_text import expand_db_html
from wagtail.rich_text.pages import PageLinkHandler

__all__ = ["LivePageLinkHandler", "expand_all_links", "paragraphs", "plain_text"]

# Never part of anybody's text: the stored form has no control characters.
_BETWEEN = "\x1e"

_BLANKS = re.compile(r"\s+")
_BLOCKS = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "div", "blockquote"]
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


def paragraphs(fragment: str) -> list[str]:
    """The paragraphs, headings and list items of a stored rich text as plain text, in order.

    Items of lists begin with a dash. The address of a link to elsewhere follows its words in brackets.
    """
    soup = BeautifulSoup(str(fragment), "html.parser")
    for link in soup.find_all("a", href=True):
        link.append(f" ({link['href']})")
    blocks = [block for block in soup.find_all(_BLOCKS) if not block.find(_BLOCKS)] or [soup]
    texts = [(block.name == "li", _BLANKS.sub(" ", block.get_text()).strip()) for block in blocks]
    return [f"– {text}" if is_item else text for is_item, text in texts if text]


def expand_all_links(fragments: Sequence[Any]) -> list[SafeString]:
    """The stored rich texts as HTML for reading, in order. One query for all their links together."""
    if not fragments:
        return []
    expanded = expand_db_html(_BETWEEN.join(str(fragment) for fragment in fragments))
    # Rich text is cleaned when it is saved; this is what Wagtail's own filter does with it.
    return [mark_safe(fragment) for fragment in expanded.split(_BETWEEN)]  # noqa: S308


class LivePageLinkHandler(PageLinkHandler):
    """Links to pages in rich text: one query for all of them, and no link to what isn't published.

    Wagtail's own asks once more for each type of page, and links to drafts.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        wanted = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id")).isdecimal()}
        pages = {str(pk): page for pk, page in Page.objects.live().in_bulk(wanted).items()}
        return [pages.get(str(attrs.get("id"))) for attrs in attrs_list]
