"""Lists of propositions, projects and organisations, filtered by the query string; and of parts of the strategy."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from nelis.core.listing import Facet, Listing, Option, Row, build_listing
from nelis.core.query_utils import joined_row
from nelis.evidence.finding_groups import finding_response, group_findings
from nelis.evidence.models import Finding
from sectors.dimensions import DIMENSIONS, THEME_RELATIONS, DimensionValues, dimension_values
from sectors.evidence_links import attach_led_to
from sectors.links import LinkedPage, links_between
from sectors.models import Basis, Organisation, StrategyLink

# The facets of the list of propositions, in the order they are shown.
PROPOSITION_FACETS = (
    *("challenge", "deal", "foundation", "sub-sector", "project", "partner", "place"),
    *("evidence", "sector", "theme", "stage"),
)
BASIS = "basis"
#: Facets with so many options that they stand folded.
COLLAPSIBLE = ("project", "partner", "place", "evidence")
#: Facets with a choice of pages that are linked to none of the options, and its value.
WITH_NONE = ("challenge", "deal")
NONE = "none"


def proposition_listing(propositions: QuerySet[Any], params: Any) -> dict[str, Any]:
    """The filtered list of ``propositions`` with its facets.

    Each proposition gets ``accent``, the colour of the sector that leads it, and ``challenges``, its links
    to Grand Challenges that are counted. ``basis=stated`` counts only links that a source states.
    Six queries, whatever is chosen.
    """
    pages = list(propositions.filter(live=True).select_related(*THEME_RELATIONS).order_by("path"))
    stated_only = "stated" in params.getlist(BASIS)
    dimensions = dimension_values(pages)
    values = {
        page.pk: {name: dimensions.values_of(page.pk, name, stated_only=stated_only) for name in PROPOSITION_FACETS}
        for page in pages
    }
    for page in pages:
        _, sector = joined_row(page.lead_theme, ["sectorpage"]) if page.lead_theme else ("", None)
        page.accent = sector.accent if sector else ""
        values[page.pk][BASIS] = {"all", "stated"}
        for name in WITH_NONE:
            values[page.pk][name] = values[page.pk][name] or {NONE}
    _add_challenges(pages, dimensions, stated_only)
    facets = [
        Facet(
            name,
            DIMENSIONS[name].label,
            [*(Option(value, label) for value, label in dimensions.options(name)), *_none_option(name, values)],
            is_collapsible=name in COLLAPSIBLE,
        )
        for name in PROPOSITION_FACETS
    ]
    facets.append(Facet(BASIS, "Links counted", [Option("stated", "Only those a source states")], always_shown=True))
    listing = build_listing(_rows(values), facets, params)
    return {"listing": listing, "propositions": _on_page(listing, pages), "stated_only": stated_only}


def _add_challenges(pages: list[Any], dimensions: DimensionValues, stated_only: bool) -> None:
    """Give each page ``challenges``: its links to Grand Challenges that count, in the order of those."""
    found: dict[int, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for key, table, challenge, link in dimensions.links:
        if table == "grandchallengepage" and (link.basis == Basis.STATED or not stated_only):
            shown = {"title": challenge.title, "basis": link.basis, "confidence": link.confidence}
            found[key].append((challenge.path, shown))
    for page in pages:
        page.challenges = [shown for _, shown in sorted(found[page.pk], key=lambda pair: pair[0])]


def _none_option(name: str, values: dict[int, Any]) -> list[Option]:
    """The choice of propositions without a link of that kind, if there are any."""
    exists = name in WITH_NONE and any(NONE in of_page[name] for of_page in values.values())
    return [Option(NONE, "None")] if exists else []


def project_listing(projects: QuerySet[Any], params: Any) -> dict[str, Any]:
    """The filtered list of ``projects`` with its facets. Three queries."""
    pages = list(projects.filter(live=True).select_related("place").order_by("path"))
    values = {page.pk: {"kind": {page.project_kind}, "status": {page.status}, "sector": set()} for page in pages}
    sectors: dict[str, str] = {}
    for key, _, sector, _ in links_between(values, "sectorpage"):
        values[key]["sector"].add(sector.slug)
        sectors[sector.slug] = sector.title
    facets = [
        Facet("sector", "Sector", [Option(*item) for item in sorted(sectors.items(), key=lambda item: item[1])]),
        Facet("kind", "Kind", _used_choices(pages, "project_kind")),
        Facet("status", "Status", _used_choices(pages, "status")),
    ]
    listing = build_listing(_rows(values), facets, params)
    return {"listing": listing, "projects": _on_page(listing, pages)}


def organisation_listing(params: Any) -> dict[str, Any]:
    """The filtered list of organisations, grouped by kind. One query."""
    organisations = list(Organisation.objects.filter(live=True).order_by("name"))
    values = {organisation.pk: {"kind": {organisation.kind}} for organisation in organisations}
    facets = [Facet("kind", "Kind", _used_choices(organisations, "kind"))]
    listing = build_listing(_rows(values), facets, params, per_page=500)
    shown = _on_page(listing, organisations)
    return {"listing": listing, "organisations": shown, "groups": _by_kind(shown, Organisation.Kind.choices)}


def finding_listing(params: Any) -> dict[str, Any]:
    """The filtered list of findings by kind and subject, each with what it led to. Two queries."""
    findings = list(Finding.objects.filter(live=True).select_related("subject", "source"))
    attach_led_to(findings)
    subjects = {finding.subject.slug: finding.subject.title for finding in findings if finding.subject}
    values = {
        finding.pk: {
            "kind": {finding.kind},
            "about": {finding.subject.slug} if finding.subject else set(),
            "led": {"to-something" if finding.led_to else "to-nothing"},
        }
        for finding in findings
    }
    facets = [
        Facet("kind", "Kind", [Option(str(value), str(label)) for value, label in Finding.Kind.choices]),
        Facet("about", "About", [Option(slug, title) for slug, title in subjects.items()]),
        Facet(
            "led",
            "Propositions",
            [Option("to-something", "Some named"), Option("to-nothing", "No proposition responds")],
        ),
    ]
    listing = build_listing(_rows(values), facets, params, per_page=500)
    shown = _on_page(listing, findings)
    responses = Counter(finding_response(finding) for finding in shown)
    return {"listing": listing, "groups": group_findings(shown), "responses": responses}


def _used_choices(instances: list[Any], field: str) -> list[Option]:
    used = {getattr(instance, field) for instance in instances}
    choices = instances[0]._meta.get_field(field).choices if instances else []
    return [Option(str(value), str(label)) for value, label in choices if value in used]


def _rows(values: dict[int, dict[str, set[str]]]) -> list[Row]:
    return [
        Row(key, {name: frozenset(of_facet) for name, of_facet in facets.items()}) for key, facets in values.items()
    ]


def _on_page(listing: Listing, instances: list[Any]) -> list[Any]:
    """The instances on the page of the list that was asked for."""
    by_key = {instance.pk: instance for instance in instances}
    return [by_key[key] for key in listing.page.object_list]


def _by_kind(instances: list[Any], choices: Any) -> list[tuple[str, list[Any]]]:
    groups = [(str(label), [instance for instance in instances if instance.kind == kind]) for kind, label in choices]
    return [(label, members) for label, members in groups if members]


def pages_with_propositions(pages: QuerySet[Any]) -> list[Any]:
    """Live ``pages`` in tree order, each with ``propositions``: its links to them. Four queries."""
    listed = list(pages.filter(live=True).order_by("path"))
    links: dict[int, list[LinkedPage]] = {page.pk: [] for page in listed}
    for key, _, proposition, link in links_between(links, "propositionpage"):
        links[key].append(LinkedPage(proposition, link, outward=link.page_id == key))
    add_led_propositions(links)
    for page in listed:
        page.propositions = links[page.pk]
    return listed


def add_led_propositions(links: dict[int, list[LinkedPage]]) -> None:
    """Add to the ``links`` of each page the propositions that it leads, and put all in tree order. One query.

    Which theme leads a proposition is recorded on the proposition, as the sources give it.
    """
    led = Page.objects.filter(propositionpage__lead_theme__in=links, live=True).select_related("propositionpage")
    for proposition in (page.propositionpage for page in led):
        linked_pages = links[proposition.lead_theme_id]
        if proposition.pk not in {linked.page.pk for linked in linked_pages}:
            link = StrategyLink(
                page=proposition,
                target_id=proposition.lead_theme_id,
                basis="stated",
                rationale="It leads this proposition.",
            )
            linked_pages.append(LinkedPage(proposition, link, outward=False))
    for linked_pages in links.values():
        linked_pages.sort(key=lambda linked: linked.page.path)


def sibling_pages(page: Page) -> list[Page]:
    """The list that ``page`` is in, then all live pages in that list, ``page`` among them. One query."""
    index_path = page.path[: -page.steplen]
    pages = Page.objects.live().filter(path__startswith=index_path, depth__lte=page.depth)
    return list(pages.order_by("path"))
