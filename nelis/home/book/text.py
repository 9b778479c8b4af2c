"""Body text for the book, taken from its stored form, and the links of the finished book."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue

from nelis.core.richtext import expand_all_links

__all__ = ["TextBlock", "make_links_self_contained", "stored_links", "text_blocks"]

#: Blocks whose values need no query.
PLAIN_BLOCKS = ("heading", "text", "quote", "callout", "table", "chart")
_LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")')
_ID = re.compile(r'\sid="([^"]+)"')


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of body text: its kind, and what the book's template needs of it.

    For ``statistic`` the value is a figure or a list of rivals; for ``links`` a list of pairs of text and address;
    for ``picture`` a caption; otherwise the block's own value.
    """

    kind: str
    value: Any


def stored_links(bodies: Iterable[StreamValue]) -> tuple[set[int], set[int]]:
    """The keys of the pages and of the documents that blocks of ``bodies`` link to."""
    pages: set[int] = set()
    documents: set[int] = set()
    for block in (block for body in bodies for block in body.raw_data if body):
        for link in _links(block):
            pages |= {link["page"]} if link.get("page") else set()
            documents |= {link["document"]} if link.get("document") else set()
    return pages, documents


def text_blocks(
    body: StreamValue, statistics: Mapping[int, Any], pages: Mapping[int, Any], documents: Mapping[int, Any]
) -> list[TextBlock]:
    """The blocks of ``body`` in order. No query: what they refer to is looked up in what is given."""
    pieces = []
    for number, block in enumerate(body.raw_data if body else ()):
        kind = block["type"]
        if kind in PLAIN_BLOCKS:
            pieces.append(TextBlock(kind, body[number].value))
        elif kind == "statistic" and (statistic := statistics.get(block["value"])):
            rivals = sorted([statistic, *statistic.rivals], key=lambda rival: rival.key)
            pieces.append(TextBlock(kind, rivals if len(rivals) > 1 else statistic))
        elif kind == "figure" and block["value"].get("caption"):
            pieces.append(TextBlock("picture", block["value"]["caption"]))
        elif links := [pair for link in _links(block) if (pair := _pair(link, pages, documents))]:
            pieces.append(TextBlock("links", links))
    return pieces


def _links(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The links in a stored block, as mappings with ``page``, ``document``, ``address`` and ``label``."""
    if block["type"] == "document":
        return [block["value"]]
    if block["type"] == "related_links":
        # A list is stored as its items, each with its value and an id.
        return [item.get("value", item) for item in block["value"].get("links", ())]
    return []


def _pair(link: Mapping[str, Any], pages: Mapping[int, Any], documents: Mapping[int, Any]) -> tuple[str, str] | None:
    target = pages.get(link.get("page") or 0) or documents.get(link.get("document") or 0)
    url = target.url if target else link.get("address")
    text = link.get("label") or (target.title if target else "")
    return (text, url) if url and text else None


def make_links_self_contained(html: str, anchors: Mapping[str, str], base: str) -> SafeString:
    """The finished book with every link made to work from a disk.

    A link to something in the book leads to its place there: ``anchors`` gives the id by address. Any other
    address on the site gets ``base`` before it. Links in rich text are still in their stored form: two queries
    put in all of them.
    """
    html = expand_all_links([html])[0]
    ids = set(_ID.findall(html))

    def led(match: re.Match[str]) -> str:
        address = unescape(match[2])
        if not address.startswith("/") or address.startswith("//"):
            return match[0]
        anchor = anchors.get(address) or anchors.get(address.partition("#")[0])
        target = f"#{anchor}" if anchor in ids else base + address
        return f"{match[1]}{escape(target)}{match[3]}"

    # Made by templates and the rich text rules alone, both of which escape what they are given.
    return mark_safe(_LINK.sub(led, html))  # noqa: S308
