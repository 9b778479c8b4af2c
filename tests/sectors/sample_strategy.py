"""A made-up strategy of any size, for tests: one page of each type that everything is tied to."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from wagtail.models import Page, Site

from nelis.core.models import MenuItem, SiteSettings
from nelis.evidence.models import EvidenceIndexPage, Finding, GeoArea, PageSource, PageStatistic, Source, Statistic
from nelis.home.models import FrameworkPage, HomePage
from nelis.progress.models import TargetIndexPage, TargetPage
from sectors.models import (
    Ask,
    ChangesPage,
    Commitment,
    Component,
    Contact,
    EvidenceLink,
    ExplorerPage,
    FindingIndexPage,
    FoundationIndexPage,
    FoundationPage,
    GapsPage,
    GrandChallengeIndexPage,
    GrandChallengePage,
    Organisation,
    OrganisationIndexPage,
    OrganisationRole,
    OtherName,
    Outcome,
    PriorityArea,
    ProjectIndexPage,
    ProjectPage,
    PropositionIndexPage,
    PropositionPage,
    SectorDealIndexPage,
    SectorDealPage,
    SectorIndexPage,
    SectorPage,
    StrategyLink,
    SubSectorPage,
)

__all__ = ["SampleStrategy", "add"]


def add(parent: Page, model: type[Page], slug: str, **fields: Any) -> Any:
    """A published page below ``parent``."""
    title = slug.replace("-", " ").capitalize()
    return parent.add_child(instance=model(slug=slug, **({"title": title, "summary": f"About {slug}."} | fields)))


class SampleStrategy:
    """Everything numbered from 0; number 0 of each kind is tied to every other thing.

    ``grow(size)`` adds what is missing up to ``size`` of each.
    """

    def __init__(self) -> None:
        self.home = add(Page.get_first_root_node(), HomePage, "start", hero_statement="A plan")
        Site.objects.all().delete()
        site = Site.objects.create(hostname="testserver", root_page=self.home, is_default_site=True)
        strategy = add(self.home, FrameworkPage, "strategy", productivity="<p>Output over input.</p>")
        self.indexes = {
            "foundation": add(strategy, FoundationIndexPage, "foundations"),
            "challenge": add(strategy, GrandChallengeIndexPage, "grand-challenges"),
            "deal": add(strategy, SectorDealIndexPage, "sector-deals"),
            "sector": add(self.home, SectorIndexPage, "sectors"),
            "proposition": add(self.home, PropositionIndexPage, "propositions"),
            "project": add(self.home, ProjectIndexPage, "projects"),
            "target": add(self.home, TargetIndexPage, "targets"),
        }
        add(self.home, OrganisationIndexPage, "organisations")
        add(self.home, ExplorerPage, "explore")
        add(self.home, ChangesPage, "changes")
        evidence = add(self.home, EvidenceIndexPage, "evidence")
        add(evidence, FindingIndexPage, "findings")
        add(evidence, GapsPage, "gaps")
        settings = SiteSettings.objects.create(site=site)
        MenuItem.objects.create(settings=settings, menu="main", label="Sectors", page=self.indexes["sector"])
        self.area = GeoArea.objects.create(code="X99000001", name="Exampleshire")
        self.contact = Contact.objects.create(
            slug="somebody", name="Somebody", role="Head", organisation=self.organisation(0)
        )
        self.size = 0
        self.statistics: list[Statistic] = []
        self.pages: dict[str, list[Any]] = {kind: [] for kind in (*self.indexes, "sub_sector")}

    def organisation(self, number: int) -> Organisation:
        """Organisation ``number``, made when it isn't there yet."""
        return Organisation.objects.get_or_create(
            slug=f"organisation-{number}", defaults={"name": f"Organisation {number}", "kind": "company"}
        )[0]

    def grow(self, size: int) -> None:
        """Bring everything up to ``size``, and every tie with it."""
        new = range(self.size, size)
        for number in new:
            self._evidence(number)
            self._pages(number)
        self.size = size
        self._link()
        self.new_findings: list[Finding] = []
        for kind in self.pages:
            self._parts(self.pages[kind][0], kind, new)
        self._link_evidence()
        # A version of the first proposition, with all that it has by now.
        first = self.pages["proposition"][0]
        first.refresh_from_db()
        first.save_revision().publish()

    def _link_evidence(self) -> None:
        """Every second new finding behind the first proposition, or against it; the first one behind all of them."""
        relations = EvidenceLink.Relation.values
        pairs = [(self.pages["proposition"][0], finding) for finding in self.new_findings[::2]]
        pairs += [(proposition, self.new_findings[0]) for proposition in self.pages["proposition"][1:]]
        known = set(EvidenceLink.objects.values_list("page", "finding"))
        EvidenceLink.objects.bulk_create(
            EvidenceLink(page=page, finding=finding, relation=relations[number % len(relations)], **INFERRED)
            for number, (page, finding) in enumerate(pairs)
            if (page.pk, finding.pk) not in known
        )

    def _evidence(self, number: int) -> None:
        source = Source.objects.create(ref=f"x{number}", title=f"Source {number}", kind="report", held=number % 2 == 0)
        disputed = number % 2 == 1
        self.statistics += [
            Statistic.objects.create(
                key=f"x{number}-{which}",
                fact_key=f"fact-{number}" if disputed else "",
                label="things",
                value=Decimal(100 + which),
                status="disputed" if disputed else "confirmed",
                period_end=date(2018, 6, 30),
                geography=self.area,
                source=source,
            )
            for which in range(2)
        ]

    def _pages(self, number: int) -> None:
        common = {"as_of": date(2019, 7, 16)}
        make = {
            "foundation": (FoundationPage, {"code": f"f{number}", "national_aim": "More"}),
            "challenge": (GrandChallengePage, {"code": f"c{number}"}),
            "deal": (SectorDealPage, {"code": f"d{number}"}),
            "project": (ProjectPage, {"project_kind": "site"}),
            "target": (TargetPage, {"ref": f"T{number}"} | TARGET),
            "sector": (SectorPage, {"code": f"s{number}", "accent": "brass", "contact": self.contact}),
        }
        for kind, (model, fields) in make.items():
            index = type(self.indexes[kind]).objects.get(pk=self.indexes[kind].pk)
            if kind == "target":
                fields = fields | {"latest": self.statistics[-1], "comparator": self.area}
            self.pages[kind].append(add(index, model, f"{kind}-{number}", **fields, **common))
        sector = SectorPage.objects.get(pk=self.pages["sector"][0].pk)
        sub_sector = add(sector, SubSectorPage, f"sub-sector-{number}", code=f"u{number}", **common)
        self.pages["sub_sector"].append(sub_sector)
        index = PropositionIndexPage.objects.get()
        fields = {"ref": f"P{number}", "source_title": "As first published", "what_we_propose": "<p>This.</p>"}
        proposition = add(index, PropositionPage, f"proposition-{number}", lead_theme=sector, **fields, **common)
        self.pages["proposition"].append(proposition)

    def _link(self) -> None:
        """Number 0 of each kind to all of the other kinds, by turns stated and inferred, from either end."""
        known = {frozenset(pair) for pair in StrategyLink.objects.values_list("page", "target")}
        links = []
        kinds = [kind for kind in self.pages if kind != "target"]
        for near, far in product(kinds, kinds):
            first = self.pages[near][0]
            for number, other in enumerate(self.pages[far]):
                pair = frozenset((first.pk, other.pk))
                if len(pair) == 1 or pair in known:
                    continue
                known.add(pair)
                page, target = (first, other) if number % 2 else (other, first)
                how = {"basis": "stated"} if number % 3 else INFERRED
                links.append(StrategyLink(page=page, target=target, **how))
        # The propositions of a sector lead on to challenges and deals.
        for proposition, kind in product(self.pages["proposition"], ("challenge", "deal")):
            for other in self.pages[kind][:5]:
                if frozenset((proposition.pk, other.pk)) not in known:
                    known.add(frozenset((proposition.pk, other.pk)))
                    links.append(StrategyLink(page=proposition, target=other, **INFERRED))
        StrategyLink.objects.bulk_create(links)

    def _parts(self, page: Any, kind: str, new: range) -> None:
        """What hangs on the first page of each kind: roles, figures, sources, findings, rows."""
        organisations = [self.organisation(number) for number in new]
        sources = {source.ref: source for source in Source.objects.all()}
        for number, organisation in zip(new, organisations, strict=True):
            PageSource.objects.create(page=page, source=sources[f"x{number}"], sort_order=number)
            statistic = self.statistics[2 * number]
            PageStatistic.objects.create(page=page, statistic=statistic, sort_order=number)
            if kind in ("sector", "sub_sector"):
                for place, finding in enumerate(Finding.Kind.values):
                    made = Finding.objects.create(
                        ref=f"{kind[:3]}{place}-{number}",
                        kind=finding,
                        statement="It is so.",
                        subject=page,
                        source=sources[f"x{number}"],
                    )
                    self.new_findings.append(made)
            if kind != "target":
                roles = {"page": page, "organisation": organisation}
                OrganisationRole.objects.create(**roles, role="key", basis="stated")
                if number:
                    again = {"page": page, "organisation": self.organisation(0)}
                    role = {"role": ROLES[number % len(ROLES)]}
                    OrganisationRole.objects.get_or_create(**again, **role, defaults={"basis": "stated"})
            self._rows(page, kind, number, statistic)
        self._roles_of_one(new)

    def _roles_of_one(self, new: range) -> None:
        # The first organisation has a role on every proposition.
        for number in new:
            OrganisationRole.objects.get_or_create(
                page=self.pages["proposition"][number],
                organisation=self.organisation(0),
                role="partner",
                defaults={"basis": "stated"},
            )

    def _rows(self, page: Any, kind: str, number: int, statistic: Statistic) -> None:
        if kind == "challenge":
            PriorityArea.objects.create(page=page, ref=f"M{number}", title="Focus")
        elif kind == "deal":
            Commitment.objects.create(page=page, ref=f"U{number}", title="Promise")
        elif kind == "proposition":
            Component.objects.create(page=page, title="Part")
            Ask.objects.create(page=page, addressee="government", text="Help")
            Outcome.objects.create(page=page, text="Better", statistic=statistic)
            OtherName.objects.create(page=page, name="Other")


TARGET = {
    "target_kind": "level_gain",
    "target_value": Decimal(1000),
    "unit": "things",
    "baseline_year": 2014,
    "deadline_year": 2024,
}
INFERRED = {"basis": "inferred", "confidence": "high", "rationale": "They belong together."}
ROLES = OrganisationRole.Role.values
