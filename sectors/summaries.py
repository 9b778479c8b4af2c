"""The ruled cells, contents lists and groups of organisations on the strategy's pages: words, no queries."""

from collections.abc import Iterable
from typing import Any

from sectors.models.directory import Organisation
from sectors.models.links import OrganisationRole

__all__ = [
    "held_figures",
    "organisation_groups",
    "proposition_facts",
    "sector_brief",
    "sector_contents",
    "sector_facts",
]


def held_figures(statistics: Iterable[Any]) -> list[Any]:
    """The figures that have a value, one for each fact; of rivals the first."""
    each = (item[0] if isinstance(item, list) else item for item in statistics)
    return [statistic for statistic in each if statistic.figure.held]


def sector_facts(sector: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands in the title block of a sector."""
    subs, propositions = context["pages_with_figures"], context["propositions"]
    return [
        {"label": "Standing", "value": "Area of strategic importance"},
        {"label": "As at", "value": f"{sector.as_of:%B %Y}" if sector.as_of else ""},
        {"label": "Sub-sectors", "value": len(subs), "url": "#sub-sectors"},
        {"label": "Propositions", "value": len(propositions), "url": "#propositions"},
        {"label": "Sources", "value": len(context["sources"]), "url": "#sources"},
    ]


def sector_brief(context: dict[str, Any]) -> list[dict[str, Any]]:
    """What a reader scans first: the first figure held, and how much there is of the rest."""
    items: list[dict[str, Any]] = []
    first = next(iter(held_figures(context["statistics"])), None)
    if first is not None:
        items.append({"figure": first.figure, "text": first.label, "url": "#figures"})
    findings, subs = context["findings"], context["pages_with_figures"]
    # Most strengths are findings about a sub-sector, and stand on its page.
    below = sum(sub.strength_count for sub in subs)
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


def sector_contents(page: Any, context: dict[str, Any], *, figures_first: bool = False) -> list[dict[str, str]]:
    """What is on the page of a sector or sub-sector, for its contents list."""
    headings = [block.value for block in page.body if block.block_type == "heading"]
    story = [(heading.anchor, heading["text"]) for heading in headings if heading["level"] == "2"]
    ties = context["links"]
    stub = page.content_status == "stub"
    known = [
        ("figures", "Headline figures", context["statistics"]),
        ("sub-sectors", "Sub-sectors", context["pages_with_figures"]),
        ("evidence", "What the evidence says", context["has_findings"]),
        ("propositions", "Propositions", not stub),
        ("projects", "Projects", ties["projects"]),
        ("national", "Challenges and deals", context["national"]),
        ("linked", "Also linked", context["other_links"]),
        ("organisations", "Organisations", context["roles"]),
        ("contact", "Contact", getattr(page, "contact_id", None)),
    ]
    rest = [(anchor, title) for anchor, title, there in known if there]
    if figures_first and rest and rest[0][0] == "figures":
        story.insert(0, rest.pop(0))
    return [{"id": anchor, "title": title} for anchor, title in [*story, *rest]]


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


def proposition_facts(page: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands beside a proposition. What isn't published is said once."""
    theme, stage = context["lead_theme"], page.get_stage_display()
    if page.stage_date:
        stage = f"{stage}, {page.stage_date.day} {page.stage_date:%B %Y}"
    gaps = [
        name
        for name, held in (
            ("cost", page.cost_low is not None or page.cost_high is not None),
            ("lead", any(role.role == "lead" for role in context["roles"])),
            ("start", page.start),
        )
        if not held
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
