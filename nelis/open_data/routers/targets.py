"""Targets: what is wanted, by when, what was known when, and how it ended."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.core.richtext import paragraphs
from nelis.core.site_address import absolute_url
from nelis.evidence.models import Statistic
from nelis.open_data.connections import page_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.references import partial_day, source_reference
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.routers.evidence import AreaRecord, FigureRecord, area_record, figure_records
from nelis.open_data.schemas import ListOf, Number, OneOf, PageRecord, Record, Reference
from nelis.progress import wording
from nelis.progress.context import edition_url
from nelis.progress.models import TargetPage, TargetStatement
from nelis.progress.record import Edition, TargetRecord, load_records

__all__ = ["TARGETS", "StatementRecord", "router"]

router = ReadRouter(tags=["Targets"])


class StatementRecord(Record):
    """What one edition of one page said about a target."""

    target: str = Field(description="The reference of the target.")
    measure: Annotated[str, OneOf(TargetStatement.Measure)]
    text: str = Field(description="The figure as it is read.")
    value: Number | None
    low: Number | None
    high: Number | None
    reference_value: Number | None = Field(
        description="What it is set against: the other level, or all that was added."
    )
    qualifier: Annotated[str, OneOf(TargetStatement.Qualifier)]
    quotation: str = Field(description="In its own words.")
    period: str = Field(description="As the page words it.")
    period_end_from: date | None = Field(description="When the period ends, at the earliest.")
    period_end_to: date | None = Field(description="At the latest.")
    said_by: Annotated[str, OneOf(TargetStatement.Kind)] = Field(
        description="What the press and third parties report never stands alone and is never drawn."
    )
    known_since: str = Field(description="As exactly as it is known: 2019-07-16, 2019-07, 2019 or empty.")
    source: Reference | None
    part: str = Field(description="The slide, page or section of the source.")
    fact_key: str = Field(description="The same on statements of a target that disagree.")
    note: str


class EditionRecord(Record):
    """A day since which something was known, and the status that the rule gave on that day."""

    known_since: str
    text: str = Field(description="The figure of that day.")
    status: str
    url: str = Field(description="The page as at that day.")


class Target(PageRecord):
    """A measured aim with its deadline."""

    promise: str = Field(description="What was promised, in words.")
    target_kind: Annotated[str, OneOf(TargetPage.Kind)]
    target_value: Number
    unit: str = Field(description="What the number counts.")
    direction: Annotated[str, OneOf(TargetPage.Direction)]
    baseline_year: int | None
    baseline_value: Number | None = Field(description="Null where it isn’t held.")
    deadline_year: int
    comparator: AreaRecord | None = Field(description="The area it is compared with.")
    latest: FigureRecord | None = Field(description="A figure from a document on its progress.")
    series: str = Field(description="The key of the series that measures it; empty without one.")
    status: str = Field(description="By the published rule, in the words of the page.")
    verdict: str = Field(description="How it ended or stands, in a sentence.")
    certainty: str = Field(description="How sure that is.")
    statements: list[StatementRecord] = Field(description="What was stated, as the page lists it.")
    editions: list[EditionRecord] = Field(description="What was known when, the oldest first.")
    method: str
    caveats: str
    not_known: str


def public() -> QuerySet[Any]:
    """Return the published targets."""
    return published_pages(TargetPage).select_related(*TargetPage.page_select_related)


def records(pages: Iterable[TargetPage]) -> list[Target]:
    """Make records of targets. Seven queries at most."""
    pages = list(pages)
    fields = page_fields(pages)
    latest: list[Statistic] = [page.latest for page in pages if page.latest and page.latest.live]
    figures = {figure.key: figure for figure in figure_records(latest)}
    return [
        Target(
            **fields[page.pk],
            promise=wording.promise(page),
            target_kind=page.target_kind,
            target_value=page.target_value,
            unit=page.unit,
            direction=page.direction,
            baseline_year=page.baseline_year,
            baseline_value=page.baseline_value,
            deadline_year=page.deadline_year,
            comparator=area_record(page.comparator) if page.comparator else None,
            latest=figures.get(page.latest.key) if page.latest else None,
            series=page.series.key if page.series else "",
            status=str(record.progress.status),
            verdict=wording.verdict(record),
            certainty=wording.certainty(record)[0],
            statements=statement_records(record),
            editions=[_edition_record(page, edition) for edition in record.editions],
            method="\n\n".join(paragraphs(page.method)),
            caveats="\n\n".join(paragraphs(page.caveats)),
            not_known="\n\n".join(paragraphs(page.not_known)),
        )
        for page, record in zip(pages, load_records(pages), strict=True)
    ]


def statement_records(record: TargetRecord) -> list[StatementRecord]:
    """Make records of the statements that readers see on the page of a target. No query."""
    return [
        StatementRecord(
            target=record.target.ref,
            measure=statement.measure,
            text=wording.statement_figure(record.target, statement),
            value=statement.value,
            low=statement.low,
            high=statement.high,
            reference_value=statement.reference_value,
            qualifier=statement.qualifier,
            quotation=statement.quotation,
            period=statement.period_text,
            period_end_from=statement.period_end_from,
            period_end_to=statement.period_end_to,
            said_by=statement.kind,
            known_since=partial_day(statement.published_on, statement.published_precision),
            source=source_reference(statement.source),
            part=statement.page_ref,
            fact_key=statement.fact_key,
            note=statement.note,
        )
        for statement in record.shown_statements
    ]


def _edition_record(page: TargetPage, edition: Edition) -> EditionRecord:
    return EditionRecord(
        known_since=edition.label,
        text=edition.reading.figure,
        status=str(edition.progress.status),
        url=absolute_url(edition_url(page, edition)),
    )


TARGETS = Resource("targets", "target", Target, public, records)


@router.read("/targets", ListOf[Target], summary="List the targets")
def list_targets(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Target]:
    """The targets of the Strategic Economic Plan, each with its status, what was stated, and what was known when."""
    return TARGETS.part(request, public().filter(**filters.since()), filters)


@router.read("/targets/{ref}", Target, summary="Get one target")
def get_target(request: HttpRequest, ref: Ref) -> Target:
    """The whole of a target, by its reference, such as T1."""
    return TARGETS.one(ref)
