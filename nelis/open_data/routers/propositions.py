"""Propositions, with their asks, links, evidence and versions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from ninja import Query
from ninja.errors import HttpError
from pydantic import Field
from wagtail.models import Page

from nelis.core.query_utils import joined_row
from nelis.core.richtext import paragraphs
from nelis.core.site_address import absolute_url
from nelis.evidence.models import Finding, Statistic
from nelis.evidence.paths import finding_path
from nelis.open_data.connections import strategy_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.references import figure_line, page_reference
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.schemas import BasisRecord, FigureLine, ListOf, Number, OneOf, Record, Reference, StrategyRecord
from sectors.models import (
    Ask,
    Basis,
    EvidenceLink,
    OrganisationRole,
    Outcome,
    PropositionPage,
    PropositionVersion,
    Stage,
    StrategyLink,
)

__all__ = ["PROPOSITIONS", "router"]

router = ReadRouter(tags=["Propositions"])
#: What can lead a proposition, by the relation from a page.
THEME_TABLES = ("sectorpage", "foundationpage")
#: The filters by a page that is linked, each with the table of that page.
LINK_FILTERS = {
    "sector": "sectorpage",
    "sub_sector": "subsectorpage",
    "foundation": "foundationpage",
    "challenge": "grandchallengepage",
    "deal": "sectordealpage",
    "project": "projectpage",
}


class ComponentRecord(Record):
    """A named part of a proposition."""

    title: str
    description: str


class AskRecord(Record):
    """What a proposition needs, and from whom."""

    addressee: Annotated[str, OneOf(Ask.Addressee)]
    text: str
    status: Annotated[str, OneOf(Ask.Status)]


class OutcomeRecord(Record):
    """What a proposition should bring about."""

    text: str
    figure: FigureLine | None


class EvidenceRecord(BasisRecord):
    """What a finding has to do with the proposition."""

    finding: Reference
    finding_kind: Annotated[str, OneOf(Finding.Kind)]
    relation: Annotated[str, OneOf(EvidenceLink.Relation)]


class VersionLine(Record):
    """A version of a proposition, without what it says."""

    number: int
    label: str
    stage: Annotated[str, OneOf(Stage)]
    reason: Annotated[str, OneOf(PropositionVersion.Reason)]
    published_at: datetime
    change_note: str
    corrects: int | None = Field(description="The number of the version that it corrects.")
    content_hash: str = Field(description="SHA-256 of the content, as JSON with sorted keys and no blanks.")
    url: str


class VersionRecord(VersionLine):
    """A version with what it says."""

    content: dict[str, Any] = Field(description="Sections with their lines, as they stood then.")


class Proposition(StrategyRecord):
    """Something the region proposes to do."""

    source_title: str = Field(description="Its title as first published, word for word.")
    other_names: list[str]
    stage: Annotated[str, OneOf(Stage)]
    stage_name: str = Field(description="The stage as readers see it.")
    stage_date: date | None
    theme: Reference | None = Field(description="The sector or foundation that leads it.")
    what_we_propose: str
    why: str
    why_is_ours: bool = Field(description="Whether the reason is ours, since no source gives one.")
    cost_low: Number | None = Field(description="In pounds; null where none is published.")
    cost_high: Number | None
    start: str
    end: str
    components: list[ComponentRecord]
    asks: list[AskRecord]
    outcomes: list[OutcomeRecord]
    evidence: list[EvidenceRecord]
    versions: list[VersionLine] = Field(description="The newest first.")


class PropositionFilters(PublishedSince):
    """Which propositions."""

    stage: Annotated[str, OneOf(Stage)] | None = None
    theme: Ref | None = Field(None, description="The slug of the sector or foundation that leads it.")
    sector: Ref | None = Field(None, description="The slug of a sector that leads it or is linked to it.")
    sub_sector: Ref | None = Field(None, description="The slug of a sub-sector linked to it.")
    foundation: Ref | None = Field(None, description="The slug of a foundation that leads it or is linked to it.")
    challenge: Ref | None = Field(None, description="The slug of a Grand Challenge linked to it.")
    deal: Ref | None = Field(None, description="The slug of a Sector Deal linked to it.")
    project: Ref | None = Field(None, description="The slug of a project linked to it.")
    partner: Ref | None = Field(None, description="The slug of an organisation with a part in it.")
    evidence: Annotated[str, OneOf(Finding.Kind)] | None = Field(
        None, description="The kind of a finding linked to it."
    )
    basis: Literal["stated"] | None = Field(None, description="“stated” counts only links that a source states.")


def public() -> QuerySet[Any]:
    """Return the published propositions."""
    return published_pages(PropositionPage)


def records(pages: Iterable[PropositionPage]) -> list[Proposition]:
    """Make records of propositions. Thirteen queries."""
    pages = _fetched(pages)
    fields, evidence, versions = strategy_fields(pages), _evidence(pages), _versions(pages)
    return [
        Proposition(
            **fields[page.pk],
            source_title=page.source_title,
            other_names=[other.name for other in page.other_names.all()],
            stage=page.stage,
            stage_name=page.get_stage_display(),
            stage_date=page.stage_date,
            theme=_theme(page),
            what_we_propose="\n\n".join(paragraphs(page.what_we_propose)),
            why="\n\n".join(paragraphs(page.why)),
            why_is_ours=page.why_is_ours,
            cost_low=page.cost_low,
            cost_high=page.cost_high,
            start=page.start,
            end=page.end,
            components=[
                ComponentRecord(title=part.title, description=part.description) for part in page.components.all()
            ],
            asks=[AskRecord(addressee=ask.addressee, text=ask.text, status=ask.status) for ask in page.asks.all()],
            outcomes=[OutcomeRecord(text=outcome.text, figure=_figure(outcome)) for outcome in page.outcomes.all()],
            evidence=evidence[page.pk],
            versions=versions[page.pk],
        )
        for page in pages
    ]


def _fetched(pages: Iterable[PropositionPage]) -> list[Any]:
    """The same pages with all that belongs to each."""
    keys = [page.pk for page in pages]
    outcomes = Outcome.objects.select_related("statistic")
    found = PropositionPage.objects.filter(pk__in=keys).select_related(
        *(f"lead_theme__{name}" for name in THEME_TABLES)
    )
    found = found.prefetch_related("components", "asks", "other_names", Prefetch("outcomes", outcomes))
    by_key = {page.pk: page for page in found}
    return [by_key[key] for key in keys]


def _theme(page: PropositionPage) -> Reference | None:
    if page.lead_theme is None or not page.lead_theme.live:
        return None
    _, theme = joined_row(page.lead_theme, THEME_TABLES)
    return page_reference(theme) if theme else None


def _figure(outcome: Outcome) -> FigureLine | None:
    statistic: Statistic | None = outcome.statistic
    return figure_line(statistic) if statistic and statistic.live else None


def _evidence(pages: list[Any]) -> dict[int, list[EvidenceRecord]]:
    found: dict[int, list[EvidenceRecord]] = defaultdict(list)
    links = EvidenceLink.objects.filter(page__in=[page.pk for page in pages], finding__live=True)
    for link in links.select_related("finding").order_by("sort_order", "pk"):
        finding = Reference(
            kind="finding",
            ref=link.finding.ref,
            slug=link.finding.ref.lower(),
            title=link.finding.statement,
            url=absolute_url(finding_path(link.finding.anchor)),
        )
        found[link.page_id].append(
            EvidenceRecord(
                finding=finding,
                finding_kind=link.finding.kind,
                relation=link.relation,
                basis=link.basis,
                confidence=link.confidence,
                reason=link.rationale,
            )
        )
    return found


def _versions(pages: list[Any]) -> dict[int, list[VersionLine]]:
    urls = {page.pk: page.full_url or "" for page in pages}
    found: dict[int, list[VersionLine]] = defaultdict(list)
    versions = PropositionVersion.objects.filter(proposition__in=urls).select_related("corrects")
    for version in versions.defer("content", "corrects__content").order_by("-number"):
        found[version.proposition_id].append(VersionLine(**_version_fields(version, urls[version.proposition_id])))
    return found


def _version_fields(version: PropositionVersion, page_url: str) -> dict[str, Any]:
    return {
        "number": version.number,
        "label": version.label,
        "stage": version.stage,
        "reason": version.reason,
        "published_at": version.published_at,
        "change_note": version.change_note,
        "corrects": version.corrects.number if version.corrects else None,
        "content_hash": version.content_hash,
        "url": f"{page_url}v{version.number}/",
    }


PROPOSITIONS = Resource("propositions", "proposition", Proposition, public, records)


@router.read("/propositions", ListOf[Proposition], summary="List the propositions")
def list_propositions(request: HttpRequest, filters: Query[PropositionFilters]) -> ListOf[Proposition]:
    """What the region proposes to do, in the order of the list for readers. The filters are those of that list: they
    find what any link leads to, whichever end it is recorded on.
    """
    return PROPOSITIONS.part(request, _filtered(filters), filters)


def _filtered(filters: PropositionFilters) -> QuerySet[Any]:
    rows = public().filter(**filters.since())
    stated = {"basis": Basis.STATED} if filters.basis else {}
    if filters.stage:
        rows = rows.filter(stage=filters.stage)
    if filters.theme:
        rows = rows.filter(lead_theme__slug__iexact=filters.theme, lead_theme__live=True)
    for name, table in LINK_FILTERS.items():
        if slug := getattr(filters, name):
            rows = rows.filter(_linked_to(table, slug, stated))
    if filters.partner:
        roles = OrganisationRole.objects.filter(organisation__slug__iexact=filters.partner, organisation__live=True)
        rows = rows.filter(Exists(roles.filter(page=OuterRef("pk"), **stated)))
    if filters.evidence:
        links = EvidenceLink.objects.filter(finding__kind=filters.evidence, finding__live=True)
        rows = rows.filter(Exists(links.filter(page=OuterRef("pk"), **stated)))
    return rows


def _linked_to(table: str, slug: str, stated: dict[str, Any]) -> Q:
    pages = Page.objects.live().filter(**{f"{table}__isnull": False}, slug__iexact=slug)
    links = StrategyLink.objects.filter(**stated)
    return (
        Q(lead_theme__in=pages.values("pk"))
        | Q(pk__in=links.filter(target__in=pages.values("pk")).values("page"))
        | Q(pk__in=links.filter(page__in=pages.values("pk")).values("target"))
    )


@router.read("/propositions/{ref}", Proposition, summary="Get one proposition")
def get_proposition(request: HttpRequest, ref: Ref) -> Proposition:
    """The whole of a proposition, by its reference, such as P1."""
    return PROPOSITIONS.one(ref)


@router.read("/propositions/{ref}/versions/{number}", VersionRecord, summary="Get one version of a proposition")
def get_version(request: HttpRequest, ref: Ref, number: int) -> VersionRecord:
    """What a proposition said when that version was published. It never changes."""
    page = public().filter(ref__iexact=ref).first()
    versions = PropositionVersion.objects.filter(proposition=page).select_related("corrects").defer("corrects__content")
    version = versions.filter(number=number).first() if page and 0 < number < 100_000 else None
    if page is None or version is None:
        raise HttpError(404, f"There is no version {number} of a proposition with the reference “{ref}”.")
    return VersionRecord(**_version_fields(version, page.full_url or ""), content=version.content)
