"""Rich text: extract plain text from it, and expand its links for display."""

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

# Stored rich text has no control characters.
_SEPARATOR = "\x1e"

_BLANKS = re.compile(r"\s+")
_BLOCKS = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "div", "blockquote"]
_BLOCK_END = re.compile(r"</(p|li|h[1-6]|td|th|div)>", re.IGNORECASE)


def plain_text(*values: Any) -> str:
    """Return the plain text of strings, HTML fragments and streams, in order, separated by blanks.

    Tags become blanks and entities their characters, so that search matches what is read.
    """
    texts: list[str] = []
    for value in values:
        if value is None:
            continue
        if isinstance(value, StreamValue):
            texts.extend(value.stream_block.get_searchable_content(value))
        else:
            texts.append(str(value))
    joined = " ".join(html.unescape(strip_tags(_BLOCK_END.sub(" ", text))) for text in texts)
    return _BLANKS.sub(" ", joined).strip()


def paragraphs(fragment: str) -> list[str]:
    """Return the paragraphs, headings and list items of stored rich text as plain text, in order.

    List items begin with a dash. The URL of an external link follows its text in brackets.
    """
    soup = BeautifulSoup(str(fragment), "html.parser")
    for link in soup.find_all("a", href=True):
        link.append(f" ({link['href']})")
    blocks = [block for block in soup.find_all(_BLOCKS) if not block.find(_BLOCKS)] or [soup]
    texts = [(block.name == "li", _BLANKS.sub(" ", block.get_text()).strip()) for block in blocks]
    return [f"– {text}" if is_item else text for is_item, text in texts if text]


def expand_all_links(fragments: Sequence[Any]) -> list[SafeString]:
    """Return stored rich texts as HTML for display, in order. One query for all their links together."""
    if not fragments:
        return []
    expanded = expand_db_html(_SEPARATOR.join(str(fragment) for fragment in fragments))
    # As in Wagtail's own filter: rich text is cleaned when it is saved.
    return [mark_safe(fragment) for fragment in expanded.split(_SEPARATOR)]  # noqa: S308


class LivePageLinkHandler(PageLinkHandler):
    """Expand the links to pages in rich text: one query for all, and no link to drafts.

    Wagtail's own makes a query for each page type, and links to drafts.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        pks = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id")).isdecimal()}
        pages = {str(pk): page for pk, page in Page.objects.live().in_bulk(pks).items()}
        return [pages.get(str(attrs.get("id"))) for attrs in attrs_list]
