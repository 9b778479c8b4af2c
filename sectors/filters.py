"""The lists of propositions, projects and organisations, filtered by the query string."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from nelis.core.listing import Facet, Listing, Option, Row, build_listing
from sectors.models.directory import Organisation
from sectors.models.links import OrganisationRole, StrategyLink

__all__ = [
    "organisation_index_context",
    "project_index_context",
    "proposition_index_context",
]

# Facet name, its heading, and the table its options come from.
PROPOSITION_FACETS = (
    ("challenge", "Grand Challenge", "grandchallengepage"),
    ("deal", "Sector Deal", "sectordealpage"),
    ("foundation", "Foundation", "foundationpage"),
    ("sub-sector", "Sub-sector", "subsectorpage"),
    ("project", "Site or project", "projectpage"),
)
BASIS = "basis"
#: Facets with so many options that they stand folded.
FOLDED = ("project",)
#: Facets that can be asked for what is tied to none of their options, and how.
WITH_NONE = ("challenge", "deal")
NONE = "none"


def proposition_index_context(propositions: Any, params: Any) -> dict[str, Any]:
    """The filtered list of ``propositions`` (a queryset) with its facets.

    Each proposition gets ``hue``, the colour of the sector that leads it, and ``challenges``, its ties
    to Grand Challenges that are counted. ``basis=stated`` counts only ties that a source states.
    Three queries, whatever is chosen.
    """
    pages = list(propositions.live().select_related("lead_theme__sectorpage").order_by("path"))
    stated_only = "stated" in params.getlist(BASIS)
    values, options = _tied_values(pages, stated_only)
    partners = _partner_values(pages, stated_only)
    for page in pages:
        page.hue = _hue(page.lead_theme)
        values[page.pk]["stage"].add(page.stage)
        if page.lead_theme:
            values[page.pk]["theme"].add(page.lead_theme.slug)
            options["theme"][page.lead_theme.slug] = page.lead_theme.title
        for slug, name, counted in partners.get(page.pk, ()):
            options["partner"][slug] = name
            if counted:
                values[page.pk]["partner"].add(slug)
        values[page.pk][BASIS] |= {"all", "stated"}
    stages = pages[0]._meta.get_field("stage").choices if pages else []
    used = {page.stage for page in pages}
    facets = [
        *(
            Facet(name, label, [*_options(options[name]), *_none(name, pages, values)], folds=name in FOLDED)
            for name, label, _ in PROPOSITION_FACETS
        ),
        Facet("partner", "Partner", _options(options["partner"]), folds=True),
        Facet("theme", "Sector or foundation that leads", _options(options["theme"])),
        Facet("stage", "Stage", [Option(str(v), str(t)) for v, t in stages if v in used]),
        Facet(BASIS, "Links counted", [Option("stated", "Only those a source states")], always=True),
    ]
    listing = build_listing(_rows(pages, values), facets, params)
    return {**_context(listing, pages, "propositions"), "stated_only": stated_only}


def project_index_context(projects: Any, params: Any) -> dict[str, Any]:
    """The filtered list of ``projects`` (a queryset) with its facets. Two queries."""
    pages = list(projects.live().select_related("place").order_by("path"))
    tied: dict[int, dict[str, str]] = defaultdict(dict)
    sectors: dict[str, str] = {}
    for near, far, _ in _ties(pages, "sectorpage"):
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
    sector = theme and theme._state.fields_cache.get("sectorpage")
    return sector.hue if sector else ""


def _ties(pages: list[Any], kind: str | None = None) -> Iterable[tuple[int, Page, StrategyLink]]:
    """(id of one of ``pages``, the live page at the other end, the tie) for every tie. One query."""
    ids = {page.pk for page in pages}
    kinds = [kind] if kind else [table for _, _, table in PROPOSITION_FACETS]
    sides = [f"{side}__{table}" for side in ("page", "target") for table in kinds]
    links = StrategyLink.objects.filter(
        Q(page__in=ids, target__live=True) | Q(target__in=ids, page__live=True)
    ).select_related(*sides)
    for link in links:
        for near, far in ((link.page_id, link.target), (link.target_id, link.page)):
            if near in ids and any(far._state.fields_cache.get(table) for table in kinds):
                yield near, far, link


def _tied_values(pages: list[Any], stated_only: bool) -> tuple[dict[int, Any], dict[str, Any]]:
    values: dict[int, Any] = {page.pk: defaultdict(set) for page in pages}
    options: dict[str, Any] = defaultdict(dict)
    challenges: dict[int, list[Any]] = defaultdict(list)
    for near, far, link in _ties(pages):
        for name, _, table in PROPOSITION_FACETS:
            if far._state.fields_cache.get(table):
                options[name][far.slug] = far.title
                if not stated_only or link.basis == "stated":
                    values[near][name].add(far.slug)
                    if name == "challenge":
                        challenges[near].append((far.path, far.title, link))
    for page in pages:
        page.challenges = [
            {"title": title, "basis": link.basis, "confidence": link.confidence}
            for _, title, link in sorted(challenges[page.pk], key=lambda tie: tie[0])
        ]
        for name in WITH_NONE:
            values[page.pk][name] = values[page.pk][name] or {NONE}
    return values, options


def _none(name: str, pages: list[Any], values: dict[int, Any]) -> list[Option]:
    """The choice of propositions without a tie of that kind, if there are any."""
    there = name in WITH_NONE and any(NONE in values[page.pk][name] for page in pages)
    return [Option(NONE, "None")] if there else []


def _partner_values(pages: list[Any], stated_only: bool) -> dict[int, list[tuple[str, str, bool]]]:
    """For each page its organisations: slug, name, and whether the role counts. One query."""
    roles = OrganisationRole.objects.filter(
        page__in=[page.pk for page in pages], organisation__live=True
    ).select_related("organisation")
    partners: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    for role in roles:
        counted = not stated_only or role.basis == "stated"
        partners[role.page_id].append((role.organisation.slug, role.organisation.name, counted))
    return partners


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
