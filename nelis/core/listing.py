"""Faceted lists: filter rows by the query string, and count the rows of each choice.

Within one facet, choices widen the list (or); between facets they narrow it (and). The count beside a choice is the
length of the list with that choice, given what is chosen in the other facets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator

#: The query parameter for the page number.
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its key, and its values in each facet."""

    key: Any
    values: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Option:
    """A choice of a facet. ``query_without`` is the query string that removes it when it is checked.

    A redundant one isn't shown: no row has it.
    """

    value: str
    label: str
    count: int = 0
    checked: bool = False
    is_redundant: bool = False
    query_without: str = ""


@dataclass(slots=True)
class Facet:
    """A group of choices, in the order they are shown.

    A redundant one isn't shown, unless it is ``always_shown``: each of its choices fits every row.
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

    ``unknown`` are the choices in the query string that don't exist, as (facet label, value); ``invalid_page`` is
    whether the page requested doesn't. Either makes the status 404.
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
    def has_filters(self) -> bool:
        """Whether there is anything to choose."""
        return any(not facet.is_redundant for facet in self.facets)

    @property
    def status(self) -> int:
        return 404 if self.unknown or self.invalid_page else 200

    @property
    def chosen(self) -> list[tuple[str, Option]]:
        """The checked choices, each with its facet's label."""
        return [(facet.label, option) for facet in self.facets for option in facet.options if option.checked]


def page_number(raw: str | None, pages: int) -> tuple[int, bool]:
    """Return the page number, and whether the one requested is invalid; then it is 1."""
    if raw in (None, ""):
        return 1, False
    # int() of a huge string is slow, and ² is a digit to isdigit.
    if len(raw) > 6 or not raw.isascii() or not raw.isdigit():
        return 1, True
    number = int(raw)
    return (number, False) if 1 <= number <= pages else (1, True)


def build_listing(rows: Sequence[Row], facets: Iterable[Facet], params: Any, per_page: int = 50) -> Listing:
    """Filter ``rows`` by ``params`` (a QueryDict) over ``facets`` and return one page.

    Checks the chosen options of ``facets`` and sets their counts. Other parameters are ignored: links often carry
    tracking parameters.
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
        _set_redundant(facet, [row.values.get(facet.name, frozenset()) for row in rows])
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


def _set_redundant(facet: Facet, row_values: Sequence[frozenset[str]]) -> None:
    used = {option.value for option in facet.options} & frozenset().union(*row_values)
    for option in facet.options:
        option.is_redundant = option.value not in used and not option.checked
    facet.is_redundant = not (facet.always_shown or facet.chosen) and all(used <= values for values in row_values)


def _matches(row: Row, facets: Iterable[Facet]) -> bool:
    return all(not facet.chosen or facet.chosen & row.values.get(facet.name, frozenset()) for facet in facets)
