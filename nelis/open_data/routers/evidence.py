"""Sources, figures and findings."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.core.site_address import absolute_url
from nelis.evidence.models import Finding, GeoArea, Source, Statistic
from nelis.open_data.connections import page_references
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.references import figure_line, page_reference, partial_day, source_reference
from nelis.open_data.resources import ReadRouter, Resource
from nelis.open_data.schemas import BasisRecord, FigureLine, ListOf, Number, OneOf, Record, Reference
from sectors.models import EvidenceLink

__all__ = ["FIGURES", "FINDINGS", "SOURCES", "router"]

router = ReadRouter(tags=["Evidence"])


class SourceRecord(Record):
    """A document that facts come from, whether it is held or only known of."""

    ref: str
    title: str
    kind: Annotated[str, OneOf(Source.Kind)]
    publisher: str
    commissioned_by: str
    status: str = Field(description="Published, commissioned or planned, by what a source says; empty if none says.")
    published: str = Field(description="As exactly as it is known: 2019-07-16, 2019-07, 2019 or empty.")
    part: str = Field(description="The slide, page or section meant.")
    held: bool
    read_in_part: bool
    not_held_note: str
    original_url: str = Field(description="Where it can be read elsewhere.")
    licence: str
    url: str = Field(description="Its page for readers.")
    updated_at: datetime | None


class AreaRecord(Record):
    """The area that a figure describes."""

    code: str = Field(description="The official (GSS) code where there is one.")
    name: str
    is_derived: bool
    derivation: str


class FigureRecord(FigureLine):
    """A figure as a source gives it, or the place of one that isn’t held."""

    fact_key: str = Field(description="The same on all figures that disagree about one fact.")
    value: Number | None
    low: Number | None
    high: Number | None
    whole: Number | None = Field(description="What it is a share of.")
    qualifier: Annotated[str, OneOf(Statistic.Qualifier)]
    unit: str
    period: str = Field(description="In words, as the source gives it.")
    period_start: date | None
    period_end: date | None
    area: AreaRecord
    source: Reference | None
    part: str = Field(description="The slide, page or section of the source.")
    note: str
    disputed_by: list[str] = Field(description="The keys of the figures that disagree with it.")
    updated_at: datetime | None


class FindingPart(Record):
    """A lettered part of a finding."""

    label: str
    text: str


class LedTo(BasisRecord):
    """What a finding has to do with a proposition."""

    proposition: Reference
    relation: Annotated[str, OneOf(EvidenceLink.Relation)]


class FindingRecord(Record):
    """A numbered statement of the evidence."""

    ref: str
    kind: Annotated[str, OneOf(Finding.Kind)]
    statement: str
    parts: list[FindingPart]
    about: Reference | None = Field(description="The sector or sub-sector it is about.")
    figures: list[FigureLine]
    source: Reference | None
    part: str = Field(description="The slide, page or section of the source.")
    led_to: list[LedTo]
    url: str
    updated_at: datetime | None


class SourceFilters(PublishedSince):
    """Which sources."""

    kind: Annotated[str, OneOf(Source.Kind)] | None = None
    held: bool | None = None


class FigureFilters(PublishedSince):
    """Which figures."""

    status: Annotated[str, OneOf(Statistic.Status)] | None = Field(
        None, description="“missing” for those that aren’t held."
    )
    source: Ref | None = Field(None, description="The reference of its source.")
    area: Ref | None = Field(None, description="The code of its area.")


class FindingFilters(PublishedSince):
    """Which findings."""

    kind: Annotated[str, OneOf(Finding.Kind)] | None = None
    about: Ref | None = Field(None, description="The slug of the sector or sub-sector.")
    led_to_something: bool | None = Field(None, description="Whether a proposition is linked to it.")


def public_sources() -> QuerySet[Any]:
    """Return the published sources."""
    return Source.objects.filter(live=True).order_by("ref")


def source_records(sources: Iterable[Source]) -> list[SourceRecord]:
    """Make records of sources. No query."""
    return [
        SourceRecord(
            ref=source.ref,
            title=source.title,
            kind=source.kind,
            publisher=source.publisher,
            commissioned_by=source.commissioned_by,
            status=source.status,
            published=partial_day(source.published, source.published_precision),
            part=source.page_ref,
            held=source.held,
            read_in_part=source.read_in_part,
            not_held_note=source.not_held_note,
            original_url=source.url,
            licence=source.licence,
            url=absolute_url(source.get_absolute_url()),
            updated_at=source.last_published_at,
        )
        for source in sources
    ]


def public_figures() -> QuerySet[Any]:
    """Return the published figures, those that aren't held among them."""
    return Statistic.objects.filter(live=True).select_related("geography", "source").order_by("key")


