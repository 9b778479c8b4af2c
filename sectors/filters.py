"""The lists of propositions, projects and organisations, filtered by the query string."""

from collections import defaultdict
from typing import Any

from wagtail.models import Page

from nelis.core.listing import Facet, Listing, Option, Row, build_listing
from nelis.core.query_utils import joined_row
from sectors.dimensions import DIMENSIONS, THEME_RELATIONS, DimensionValues, dimension_values
from sectors.links import links_between
from sectors.models.directory import Organisation
from sectors.models.links import Basis

__all__ = [
    "organisation_index_context",
    "project_index_context",
    "proposition_index_context",
]

# The facets of the list of propositions, in the order they are shown.
PROPOSITION_FACETS = (
    *("challenge", "deal", "foundation", "sub-sector", "project", "partner", "place"),
    *("evidence", "sector", "theme", "stage"),
)
BASIS = "basis"
#: Facets with so many options that they stand folded.
FOLDED = ("project", "partner", "place", "evidence")
#: Facets that can be asked for what is tied to none of their options, and how.
WITH_NONE = ("challenge", "deal")
NONE = "none"


def proposition_index_context(propositions: Any, params: Any) -> dict[str, Any]:
    """The filtered list of ``propositions`` (a queryset) with its facets.

    Each proposition gets ``hue``, the colour of the sector that leads it, and ``challenges``, its ties
    to Grand Challenges that are counted. ``basis=stated`` counts only ties that a source states.
    Six queries, whatever is chosen.
    """
    pages = list(propositions.live().select_related(*THEME_RELATIONS).order_by("path"))
    stated_only = "stated" in params.getlist(BASIS)
    held = dimension_values(pages)
    values = {
        page.pk: {name: held.values_of(page.pk, name, stated_only=stated_only) for name in PROPOSITION_FACETS}
        for page in pages
    }
    for page in pages:
        page.hue = _hue(page.lead_theme)
        values[page.pk][BASIS] = {"all", "stated"}
        for name in WITH_NONE:
            values[page.pk][name] = values[page.pk][name] or {NONE}
    _add_challenges(pages, held, stated_only)
    facets = [
        *(
            Facet(
                name,
                DIMENSIONS[name].label,
                [*(Option(value, label) for value, label in held.options(name)), *_none(name, pages, values)],
                is_collapsible=name in FOLDED,
            )
            for name in PROPOSITION_FACETS
        ),
        Facet(BASIS, "Links counted", [Option("stated", "Only those a source states")], always_shown=True),
    ]
    listing = build_listing(_rows(pages, values), facets, params)
    return {**_context(listing, pages, "propositions"), "stated_only": stated_only}


def project_index_context(projects: Any, params: Any) -> dict[str, Any]:
    """The filtered list of ``projects`` (a queryset) with its facets. Three queries."""
    pages = list(projects.live().select_related("place").order_by("path"))
    tied: dict[int, dict[str, str]] = defaultdict(dict)
    sectors: dict[str, str] = {}
    for near, _, far, _ in links_between([page.pk for page in pages], "sectorpage"):
        tied[near][far.slug] = far.title
        sectors[far.slug] = far.title
    values = {
        page.pk: defaultdict(
            set,
            {"kind": {page.project_kind}, "status": {page.status}, "sector": set(tied[page.pk])},
        )
        for page in pages
    }
    facets = [
        Facet("sector", "Sector", _options(sectors)),
        Facet("kind", "Kind", _choices(pages, "project_kind")),
        Facet("status", "Status", _choices(pages, "status")),
    ]
    listing = build_listing(_rows(pages, values), facets, params)
    return _context(listing, pages, "projects")


def organisation_index_context(params: Any) -> dict[str, Any]:
    """The filtered list of organisations, grouped by kind. One query."""
    organisations = list(Organisation.objects.filter(live=True).order_by("name"))
    values = {o.pk: {"kind": {o.kind}} for o in organisations}
    facets = [Facet("kind", "Kind", _choices(organisations, "kind"))]
    listing = build_listing(_rows(organisations, values), facets, params, per_page=500)
    context = _context(listing, organisations, "organisations")
    groups: dict[str, list[Organisation]] = {}
    for value, label in Organisation.Kind.choices:
        members = [o for o in context["organisations"] if o.kind == value]
        if members:
            groups[str(label)] = members
    context["groups"] = groups
    return context


def _hue(theme: Page | None) -> str:
    _, sector = joined_row(theme, ["sectorpage"]) if theme else ("", None)
    return sector.hue if sector else ""


def _add_challenges(pages: list[Any], held: DimensionValues, stated_only: bool) -> None:
    """Give each page ``challenges``: its ties to Grand Challenges that count, in the order of those."""
    found: dict[int, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for key, table, far, link in held.links:
        if table == "grandchallengepage" and (link.basis == Basis.STATED or not stated_only):
            tie = {"title": far.title, "basis": link.basis, "confidence": link.confidence}
            found[key].append((far.path, tie))
    for page in pages:
        page.challenges = [tie for _, tie in sorted(found[page.pk], key=lambda pair: pair[0])]


def _none(name: str, pages: list[Any], values: dict[int, Any]) -> list[Option]:
    """The choice of propositions without a tie of that kind, if there are any."""
    there = name in WITH_NONE and any(NONE in values[page.pk][name] for page in pages)
    return [Option(NONE, "None")] if there else []


def _options(found: dict[str, str]) -> list[Option]:
    return [Option(value, label) for value, label in sorted(found.items(), key=lambda o: o[1])]


def _choices(items: list[Any], field: str) -> list[Option]:
    used = {getattr(item, field) for item in items}
    choices = items[0]._meta.get_field(field).choices if items else []
    return [Option(str(value), str(label)) for value, label in choices if value in used]


def _rows(items: list[Any], values: dict[int, Any]) -> list[Row]:
    return [Row(item.pk, {name: frozenset(found) for name, found in values[item.pk].items()}) for item in items]


def _context(listing: Listing, items: list[Any], name: str) -> dict[str, Any]:
    by_key = {item.pk: item for item in items}
    return {"listing": listing, name: [by_key[key] for key in listing.page.object_list]}
