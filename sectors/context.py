"""Template context of the pages of the strategy: one function for each page type, or for what several have in common.

``nelis.core.page_views`` calls them, base classes first. Figures and sources are there by then
(``nelis.evidence.context``). What a page costs is a fixed number of queries, however much it shows.
"""

from typing import Any

from nelis.core.page_views import page_context
from nelis.evidence.finding_groups import group_findings
from nelis.evidence.models import Finding
from sectors import summaries
from sectors.changes import changes_by_day, listed_changes, parse_since
from sectors.citation_text import cite_proposition
from sectors.coverage import find_coverage
from sectors.dimensions import DIMENSIONS, THEME_RELATIONS, add_unused_values, dimension_values
from sectors.evidence_links import attach_led_to, evidence_chain, evidence_links_of
from sectors.explorer import CHOOSABLE, EACH_PROPOSITION, FORMATS, build_matrix
from sectors.gaps import find_gaps
from sectors.links import links_of, national_links, roles_of
from sectors.listings import (
    add_led_propositions,
    finding_listing,
    pages_with_propositions,
    project_listing,
    proposition_listing,
    sibling_pages,
)
from sectors.models import (
    PROJECT_STEPS,
    STAGE_STEPS,
    Ask,
    ChangesPage,
    ExplorerPage,
    FindingIndexPage,
    GapsPage,
    NationalIndexPage,
    NationalPage,
    ProjectIndexPage,
    ProjectPage,
    PropositionIndexPage,
    PropositionPage,
    PropositionVersion,
    SectorBase,
    SectorDealIndexPage,
    SectorDealPage,
    SectorIndexPage,
    SectorPage,
    StrategyPage,
    SubSectorPage,
)

Context = dict[str, Any]


@page_context(StrategyPage)
def strategy_context(page: StrategyPage, request: Any, context: Context) -> Context:
    """Links in both directions and by way of other pages (see ``links_of``), and roles of organisations."""
    links, indirect = links_of(page, page.via_pages())
    return {"links": links, "indirect": indirect, "roles": roles_of(page)}


@page_context(NationalPage)
def national_context(page: NationalPage, request: Any, context: Context) -> Context:
    """The facts of a foundation, Grand Challenge or Sector Deal, and the others of its kind."""
    if page.may_lead:
        add_led_propositions({page.pk: context["links"]["propositions"]})
    return {"section": sibling_pages(page), "facts": summaries.national_facts(page, context["links"])}


@page_context(NationalIndexPage)
def national_index_context(page: NationalIndexPage, request: Any, context: Context) -> Context:
    """The foundations, Grand Challenges or Sector Deals, each with its propositions."""
    return {"items": pages_with_propositions(page.listed_pages())}


@page_context(SectorDealIndexPage)
def sector_deal_index_context(page: SectorDealIndexPage, request: Any, context: Context) -> Context:
    """The deals whose commitments are held, and those known by name only."""
    deals = context["items"]
    return {
        "detailed": [deal for deal in deals if deal.part_count],
        "named_only": [deal for deal in deals if not deal.part_count],
    }


@page_context(SectorBase)
def sector_base_context(page: SectorBase, request: Any, context: Context) -> Context:
    """Findings about a sector or sub-sector by kind, the propositions it leads, its other links, and its contents."""
    findings = list(Finding.objects.filter(subject=page.pk, live=True).select_related("source", "subject"))
    attach_led_to(findings)
    first, more = summaries.first_figures(context["statistics"])
    links, led = context["links"], {proposition.pk for proposition in page.propositions}
    added = {
        "findings": group_findings(findings),
        "finding_count": len(findings),
        "first_figures": first,
        "more_figures": more,
        "propositions": page.propositions,
        "also_answers": [linked for linked in links["propositions"] if linked.page.pk not in led],
        "other_links": [*links["foundations"], *links["sectors"], *links["sub_sectors"]],
        "national": national_links(links, context["indirect"]),
        "organisation_groups": summaries.organisation_groups(context["roles"]),
    }
    return added | {"contents": summaries.sector_contents(page, context | added)}


@page_context(SectorPage)
def sector_context(page: SectorPage, request: Any, context: Context) -> Context:
    """Projects by stage, and what support there is."""
    support = summaries.support_row(page)
    return {
        "projects_by_stage": summaries.projects_by_stage(context["links"]["projects"]),
        "organisation_groups": [*context["organisation_groups"], *([support] if support else [])],
    }


@page_context(SubSectorPage)
def sub_sector_context(page: SubSectorPage, request: Any, context: Context) -> Context:
    """The sector that a sub-sector is a branch of."""
    sector = SectorPage.objects.parent_of(page).first()
    return {"sector": sector, "kicker": f"Branch of {sector.title.lower()}"} if sector else {"sector": None}


@page_context(SectorIndexPage)
def sector_index_context(page: SectorIndexPage, request: Any, context: Context) -> Context:
    """The sectors, each with the first figures held on it; the Sector Deals; whether a reader’s sector is covered."""
    sectors = context["pages_with_figures"]
    for sector in sectors:
        sector.held_figures = summaries.held_figures(sector.statistics)[:4]
    deals = SectorDealPage.objects.live().order_by("path")
    return {"sectors": sectors, "deals": deals, "coverage": find_coverage(request.GET.get("sector", ""))}