def figure_records(statistics: Iterable[Statistic]) -> list[FigureRecord]:
    """Make records of figures. One query."""
    statistics = list(statistics)
    Statistic.attach_rivals(statistics)
    return [
        FigureRecord(
            **figure_line(statistic).model_dump(),
            fact_key=statistic.fact_key,
            value=statistic.value,
            low=statistic.low,
            high=statistic.high,
            whole=statistic.whole,
            qualifier=statistic.qualifier,
            unit=statistic.unit,
            period=statistic.period_text,
            period_start=statistic.period_start,
            period_end=statistic.period_end,
            area=area_record(statistic.geography),
            source=source_reference(statistic.source),
            part=statistic.page_ref,
            note=statistic.note,
            disputed_by=[rival.key for rival in statistic.rivals],
            updated_at=statistic.last_published_at,
        )
        for statistic in statistics
    ]


def area_record(area: GeoArea) -> AreaRecord:
    """Make a record of an area."""
    return AreaRecord(code=area.code, name=area.name, is_derived=area.is_derived, derivation=area.derivation)


def public_findings() -> QuerySet[Any]:
    """Return the published findings."""
    figures = Prefetch("statistics", Statistic.objects.filter(live=True))
    return Finding.objects.filter(live=True).select_related("source").prefetch_related(figures).order_by("ref")


def finding_records(findings: Iterable[Finding]) -> list[FindingRecord]:
    """Make records of findings. Two queries, and those of what hangs on them."""
    findings = list(findings)
    subjects = _subjects(findings)
    led_to = _led_to(findings)
    return [
        FindingRecord(
            ref=finding.ref,
            kind=finding.kind,
            statement=finding.statement,
            parts=[FindingPart(label=part.value["label"], text=part.value["text"]) for part in finding.parts],
            about=subjects.get(finding.subject_id),
            figures=[figure_line(statistic) for statistic in finding.statistics.all()],
            source=source_reference(finding.source),
            part=finding.page_ref,
            led_to=led_to[finding.pk],
            url=absolute_url(finding.get_absolute_url()),
            updated_at=finding.last_published_at,
        )
        for finding in findings
    ]


def _subjects(findings: list[Finding]) -> dict[int | None, Reference]:
    return page_references((finding.subject_id for finding in findings), ("sectorpage", "subsectorpage"))


def _led_to(findings: list[Finding]) -> dict[int, list[LedTo]]:
    found: dict[int, list[LedTo]] = defaultdict(list)
    links = EvidenceLink.objects.filter(finding__in=findings, page__live=True).select_related("page")
    for link in links.defer("page__body", "page__what_we_propose", "page__why").order_by("page__path", "relation"):
        found[link.finding_id].append(
            LedTo(
                proposition=page_reference(link.page),
                relation=link.relation,
                basis=link.basis,
                confidence=link.confidence,
                reason=link.rationale,
            )
        )
    return found


SOURCES = Resource("sources", "source", SourceRecord, public_sources, source_records)
FIGURES = Resource("figures", "figure", FigureRecord, public_figures, figure_records, "key")
FINDINGS = Resource("findings", "finding", FindingRecord, public_findings, finding_records)


@router.read("/sources", ListOf[SourceRecord], summary="List the sources")
def list_sources(request: HttpRequest, filters: Query[SourceFilters]) -> ListOf[SourceRecord]:
    """Every document that facts come from, and those that are known of and not held."""
    rows = public_sources().filter(**filters.since())
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.held is not None:
        rows = rows.filter(held=filters.held)
    return SOURCES.part(request, rows, filters)


@router.read("/sources/{ref}", SourceRecord, summary="Get one source")
def get_source(request: HttpRequest, ref: Ref) -> SourceRecord:
    """A source, by its reference."""
    return SOURCES.one(ref)


@router.read("/figures", ListOf[FigureRecord], summary="List the figures")
def list_figures(request: HttpRequest, filters: Query[FigureFilters]) -> ListOf[FigureRecord]:
    """Every figure with its source, period and area. A figure that isn’t held has the status “missing” and no value;
    figures that disagree have the status “disputed” and name each other.
    """
    rows = public_figures().filter(**filters.since())
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.source:
        rows = rows.filter(source__ref__iexact=filters.source, source__live=True)
    if filters.area:
        rows = rows.filter(geography__code__iexact=filters.area)
    return FIGURES.part(request, rows, filters)


@router.read("/figures/{ref}", FigureRecord, summary="Get one figure")
def get_figure(request: HttpRequest, ref: Ref) -> FigureRecord:
    """A figure, by its key."""
    return FIGURES.one(ref)


@router.read("/findings", ListOf[FindingRecord], summary="List the findings")
def list_findings(request: HttpRequest, filters: Query[FindingFilters]) -> ListOf[FindingRecord]:
    """Every finding with what it led to: nothing, where the list is empty."""
    rows = public_findings().filter(**filters.since())
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.about:
        rows = rows.filter(subject__slug__iexact=filters.about, subject__live=True)
    if filters.led_to_something is not None:
        links = Exists(EvidenceLink.objects.filter(finding=OuterRef("pk"), page__live=True))
        rows = rows.filter(links if filters.led_to_something else ~links)
    return FINDINGS.part(request, rows, filters)


@router.read("/findings/{ref}", FindingRecord, summary="Get one finding")
def get_finding(request: HttpRequest, ref: Ref) -> FindingRecord:
    """A finding, by its reference."""
    return FINDINGS.one(ref)
