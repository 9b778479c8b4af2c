"""Targets: what is wanted, by when, and the figures held on it."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.core.richtext import paragraphs
from nelis.evidence.models import Statistic
from nelis.open_data.connections import page_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.routers.evidence import AreaRecord, FigureRecord, area_record, figure_records
from nelis.open_data.schemas import ListOf, Number, OneOf, PageRecord
from nelis.progress.models import TargetPage

__all__ = ["TARGETS", "router"]

router = ReadRouter(tags=["Targets"])


class Target(PageRecord):
    """A measured aim with its deadline."""

    target_kind: Annotated[str, OneOf(TargetPage.Kind)]
    target_value: Number
    unit: str = Field(description="What the number counts.")
    direction: Annotated[str, OneOf(TargetPage.Direction)]
    baseline_year: int | None
    baseline_value: Number | None = Field(description="Null where it isn’t held.")
    deadline_year: int
    comparator: AreaRecord | None = Field(description="The area it is compared with.")
    latest: FigureRecord | None = Field(description="The latest figure held.")
    status: str = Field(description="The verdict by the published rule, in the words of the page.")
    method: str
    caveats: str


def public() -> QuerySet[Any]:
    """Return the published targets."""
    return published_pages(TargetPage).select_related("comparator", "latest__geography", "latest__source")


def records(pages: Iterable[TargetPage]) -> list[Target]:
    """Make records of targets. Three queries."""
    pages = list(pages)
    fields = page_fields(pages)
    latest: list[Statistic] = [page.latest for page in pages if page.latest and page.latest.live]
    figures = {figure.key: figure for figure in figure_records(latest)}
    return [
        Target(
            **fields[page.pk],
            target_kind=page.target_kind,
            target_value=page.target_value,
            unit=page.unit,
            direction=page.direction,
            baseline_year=page.baseline_year,
            baseline_value=page.baseline_value,
            deadline_year=page.deadline_year,
            comparator=area_record(page.comparator) if page.comparator else None,
            latest=figures.get(page.latest.key) if page.latest else None,
            status=page.progress.status.value,
            method="\n\n".join(paragraphs(page.method)),
            caveats="\n\n".join(paragraphs(page.caveats)),
        )
        for page in pages
    ]


TARGETS = Resource("targets", "target", Target, public, records)


@router.read("/targets", ListOf[Target], summary="List the targets")
def list_targets(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Target]:
    """The targets of the Strategic Economic Plan, each with its latest figure and its status."""
    return TARGETS.part(request, public().filter(**filters.since()), filters)


@router.read("/targets/{ref}", Target, summary="Get one target")
def get_target(request: HttpRequest, ref: Ref) -> Target:
    """The whole of a target, by its reference, such as T1."""
    return TARGETS.one(ref)