@page_context(PropositionPage)
def proposition_context(page: PropositionPage, request: Any, context: Context) -> Context:
    """A proposition's parts, the evidence for it and against it, its versions and how to cite it."""
    versions = PropositionVersion.newest_first(page)
    newest = versions[0] if versions else None
    evidence = evidence_links_of(page)
    added = proposition_parts(page) | {"version": f"{newest.number}, {newest.label}" if newest else ""}
    added |= {
        "versions": versions,
        "evidence": evidence,
        "link_table": [linked for linked_pages in context["links"].values() for linked in linked_pages],
    }
    return added | {
        "contents": summaries.proposition_contents(context | added),
        "certainty": summaries.proposition_certainty(page, context | added),
        "chain": evidence_chain(page, evidence, added["outcomes"]),
        "facts": summaries.proposition_facts(page, context | added),
        "ask_groups": [
            {"label": f"Of {label.lower()}", "text": " ".join(ask.text for ask in added["asks"][value])}
            for value, label in Ask.Addressee.choices
            if value in added["asks"]
        ],
        "stages": [step.label for step in STAGE_STEPS],
        "citation": cite_proposition(page, newest),
    }


def proposition_parts(page: PropositionPage) -> Context:
    """A proposition's components, asks by addressee, outcomes, other names and lead theme. Four queries."""
    asks: dict[str, list[Any]] = {}
    for ask in page.asks.all():
        asks.setdefault(ask.addressee, []).append(ask)
    theme = page.lead_theme if page.lead_theme and page.lead_theme.live else None
    sector = getattr(theme, "sectorpage", None)
    return {
        "components": list(page.components.all()),
        "asks": asks,
        "outcomes": list(page.outcomes.select_related("statistic__source")),
        "other_names": [other.name for other in page.other_names.all()],
        "lead_theme": theme,
        "accent": sector.accent if sector else "",
    }


@page_context(PropositionIndexPage)
def proposition_index_context(page: PropositionIndexPage, request: Any, context: Context) -> Context:
    """The propositions that the query string asks for."""
    return proposition_listing(PropositionPage.objects.child_of(page), request.GET)


@page_context(ProjectPage)
def project_context(page: ProjectPage, request: Any, context: Context) -> Context:
    """The facts of a project, and the steps it may have reached."""
    return {"facts": summaries.project_facts(page), "project_steps": [step.label for step in PROJECT_STEPS]}


@page_context(ProjectIndexPage)
def project_index_context(page: ProjectIndexPage, request: Any, context: Context) -> Context:
    """The projects that the query string asks for."""
    listing = project_listing(ProjectPage.objects.child_of(page), request.GET)
    return listing | {"project_steps": [step.label for step in PROJECT_STEPS]}


@page_context(FindingIndexPage)
def finding_index_context(page: FindingIndexPage, request: Any, context: Context) -> Context:
    """The findings that the query string asks for, by kind."""
    return finding_listing(request.GET)


@page_context(GapsPage)
def gaps_context(page: GapsPage, request: Any, context: Context) -> Context:
    """Every gap, by kind."""
    return {"groups": find_gaps()}


@page_context(ChangesPage)
def changes_context(page: ChangesPage, request: Any, context: Context) -> Context:
    """The changes that the query string asks for, by day."""
    listing = listed_changes(request.GET)
    since = parse_since(request.GET.get("since", ""))
    return {"listing": listing, "days": changes_by_day(listing.page.object_list), "since": since}


@page_context(ExplorerPage)
def explorer_context(page: ExplorerPage, request: Any, context: Context) -> Context:
    """The table of the two dimensions that the query string asks for; ``unknown`` names what doesn't exist."""
    rows, columns = request.GET.get("rows") or EACH_PROPOSITION, request.GET.get("columns") or "challenge"
    basis = request.GET.get("basis", "")
    row_choices = [EACH_PROPOSITION, *CHOOSABLE]
    unknown = [
        (label, value[:60])
        for label, value, choices in (
            ("Rows", rows, row_choices),
            ("Columns", columns, CHOOSABLE),
            ("Links", basis, ["", "stated"]),
            ("Format", request.GET.get("format", ""), ["", *FORMATS]),
        )
        if value not in choices
    ]
    index = PropositionIndexPage.objects.live().first()
    pages = list(PropositionPage.objects.live().select_related(*THEME_RELATIONS).order_by("path"))
    dimensions = dimension_values(pages)
    add_unused_values(dimensions)
    matrix = build_matrix(
        pages,
        dimensions,
        rows if rows in row_choices else EACH_PROPOSITION,
        columns if columns in CHOOSABLE else "challenge",
        stated_only=basis == "stated",
        list_url=index.get_url(request) if index else "",
    )
    return {"matrix": matrix, "unknown": unknown, "choosable": [DIMENSIONS[name] for name in CHOOSABLE]}
