"""Checking the simple HTML of the content files, and finding the links in it."""

import html
from html.parser import HTMLParser

from nelis.home.content_loader.report import ExpectationError
from nelis.home.content_loader.values import Html, Ref

__all__ = ["parse_html", "parse_ref"]

_TAGS = {"p", "ul", "ol", "li", "a", "b", "i"}
_BLOCKS = {"p", "ul", "ol"}
_SCHEMES = ("https://", "http://", "mailto:", "/")


def parse_ref(text: object, kinds: tuple[str, ...] = ()) -> Ref:
    """The reference written as “kind:key”. Raises ExpectationError for anything else."""
    wanted = " or ".join(kinds) or "kind"
    if not isinstance(text, str) or ":" not in text:
        raise ExpectationError(f"a reference such as “{kinds[0] if kinds else 'sector'}:…”")
    kind, key = text.split(":", 1)
    if kinds and kind not in kinds:
        raise ExpectationError(f"a reference to a {wanted}, not to a {kind}")
    return Ref(kind, key)


def parse_html(text: object, link_kinds: frozenset[str]) -> Html:
    """Rich text of paragraphs and lists, checked; links such as “page:/faqs/” become references.

    Raises ExpectationError when it is no such text: other tags, attributes, tags left open, bare text.
    """
    if not isinstance(text, str) or not text.strip():
        raise ExpectationError("text in paragraphs: <p>…</p>")
    parser = _Parser(link_kinds)
    parser.feed(" ".join(text.split()))
    parser.close()
    if parser.open:
        raise ExpectationError(f"every tag closed; <{parser.open[-1]}> is left open")
    return Html(tuple(parser.merged()))


class _Parser(HTMLParser):
    def __init__(self, link_kinds: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.link_kinds = link_kinds
        self.open: list[str] = []
        self.pieces: list[str | Ref] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise ExpectationError(f"only the tags {', '.join(sorted(_TAGS))}; <{tag}> is not one of them")
        if not self.open and tag not in _BLOCKS:
            raise ExpectationError(f"<{tag}> inside a paragraph or list")
        self.open.append(tag)
        if tag == "a":
            self.pieces.append(self.link(dict(attrs)))
        elif attrs:
            raise ExpectationError(f"<{tag}> without attributes")
        else:
            self.pieces.append(f"<{tag}>")

    def link(self, attrs: dict[str, str | None]) -> str | Ref:
        href = attrs.get("href") or ""
        if set(attrs) != {"href"} or not href:
            raise ExpectationError("<a> with an href and nothing else")
        if href.split(":", 1)[0] in self.link_kinds:
            return parse_ref(href)
        if href.startswith(_SCHEMES):
            return f'<a href="{html.escape(href)}">'
        raise ExpectationError(f"a link to a page here (page:/faqs/) or an address; “{href}” is neither")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            raise ExpectationError(f"tags closed in the order they were opened; </{tag}> is out of place")
        self.open.pop()
        self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not data.strip() and (not self.open or self.open[-1] in {"ul", "ol"}):
            return
        if not self.open:
            raise ExpectationError("all text inside <p> or a list")
        self.pieces.append(html.escape(data, quote=False))

    def merged(self) -> list[str | Ref]:
        """The pieces, with neighbouring strings joined."""
        merged: list[str | Ref] = []
        for piece in self.pieces:
            if merged and isinstance(piece, str) and isinstance(merged[-1], str):
                merged[-1] += piece
            else:
                merged.append(piece)
        return merged
