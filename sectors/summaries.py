"""The fact cells, key numbers, contents lists and groups of organisations on pages of the strategy. No queries."""

from collections.abc import Iterable
from typing import Any

from django.utils.dateformat import format as format_date

from nelis.core import svg_geometry
from sectors.links import LinkedPage
from sectors.models import (
    Basis,
    FoundationPage,
    GrandChallengePage,
    NationalPage,
    Organisation,
    OrganisationRole,
    ProjectPage,
    ProjectStatus,
    SectorDealPage,
    SubSectorPage,
)

#: A cell of a page's facts: label, value, perhaps url, and missing for a gap.
Fact = dict[str, Any]


def held_figures(statistics: Iterable[Any]) -> list[Any]:
    """The figures that have a value, one for each fact; of rivals the first."""
    each = (item[0] if isinstance(item, list) else item for item in statistics)
    return [statistic for statistic in each if statistic.figure.held]


#: How many figures a sector shows in full.
FIGURES_SHOWN = 5


def first_figures(statistics: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """The figures to show in full, in their editor's order but those held first, and the others.

    What is not held and what is disputed is among them, if there is any: a page must not look surer than it is.
    """
    listed = list(statistics)
    held, missing, disputed = [], [], []
    for item in listed:
        first = item[0] if isinstance(item, list) else item
        kind = disputed if first.status == "disputed" else held if first.figure.held else missing
        kind.append(item)
    shown = [*held[: FIGURES_SHOWN - 2], *missing[:1], *disputed[:1]]
    rest = [item for item in listed if item not in shown]
    shown += rest[: FIGURES_SHOWN - len(shown)]
    return shown, [item for item in listed if item not in shown]


def sector_contents(page: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    """What is on the page of a sector or sub-sector, and how much of it."""
    headings = [block.value for block in page.body if block.block_type == "heading"]
    story = [heading for heading in headings if heading["level"] == "2"]
    links, statistics = context["links"], context["statistics"]
    propositions = links["propositions"] if isinstance(page, SubSectorPage) else context["propositions"]
    figures = sum(len(item) if isinstance(item, list) else 1 for item in statistics)
    counts = (
        ("propositions", "proposition", len(propositions)),
        ("sub-sectors", "sub-sector", len(context["pages_with_figures"])),
        ("figures", "figure", figures),
        ("evidence", "finding", context["finding_count"]),
        ("projects", "project", len(links["projects"])),
        ("story", "section of text", len(story)),
        ("national", "challenge and deal", len(context["national"])),
        ("linked", "other link", len(context["other_links"])),
        ("organisations", "organisation", len(context["roles"])),
    )
    plurals = {"section of text": "sections of text", "challenge and deal": "challenges and deals"}
    return [
        {"value": number, "text": word if number == 1 else plurals.get(word, f"{word}s"), "url": f"#{anchor}"}
        for anchor, word, number in counts
        if number
    ]


def projects_by_stage(projects: Iterable[LinkedPage]) -> list[dict[str, Any]]:
    """The projects by how far they had come, the furthest first; those that are only named last."""
    by_status: dict[str, list[LinkedPage]] = {}
    for linked in projects:
        by_status.setdefault(linked.page.status, []).append(linked)
    return [
        {"label": status.label, "is_named": status is ProjectStatus.NAMED, "projects": by_status[status]}
        for status in reversed(ProjectStatus)
        if status in by_status
    ]


def support_row(sector: Any) -> dict[str, Any] | None:
    """What support there is, or that we don't hold it, as a row below the organisations; None on a stub."""
    if sector.content_status == "stub":
        return None
    label = "Support for firms"
    if sector.support_offer:
        return {"label": label, "rich": sector.support_offer}
    return {"label": label, "missing": "Not held."}


def organisation_groups(roles: Iterable[OrganisationRole]) -> list[dict[str, Any]]:
    """Organisations with a role, by kind, for the component ``orgs``."""
    by_kind: dict[str, list[dict[str, str]]] = {}
    for role in roles:
        organisation = role.organisation
        member = {
            "name": organisation.name,
            "url": organisation.get_absolute_url(),
            "note": "inferred" if role.is_inferred else "",
        }
        by_kind.setdefault(organisation.kind, []).append(member)
    return [
        {"label": str(label), "members": by_kind[value]}
        for value, label in Organisation.Kind.choices
        if value in by_kind
    ]


def proposition_contents(context: dict[str, Any]) -> list[dict[str, Any]]:
    """What is on the page of a proposition, and how much of it; that nothing is asked yet is said, too."""
    asks = sum(len(asks) for asks in context["asks"].values())
    counts = (
        ("parts", "part", "parts", len(context["components"])),
        ("figures", "figure behind it", "figures behind it", len(context["statistics"])),
        ("asks" if asks else "asked", "ask published", "asks published", asks),
        ("partners", "partner", "partners", len(context["roles"])),
        ("evidence", "finding", "findings", len(context["evidence"])),
        ("links", "link", "links", len(context["link_table"])),
        ("versions", "version", "versions", len(context["versions"])),
    )
    return [
        {"value": number, "text": one if number == 1 else several, "url": f"#{anchor}"}
        for anchor, one, several, number in counts
        if number or anchor == "asked"
    ]


def proposition_certainty(page: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    """How many of a proposition's lines are stated, inferred and against it, and what isn't published of it.

    Its lines are its links, its findings and the roles of organisations. Each kind has ``label``, ``kind`` and
    ``sense`` as marks have them, ``number`` and ``strokes``, the drawing of as many lines.
    """
    evidence = context["evidence"]
    supporting = [link for link in evidence if not link.is_challenge]
    lines = [*(linked.link for linked in context["link_table"]), *supporting, *context["roles"]]
    inferred = sum(line.is_inferred for line in lines)
    gaps = _unpublished(page, context["roles"])
    gaps = [*([] if context["asks"] else ["asks"]), *gaps, *([] if context["outcomes"] else ["measure"])]
    kinds = (
        ("Stated in a source", "stated", "", len(lines) - inferred),
        ("Inferred by us", "inferred", "", inferred),
        *(
            (f"{basis.label}, and counts against it", basis.value, "against", count)
            for basis in Basis
            if (count := sum(link.is_challenge and link.basis == basis for link in evidence))
        ),
        (f"Not published: {', '.join(gaps)}", "missing", "", len(gaps)),
    )
    return [
        {"label": label, "kind": kind, "sense": sense, "number": number, "strokes": svg_geometry.strokes(number)}
        for label, kind, sense, number in kinds
        if number or kind == "stated"
    ]


def _unpublished(page: Any, roles: Iterable[OrganisationRole]) -> list[str]:
    """Which of cost, lead and start of a proposition aren't published."""
    published = (
        ("cost", page.cost_low is not None or page.cost_high is not None),
        ("lead", any(role.role == "lead" for role in roles)),
        ("start", bool(page.start)),
    )
    return [name for name, is_published in published if not is_published]


def proposition_facts(page: Any, context: dict[str, Any]) -> list[Fact]:
    """The fact cells of a proposition. What isn't published is said once."""
    theme, stage = context["lead_theme"], page.get_stage_display()
    if page.stage_date:
        stage = f"{stage}, {page.stage_date.day} {page.stage_date:%B %Y}"
    gaps = _unpublished(page, context["roles"])
    facts = [
        {"label": "Reference", "value": page.ref},
        {"label": "Stage", "value": stage},
        {"label": "Version", "value": context.get("version", ""), "url": "#versions"},
        {
            "label": "Belongs to",
            "value": theme.title if theme else "",
            "url": theme.url if theme else "",
        },
        {"label": "First published as", "value": page.source_title},
        {"label": "Also called", "value": "; ".join(context["other_names"])},
        {"label": "Cost", "value": _cost(page)},
        {"label": "Start", "value": page.start},
        {"label": "End", "value": page.end},
    ]
    if gaps:
        facts.append({"label": ", ".join(gaps).capitalize(), "value": "Not yet published", "missing": True})
    return [fact for fact in facts if fact["value"]]


def _cost(page: Any) -> str:
    amounts = sorted({amount for amount in (page.cost_low, page.cost_high) if amount is not None})
    return " to ".join(f"£{amount:,.0f}" for amount in amounts)


def project_facts(page: ProjectPage) -> list[Fact]:
    """The fact cells of a project."""
    return [
        {"label": "Kind", "value": page.get_project_kind_display()},
        {"label": "Status", "value": page.get_status_display(), "missing": page.status == "named"},
        {"label": "Expected", "value": page.expected or "Date not held", "missing": not page.expected},
        {"label": "Place", "value": page.place.name if page.place else "Not held", "missing": not page.place},
        {"label": "Also called", "value": page.also_called},
    ]


def national_facts(page: NationalPage, links: dict[str, list[LinkedPage]]) -> list[Fact]:
    """The fact cells of a foundation, Grand Challenge or Sector Deal: its own, then how much is linked to it."""
    facts: list[Fact] = []
    if isinstance(page, FoundationPage):
        facts = [{"label": "National aim", "value": page.national_aim}]
    elif isinstance(page, GrandChallengePage):
        ambition = "Published" if page.ambition else "Not held"
        facts = [
            {"label": "Ambition", "value": ambition, "missing": not page.ambition},
            _count_fact("Priority areas", len(page.parts), "Not held", "#areas"),
        ]
    elif isinstance(page, SectorDealPage):
        published = format_date(page.deal_date, "j F Y") if page.deal_date else "Date not held"
        facts = [
            {"label": "Published", "value": published, "missing": not page.deal_date},
            {"label": "Partnership since", "value": str(page.partnership_since or "")},
            _count_fact("Commitments", len(page.parts), "Not held", "#commitments"),
        ]
    return [
        *facts,
        _count_fact("Propositions", len(links["propositions"]), "None yet", "#propositions"),
        _count_fact(
            "Sectors and sub-sectors", len(links["sectors"] + links["sub_sectors"]), "None on record", "#sectors"
        ),
    ]


def _count_fact(label: str, number: int, none: str, url: str) -> Fact:
    """How many there are, with the way down to them; ``none`` in words, as a gap, when there are none."""
    return {"label": label, "value": str(number) if number else none, "missing": not number, "url": number and url}
