"""The fact cells, key numbers, contents lists and groups of organisations on pages of the strategy. No queries."""

from collections.abc import Iterable
from typing import Any

from django.utils.dateformat import format as format_date

from sectors.links import LinkedPage
from sectors.models import (
    FoundationPage,
    GrandChallengePage,
    NationalPage,
    Organisation,
    OrganisationRole,
    ProjectPage,
    SectorDealPage,
)

#: A cell of a page's facts: label, value, perhaps url, and missing for a gap.
Fact = dict[str, Any]


def held_figures(statistics: Iterable[Any]) -> list[Any]:
    """The figures that have a value, one for each fact; of rivals the first."""
    each = (item[0] if isinstance(item, list) else item for item in statistics)
    return [statistic for statistic in each if statistic.figure.held]


def sector_facts(sector: Any, context: dict[str, Any]) -> list[Fact]:
    """The fact cells of a sector."""
    sub_sectors, propositions = context["pages_with_figures"], context["propositions"]
    return [
        {"label": "Standing", "value": "Area of strategic importance"},
        {"label": "As at", "value": f"{sector.as_of:%B %Y}" if sector.as_of else ""},
        {"label": "Sub-sectors", "value": len(sub_sectors), "url": "#sub-sectors"},
        {"label": "Propositions", "value": len(propositions), "url": "#propositions"},
        {"label": "Sources", "value": len(context["sources"]), "url": "#sources"},
    ]


def sector_key_numbers(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The key numbers of a sector: the first figure held, and how much there is of the rest."""
    items: list[dict[str, Any]] = []
    first = next(iter(held_figures(context["statistics"])), None)
    if first is not None:
        items.append({"figure": first.figure, "text": first.label, "url": "#figures"})
    findings, sub_sectors = context["findings"], context["pages_with_figures"]
    # Most strengths are findings about a sub-sector, and stand on its page.
    below = sum(sub_sector.strength_count for sub_sector in sub_sectors)
    for kind, words, url, more in (
        ("strength", "strengths", "#strengths" if findings["strength"] else "#sub-sectors", below),
        ("constraint", "constraints", "#constraints", 0),
        ("recommendation", "recommendations", "#recommendations", 0),
    ):
        if count := len(findings[kind]) + more:
            items.append({"value": count, "text": words, "url": url})
    if context["propositions"]:
        count = len(context["propositions"])
        items.append({"value": count, "text": "propositions", "url": "#propositions"})
    return items if len(items) > 1 else []


def sector_sections(page: Any, context: dict[str, Any], *, figures_first: bool = False) -> list[dict[str, str]]:
    """What is on the page of a sector or sub-sector, for its contents list."""
    headings = [block.value for block in page.body if block.block_type == "heading"]
    story = [(heading.anchor, heading["text"]) for heading in headings if heading["level"] == "2"]
    stub = page.content_status == "stub"
    sections = [
        ("figures", "Headline figures", context["statistics"]),
        ("sub-sectors", "Sub-sectors", context["pages_with_figures"]),
        ("evidence", "What the evidence says", context["has_findings"]),
        ("propositions", "Propositions", not stub),
        ("projects", "Projects", context["links"]["projects"]),
        ("national", "Challenges and deals", context["national"]),
        ("linked", "Other links", context["other_links"]),
        ("organisations", "Organisations", context["roles"]),
        ("contact", "Contact", getattr(page, "contact_id", None)),
    ]
    rest = [(anchor, title) for anchor, title, content in sections if content]
    if figures_first and rest and rest[0][0] == "figures":
        story.insert(0, rest.pop(0))
    return [{"id": anchor, "title": title} for anchor, title in [*story, *rest]]


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


def proposition_facts(page: Any, context: dict[str, Any]) -> list[Fact]:
    """The fact cells of a proposition. What isn't published is said once."""
    theme, stage = context["lead_theme"], page.get_stage_display()
    if page.stage_date:
        stage = f"{stage}, {page.stage_date.day} {page.stage_date:%B %Y}"
    gaps = [
        name
        for name, is_published in (
            ("cost", page.cost_low is not None or page.cost_high is not None),
            ("lead", any(role.role == "lead" for role in context["roles"])),
            ("start", page.start),
        )
        if not is_published
    ]
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
            _count_fact("Priority areas", len(page.parts), "Not held"),
        ]
    elif isinstance(page, SectorDealPage):
        published = format_date(page.deal_date, "j F Y") if page.deal_date else "Date not held"
        facts = [
            {"label": "Published", "value": published, "missing": not page.deal_date},
            {"label": "Partnership since", "value": str(page.partnership_since or "")},
            _count_fact("Commitments", len(page.parts), "Not held"),
        ]
    return [
        *facts,
        _count_fact("Propositions", len(links["propositions"]), "None yet"),
        _count_fact("Sectors and sub-sectors", len(links["sectors"] + links["sub_sectors"]), "None on record"),
    ]


def _count_fact(label: str, number: int, none: str) -> Fact:
    """How many there are; ``none`` in words, as a gap, when there are none."""
    return {"label": label, "value": str(number) if number else none, "missing": not number}
