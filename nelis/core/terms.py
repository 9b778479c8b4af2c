"""Terms of the glossary explained where they first appear on a page.

Works on the finished HTML of a page, so that the first appearance is the first one readers meet, whichever field
or block it comes from. Only running text is looked at; headings, links and quotations never are.
"""

import re
from collections.abc import Iterator
from typing import Any

from nelis.core.glossary import GlossaryTerms
from nelis.core.models import GlossaryTerm

__all__ = ["link_first_appearances"]

#: Running text is what stands inside an element of one of these classes.
RUNNING_TEXT_CLASSES = frozenset(("prose", "lede", "running"))
#: Nothing inside these is touched, wherever it stands.
SKIPPED_ELEMENTS = frozenset(
    [
        *("a", "abbr", "address", "aside", "audio", "blockquote", "button", "caption", "cite", "code", "details"),
        *("dfn", "dt", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "kbd", "label"),
        *("math", "nav", "object", "option", "pre", "q", "samp", "script", "select", "style", "summary", "svg"),
        *("table", "template", "textarea", "time", "title", "var", "video"),
    ]
)
VOID_ELEMENTS = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_MARKUP = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<rest>[^>]*)>", re.DOTALL)
_CLASS = re.compile(r"""\sclass=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def link_first_appearances(html: str, vocabulary: GlossaryTerms) -> tuple[str, list[GlossaryTerm]]:
    """``html`` with the first appearance of each term in running text as a link to its entry on the page.

    The second value holds the terms in the order of their first appearance. Nothing but tags is added. ``html``
    must be well formed: every element that isn't void is closed.
    """
    pattern = vocabulary.pattern
    if pattern is None:
        return html, []
    seen: dict[str, Any] = {}

    def marked(match: re.Match[str]) -> str:
        term = vocabulary.term_of(match[0])
        if term.anchor in seen:
            return match[0]
        seen[term.anchor] = term
        return (
            f'<a class="term" id="first-{term.anchor}" href="#word-{term.anchor}" '
            f'aria-describedby="meaning-{term.anchor}">{match[0]}</a>'
        )

    parts = [pattern.sub(marked, text) if is_running else text for text, is_running in _split_markup(html)]
    return "".join(parts), list(seen.values())


def _split_markup(html: str) -> Iterator[tuple[str, bool]]:
    """``html`` cut at its tags: each piece, and whether it is running text."""
    running = alone = 0
    # What each open element changed.
    stack: list[tuple[str, int, int]] = []
    for piece in _MARKUP.split(html):
        tag = _TAG.fullmatch(piece)
        if tag is None:
            yield piece, bool(running) and not alone and not piece.startswith("<")
            continue
        yield piece, False
        name = tag["name"].lower()
        if tag["end"]:
            while stack:
                opened, into_running, into_alone = stack.pop()
                running, alone = running - into_running, alone - into_alone
                if opened == name:
                    break
        elif name not in VOID_ELEMENTS and not tag["rest"].endswith("/"):
            opens = (int(_is_running(tag["rest"])), int(name in SKIPPED_ELEMENTS))
            running, alone = running + opens[0], alone + opens[1]
            stack.append((name, *opens))


def _is_running(attributes: str) -> bool:
    found = _CLASS.search(attributes)
    return found is not None and not RUNNING_TEXT_CLASSES.isdisjoint("".join(filter(None, found.groups())).split())
