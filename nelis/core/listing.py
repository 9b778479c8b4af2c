"""Lists that filter by the query string: what was chosen, what is left, and how many of each.

Within one facet, choices widen the list (either); between facets they narrow it (both). The count
beside a choice is what the list would hold with that choice, given what is chosen elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator

__all__ = ["Facet", "Listing", "Option", "Row", "build_listing", "page_number"]

#: Query parameters that lists understand besides their facets.
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in a list: its key, and its values in each facet."""

    key: Any
    values: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Option:
    """A choice inside a facet. ``without`` is the query string that takes a chosen one away.

    One that is ``idle`` need not be shown: nothing in the whole list has it.
    """

    value: str
    label: str
    count: int = 0
    checked: bool = False
    is_redundant: bool = False
    query_without: str = ""


@dataclass(slots=True)
class Facet:
    """A group of choices, in the order they are shown. One that ``folds`` opens when it is asked for.

    One that is ``idle`` need not be shown: all its choices fit everything in the list. One that changes what the
    others count is ``always`` shown.
    """

    name: str
    label: str
    options: list[Option] = field(default_factory=list)
    is_collapsible: bool = False
    always_shown: bool = False
    is_redundant: bool = False

    @property
    def chosen(self) -> set[str]:
        return {option.value for option in self.options if option.checked}


@dataclass(slots=True)
class Listing:
    """A filtered list, ready to show.

    ``unknown`` names the choices in the query string that don't exist; ``bad_page`` is true when
    the page asked for doesn't. Either makes the right status 404.
    """

    keys: list[Any]
    total: int
    facets: list[Facet]
    unknown: list[tuple[str, str]]
    page: ListPage
    invalid_page: bool = False
    query: str = ""

    @property
    def is_filtered(self) -> bool:
        return any(facet.chosen for facet in self.facets)

    @property
    def status(self) -> int:
        return 404 if self.unknown or self.invalid_page else 200

    @property
    def chosen(self) -> list[tuple[str, Option]]:
        """Every choice made, with its facet's label."""
        return [(facet.label, option) for facet in self.facets for option in facet.options if option.checked]


def page_number(raw: str | None, pages: int) -> tuple[int, bool]:
    """The page asked for and whether that is no page of the list; the first page stands in then."""
    if raw in (None, ""):
        return 1, False
    # Longer than any real page number; int() of a huge string is slow, and ² is a digit to isdigit.
    if len(raw) > 6 or not raw.isascii() or not raw.isdigit():
        return 1, True
    number = int(raw)
    return (number, False) if 1 <= number <= pages else (1, True)


def build_listing(rows: Sequence[Row], facets: Iterable[Facet], params: Any, per_page: int = 50) -> Listing:
    """Filter ``rows`` by ``params`` (a QueryDict) over ``facets`` and cut out one page.

    Marks the chosen options of ``facets`` and fills their counts. Names in ``params`` that are no
    facet are ignored: links often carry tracking parameters.
    """
    facets = list(facets)
    unknown: list[tuple[str, str]] = []
    chosen: list[tuple[str, str]] = []
    for facet in facets:
        known = {option.value: option for option in facet.options}
        for value in dict.fromkeys(params.getlist(facet.name)):
            if not value:
                continue
            if value in known:
                known[value].checked = True
                chosen.append((facet.name, value))
            else:
                unknown.append((facet.label, value[:60]))
    for facet in facets:
        _set_idle(facet, [row.values.get(facet.name, frozenset()) for row in rows])
        others = [other for other in facets if other is not facet]
        in_others = [row for row in rows if _matches(row, others)]
        for option in facet.options:
            option.count = sum(option.value in row.values.get(facet.name, ()) for row in in_others)
        for option in facet.options:
            if option.checked:
                option.query_without = urlencode([pair for pair in chosen if pair != (facet.name, option.value)])
    keys = [row.key for row in rows if _matches(row, facets)]
    paginator = Paginator(keys, per_page)
    number, bad_page = page_number(params.get(PAGE), paginator.num_pages)
    return Listing(
        keys=keys,
        total=len(rows),
        facets=facets,
        unknown=unknown,
        page=paginator.page(number),
        invalid_page=bad_page,
        query=urlencode(chosen),
    )


def _set_idle(facet: Facet, held: Sequence[frozenset[str]]) -> None:
    # ``held`` are the values of every row in this facet.
    used = {option.value for option in facet.options} & frozenset().union(*held)
    for option in facet.options:
        option.is_redundant = option.value not in used and not option.checked
    facet.is_redundant = not (facet.always_shown or facet.chosen) and all(used <= values for values in held)


def _matches(row: Row, facets: Iterable[Facet]) -> bool:
    return all(not facet.chosen or facet.chosen & row.values.get(facet.name, frozenset()) for facet in facets)
