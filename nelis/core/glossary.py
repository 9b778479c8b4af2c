"""Explain glossary terms in pages: find their first appearances in the HTML and link them to a list on the same page.

This works on the finished HTML, so that the first appearance is the first one readers meet, whichever field or block
it comes from. Only running text is searched; headings, links and quotations never are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from wagtail.models import Page

from nelis.core.models import GlossaryTerm
from nelis.core.navigation import site_menus_for

#: Text inside an element with one of these classes is searched for terms,
RUNNING_TEXT_CLASSES = frozenset(("prose", "lede", "running"))
#: but not inside one of these elements.
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


# --- The terms -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GlossaryTerms:
    """The terms to explain, and the ``url_path`` of the glossary page. When two share a form, the first has it."""

    terms: tuple[Any, ...]
    glossary: str = ""

    def glossary_url(self, request: Any = None) -> str:
        """Return the URL of the glossary page; empty without one."""
        return (Page(url_path=self.glossary).get_url(request) or "") if self.glossary else ""

    @cached_property
    def by_form(self) -> Mapping[str, Any]:
        """The term of each form, by the form's comparison key."""
        terms: dict[str, Any] = {}
        for term in self.terms:
            for form in term.recognised:
                terms.setdefault(_comparison_form(form), term)
        return terms

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """A pattern for any form as a whole word in escaped text, the longest first; None without terms."""
        forms = sorted({form for term in self.terms for form in term.recognised}, key=lambda form: (-len(form), form))
        if not forms:
            return None
        # Not in the middle of a word, of a hyphenated word, or of a character reference.
        return re.compile(rf"(?<![\w&#])(?<!\w-)(?:{'|'.join(map(_form_pattern, forms))})(?!\w)(?!-\w)")

    def term_of(self, words: str) -> Any:
        """Return the term whose form ``words`` is, as they stand in escaped text."""
        return self.by_form[_comparison_form(" ".join(words.split()), escaped=True)]


def _form_pattern(form: str) -> str:
    """Return a pattern for ``form`` in escaped text, across line ends too.

    A word in small letters may begin a sentence. Capitals count: EV is not “ev”, and STEM not “stem”.
    """
    words = [re.escape(escape(word)) for word in form.split()]
    if _ignores_initial_case(form):
        words[0] = f"[{form[0].lower()}{form[0].upper()}]{re.escape(escape(form.split()[0][1:]))}"
    return r"\s+".join(words)


def _ignores_initial_case(form: str) -> bool:
    first = form.split()[0]
    # Some letters become two when their case changes: those keep their case.
    return first[0].isalpha() and first[1:].islower() and len(first[0].lower() + first[0].upper()) == 2


def _comparison_form(form: str, escaped: bool = False) -> str:
    text = form if escaped else " ".join(map(escape, form.split()))
    return text[0].lower() + text[1:] if _ignores_initial_case(form) else text


#: The terms loaded last in this process, with the content stamp and the page type they were loaded for.
_cached: tuple[tuple[UUID, str], GlossaryTerms] | None = None


def glossary_terms_for(request: Any, glossary: str) -> GlossaryTerms:
    """Return the terms to explain; ``glossary`` is the page type that lists them, such as home.GlossaryPage.

    Cached in the process until the content changes. The content stamp comes with the menus, so this takes one query
    after a change and none otherwise; without a request, one query each time.
    """
    global _cached
    stamp = site_menus_for(request).stamp if request is not None else None
    if stamp is None:
        return _load(glossary)
    key = (stamp, glossary)
    cached = _cached
    if cached is None or cached[0] != key:
        cached = _cached = (key, _load(glossary))
    return cached[1]


def _load(glossary: str) -> GlossaryTerms:
    app, model = glossary.lower().split(".")
    page = Page.objects.live().filter(content_type__app_label=app, content_type__model=model).order_by("path")
    terms = GlossaryTerm.objects.filter(live=True, explained=True)
    loaded = tuple(terms.annotate(glossary=Subquery(page.values("url_path")[:1])))
    return GlossaryTerms(loaded, (loaded[0].glossary or "") if loaded else "")


# --- Their first appearances -----------------------------------------------------------------------


def link_first_appearances(html: str, glossary_terms: GlossaryTerms) -> tuple[str, list[GlossaryTerm]]:
    """Link the first appearance of each term in ``html`` to its explanation on the page; return the terms linked, too.

    The terms are in the order of their first appearance. Nothing but tags is added. ``html`` must be well formed:
    every element that isn't void is closed.
    """
    pattern = glossary_terms.pattern
    if pattern is None:
        return html, []
    linked: dict[str, Any] = {}

    def link(match: re.Match[str]) -> str:
        term = glossary_terms.term_of(match[0])
        if term.anchor in linked:
            return match[0]
        linked[term.anchor] = term
        return (
            f'<a class="term" id="first-{term.anchor}" href="#word-{term.anchor}" '
            f'aria-describedby="meaning-{term.anchor}">{match[0]}</a>'
        )

    parts = [pattern.sub(link, text) if is_running else text for text, is_running in _split_markup(html)]
    return "".join(parts), list(linked.values())


def _split_markup(html: str) -> Iterator[tuple[str, bool]]:
    """Split ``html`` at its tags; yield each piece with whether it is running text."""
    running = skipped = 0
    # Each open element with what it added to the two counts.
    stack: list[tuple[str, int, int]] = []
    for piece in _MARKUP.split(html):
        tag = _TAG.fullmatch(piece)
        if tag is None:
            yield piece, bool(running) and not skipped and not piece.startswith("<")
            continue
        yield piece, False
        name = tag["name"].lower()
        if tag["end"]:
            while stack:
                opened, added_running, added_skipped = stack.pop()
                running, skipped = running - added_running, skipped - added_skipped
                if opened == name:
                    break
        elif name not in VOID_ELEMENTS and not tag["rest"].endswith("/"):
            # A table may hold running text in its cells; in running text it holds figures.
            is_skipped = name in SKIPPED_ELEMENTS and (name != "table" or running > 0)
            added = (int(_has_running_text(tag["rest"])), int(is_skipped))
            running, skipped = running + added[0], skipped + added[1]
            stack.append((name, *added))


def _has_running_text(attributes: str) -> bool:
    match = _CLASS.search(attributes)
    return match is not None and not RUNNING_TEXT_CLASSES.isdisjoint("".join(filter(None, match.groups())).split())
