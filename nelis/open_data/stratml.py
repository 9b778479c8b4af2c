"""The strategy as StratML (Strategy Markup Language, ISO 17469): part 1, the plan, and part 2, with its measures.

A sector or foundation is a goal, a proposition an objective of the one that leads it, and a target an objective with a
performance indicator. Elements stand in the order of the schemas, which allow no other.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree

from django.conf import settings

from nelis.core.models import ChangeEntry, SiteSettings
from nelis.core.site_address import absolute_url
from nelis.open_data.routers.national import FOUNDATIONS
from nelis.open_data.routers.propositions import PROPOSITIONS, Proposition
from nelis.open_data.routers.sectors import SECTORS
from nelis.open_data.routers.targets import TARGETS, Target
from nelis.open_data.schemas import Role, StrategyRecord

__all__ = ["NAMESPACES", "PARTS", "stratml_text"]

PARTS = (1, 2)
#: The namespace of each part.
NAMESPACES = {
    1: "urn:ISO:std:iso:17469:tech:xsd:stratml_core",
    2: "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport",
}
Element = ElementTree.Element
#: What no XML may hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What an organisation does, in the words of part 2.
PERFORMERS = ("lead", "deliver", "fund", "asked")


def stratml_text(part: int) -> str:
    """Return the strategy as XML by ``part`` of the standard."""
    document = StratML(part).document()
    document.set("xmlns", NAMESPACES[part])
    ElementTree.indent(document)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(document, encoding="unicode") + "\n"


def element(name: str, *children: Element | None, text: str = "", **attributes: str) -> Element:
    """Make an element; children that are None are left out."""
    made = Element(name, attributes)
    made.text = _NOT_XML.sub("", text) or None
    made.extend(child for child in children if child is not None)
    return made


def optional(name: str, text: str) -> Element | None:
    """Make an element with text; None without any."""
    return element(name, text=text) if text.strip() else None


class StratML:
    """The document by one part of the standard. A fixed number of queries."""

    def __init__(self, part: int) -> None:
        self.part = part
        self.propositions: dict[str, list[Proposition]] = defaultdict(list)
        for proposition in PROPOSITIONS.all():
            self.propositions[proposition.theme.url if proposition.theme else ""].append(proposition)

    def document(self) -> Element:
        """Return the root with all that is in it."""
        about = (
            element("Name", text=settings.SITE_NAME),
            element("Description", text="The strategy as it is published, with its propositions and its targets."),
            element("OtherInformation", text=f"Made from {absolute_url('/')}, which names the sources."),
            element("StrategicPlanCore", *self.organisation(), *self.goals()),
        )
        if self.part == 1:
            return element("StrategicPlan", *about, self.administration())
        return element("PerformancePlanOrReport", *about, self.administration(), Type="Strategic_Plan")

    def organisation(self) -> Iterable[Element]:
        """Yield the body that runs the site, once it is named."""
        site = SiteSettings.objects.filter(site__is_default_site=True).first()
        if site and site.operator_name:
            yield element("Organization", element("Name", text=site.operator_name))

    def administration(self) -> Element:
        """Return when it was published and where it comes from."""
        latest = ChangeEntry.objects.values_list("at", flat=True).first()
        return element(
            "AdministrativeInformation",
            element("PublicationDate", text=latest.date().isoformat()) if latest else None,
            element("Source", text=absolute_url(f"/data/strategy-stratml-part-{self.part}.xml")),
        )

    def goals(self) -> Iterable[Element]:
        """Yield a goal for each sector and foundation, one for propositions that none leads, one for the targets."""
        themes: list[tuple[str, StrategyRecord]] = [("sector", theme) for theme in SECTORS.all()]
        themes += [("foundation", theme) for theme in FOUNDATIONS.all()]
        for number, (kind, theme) in enumerate(themes, 1):
            yield element(
                "Goal",
                element("Name", text=theme.title),
                element("Description", text=theme.summary),
                element("Identifier", text=f"{kind}-{theme.ref}"),
                element("SequenceIndicator", text=str(number)),
                *self.stakeholders(theme.organisations),
                element("OtherInformation", text=theme.url),
                *map(self.proposition, self.propositions.pop(theme.url, ())),
            )
        if rest := [proposition for left in self.propositions.values() for proposition in left]:
            yield element(
                "Goal",
                element("Name", text="Other propositions"),
                element("Description", text="Propositions that no published sector or foundation leads."),
                element("Identifier", text="other-propositions"),
                *map(self.proposition, rest),
            )
        yield element(
            "Goal",
            element("Name", text="Targets"),
            element("Description", text="What the strategy is measured by."),
            element("Identifier", text="targets"),
            *map(self.target, TARGETS.all()),
        )

    def proposition(self, proposition: Proposition) -> Element:
        """Return a proposition as an objective."""
        asks = [f"Asked of {ask.addressee}: {ask.text}" for ask in proposition.asks]
        other = [f"Stage: {proposition.stage_name}.", *asks, proposition.url]
        return element(
            "Objective",
            element("Name", text=proposition.title),
            optional("Description", "\n\n".join(filter(None, [proposition.what_we_propose, proposition.why]))),
            element("Identifier", text=f"proposition-{proposition.ref}"),
            element("SequenceIndicator", text=proposition.ref),
            *self.stakeholders(proposition.organisations),
            element("OtherInformation", text="\n".join(other)),
        )

    def target(self, target: Target) -> Element:
        """Return a target as an objective; with its measure in part 2."""
        other = "\n".join(filter(None, [f"{target.status}. {target.verdict}", target.caveats, target.url]))
        return element(
            "Objective",
            element("Name", text=target.title),
            optional("Description", target.summary),
            element("Identifier", text=f"target-{target.ref}"),
            element("SequenceIndicator", text=target.ref),
            element("OtherInformation", text=other),
            self.indicator(target) if self.part == 2 else None,
        )

    def indicator(self, target: Target) -> Element:
        """Return what a target wants, and the latest figure held."""
        latest, actual = target.latest, None
        start = date(target.baseline_year, 1, 1).isoformat() if target.baseline_year else ""
        if latest is not None and latest.value is not None:
            actual = element(
                "ActualResult",
                optional("StartDate", latest.period_start.isoformat() if latest.period_start else ""),
                optional("EndDate", latest.period_end.isoformat() if latest.period_end else ""),
                element("NumberOfUnits", text=f"{latest.value:f}"),
                element("Description", text=f"{latest.text} {latest.label}. {latest.url}"),
            )
        elif target.editions:
            newest = target.editions[-1]
            words = f"{newest.text}, known since {newest.known_since}: {newest.status}. {newest.url}"
            actual = element("ActualResult", element("Description", text=words))
        return element(
            "PerformanceIndicator",
            element("SequenceIndicator", text=target.ref),
            element("MeasurementDimension", text=target.title),
            element("UnitOfMeasurement", text=target.unit),
            element("Identifier", text=f"indicator-{target.ref}"),
            element(
                "MeasurementInstance",
                element(
                    "TargetResult",
                    optional("StartDate", start),
                    element("EndDate", text=date(target.deadline_year, 12, 31).isoformat()),
                    element("NumberOfUnits", text=f"{target.target_value:f}"),
                    element("Description", text=f"By the end of {target.deadline_year}; the month isn’t stated."),
                ),
                actual,
            ),
            optional("OtherInformation", target.method),
            PerformanceIndicatorType="Quantitative",
            ValueChainStage="Outcome",
        )

    def stakeholders(self, roles: Iterable[Role]) -> Iterable[Element]:
        """Yield each organisation once, with all that it does."""
        by_name: dict[str, list[Role]] = defaultdict(list)
        for role in roles:
            by_name[role.organisation.title].append(role)
        for name, held in by_name.items():
            reasons = "; ".join(f"{role.role} ({role.basis}): {role.reason}".rstrip(": ") for role in held)
            parts = [self.role(role) for role in held] if self.part == 2 else []
            yield element(
                "Stakeholder",
                element("Name", text=name),
                element("Description", text=reasons),
                *parts,
                StakeholderTypeType="Organization",
            )

    def role(self, role: Role) -> Element:
        """Return what an organisation does, in the words of part 2."""
        performs = element("RoleType", text="Performer") if role.role in PERFORMERS else None
        return element("Role", element("Name", text=role.role), optional("Description", role.reason), performs)
