"""Projects, sites, programmes and facilities."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.open_data.connections import strategy_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.schemas import ListOf, OneOf, Record, StrategyRecord
from sectors.models import Place, ProjectPage
from sectors.models.projects import ProjectKind, ProjectStatus

__all__ = ["PROJECTS", "PlaceRecord", "place_record", "router"]

router = ReadRouter(tags=["Projects and organisations"])


class PlaceRecord(Record):
    """A place that the strategy names."""

    slug: str
    name: str
    kind: Annotated[str, OneOf(Place.Kind)]
    gss_code: str = Field(description="The official code, if it has one.")


class Project(StrategyRecord):
    """A site, facility, programme, service or plan."""

    project_kind: Annotated[str, OneOf(ProjectKind)]
    status: Annotated[str, OneOf(ProjectStatus)]
    status_note: str
    expected: str = Field(description="When it is expected, in words.")
    place: PlaceRecord | None
    also_called: str


class ProjectFilters(PublishedSince):
    """Which projects."""

    kind: Annotated[str, OneOf(ProjectKind)] | None = None
    status: Annotated[str, OneOf(ProjectStatus)] | None = None


def place_record(place: Place) -> PlaceRecord:
    """Make a record of a place."""
    return PlaceRecord(slug=place.slug, name=place.name, kind=place.kind, gss_code=place.gss_code)


def public() -> QuerySet[Any]:
    """Return the published projects."""
    return published_pages(ProjectPage).select_related("place")


def records(pages: Iterable[ProjectPage]) -> list[Project]:
    """Make records of projects. Five queries."""
    pages = list(pages)
    fields = strategy_fields(pages)
    return [
        Project(
            **fields[page.pk],
            project_kind=page.project_kind,
            status=page.status,
            status_note=page.status_note,
            expected=page.expected,
            place=place_record(page.place) if page.place else None,
            also_called=page.also_called,
        )
        for page in pages
    ]


PROJECTS = Resource("projects", "project", Project, public, records, "slug")


@router.read("/projects", ListOf[Project], summary="List the projects")
def list_projects(request: HttpRequest, filters: Query[ProjectFilters]) -> ListOf[Project]:
    """What the strategy builds on or proposes to build."""
    rows = public().filter(**filters.since())
    if filters.kind:
        rows = rows.filter(project_kind=filters.kind)
    if filters.status:
        rows = rows.filter(status=filters.status)
    return PROJECTS.part(request, rows, filters)


@router.read("/projects/{ref}", Project, summary="Get one project")
def get_project(request: HttpRequest, ref: Ref) -> Project:
    """The whole of a project, by the slug of its page."""
    return PROJECTS.one(ref)
