"""The terms of the glossary that are explained in texts, and the words by which they are recognised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from wagtail.models import Page

from nelis.core.models import GlossaryTerm
from nelis.core.navigation import site_menus_for

__all__ = ["GlossaryTerms", "glossary_terms_for"]


@dataclass(frozen=True)
class GlossaryTerms:
    """The terms to explain, and the glossary's place in the tree. When two share a form, it stands for the first."""

    terms: tuple[Any, ...]
    glossary: str = ""

    def glossary_url(self, request: Any = None) -> str:
        """The address of the glossary; empty when there is none."""
        return (Page(url_path=self.glossary).get_url(request) or "") if self.glossary else ""

    @cached_property
    def by_form(self) -> Mapping[str, Any]:
        """Each form, as compared, with its term."""
        found: dict[str, Any] = {}
        for term in self.terms:
            for form in term.recognised:
                found.setdefault(_comparison_form(form), term)
        return found

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Matches any form as a whole word in escaped text, the longest first. None when there are no terms."""
        forms = sorted({form for term in self.terms for form in term.recognised}, key=lambda form: (-len(form), form))
        if not forms:
            return None
        # Not in the middle of a word, of a word with a hyphen, or of a character written by its name.
        return re.compile(rf"(?<![\w&#])(?<!\w-)(?:{'|'.join(map(_form_pattern, forms))})(?!\w)(?!-\w)")

    def term_of(self, words: str) -> Any:
        """The term that ``words``, as they stand in escaped text, are a form of."""
        return self.by_form[_comparison_form(" ".join(words.split()), escaped=True)]


def _form_pattern(form: str) -> str:
    """Matches ``form`` in escaped text, across the end of a line too.

    A word in small letters may begin a sentence. Capitals are kept: EV is no ev, and STEM no stem.
    """
    words = [re.escape(escape(word)) for word in form.split()]
    if _ignores_initial_case(form):
        words[0] = f"[{form[0].lower()}{form[0].upper()}]{re.escape(escape(form.split()[0][1:]))}"
    return r"\s+".join(words)


def _ignores_initial_case(form: str) -> bool:
    first = form.split()[0]
    # Some letters become two when their case changes: those stay as they are.
    return first[0].isalpha() and first[1:].islower() and len(first[0].lower() + first[0].upper()) == 2


def _comparison_form(form: str, escaped: bool = False) -> str:
    """``form`` so that two spellings that are matched alike are equal."""
    text = form if escaped else " ".join(map(escape, form.split()))
    return text[0].lower() + text[1:] if _ignores_initial_case(form) else text


#: The last vocabulary asked for, with what it was made from.
_cached: tuple[tuple[UUID, str], GlossaryTerms] | None = None


def glossary_terms_for(request: Any, glossary: str) -> GlossaryTerms:
    """The terms to explain now; ``glossary`` is the type of the page that lists them, such as home.GlossaryPage.

    Kept in the process while the content is the same, which comes with the menus: no query but the first after a
    change. Without a request one query each time.
    """
    global _cached
    stamp = site_menus_for(request).stamp if request is not None else None
    if stamp is None:
        return _load(glossary)
    key = (stamp, glossary)
    kept = _cached
    if kept is None or kept[0] != key:
        kept = _cached = (key, _load(glossary))
    return kept[1]


def _load(glossary: str) -> GlossaryTerms:
    app, model = glossary.lower().split(".")
    page = Page.objects.live().filter(content_type__app_label=app, content_type__model=model).order_by("path")
    terms = GlossaryTerm.objects.filter(live=True, explained=True)
    found = tuple(terms.annotate(glossary=Subquery(page.values("url_path")[:1])))
    return GlossaryTerms(found, (found[0].glossary or "") if found else "")
