"""The public list of changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.core.models import ChangeEntry, SearchEntry
from nelis.core.site_address import absolute_url
from nelis.open_data.parameters import Day, ListParameters, start_of_day
from nelis.open_data.resources import ReadRouter, Resource
from nelis.open_data.schemas import ListOf, OneOf, Record

__all__ = ["CHANGES", "router"]

router = ReadRouter(tags=["Changes"])


class Change(Record):
    """One publication, or one thing that was taken down."""

    at: datetime
    kind: Annotated[str, OneOf(ChangeEntry.Kind)]
    about: str = Field(description="What kind of thing it is about, such as “Proposition”.")
    ref: str = Field(description="Its reference, if it has one.")
    title: str = Field(description="What it was called then.")
    note: str = Field(description="Why, in the editor’s words.")
    details: list[str] = Field(description="What changed.")
    url: str = Field(description="Where it is today; empty for what isn’t public any more.")


class ChangeFilters(ListParameters):
    """Which changes."""

    since: Day | None = Field(None, description="Only those of that day or after it, such as 2019-07-16.")
    kind: Annotated[str, OneOf(ChangeEntry.Kind)] | None = None
    ref: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{1,60}$", description="About the thing with that reference.")


def public() -> QuerySet[Any]:
    """Return the changes that readers are told of, newest first."""
    return ChangeEntry.objects.public()


def records(entries: Iterable[ChangeEntry]) -> list[Change]:
    """Make records of changes. One query."""
    entries = list(entries)
    found = SearchEntry.objects.filter(object_id__in={entry.object_id for entry in entries})
    urls = {(content_type, pk): url for content_type, pk, url in found.values_list("content_type", "object_id", "url")}
    return [
        Change(
            at=entry.at,
            kind=entry.kind,
            about=entry.subject_kind,
            ref=entry.ref,
            title=entry.title,
            note=entry.note,
            details=[str(detail) for detail in entry.details],
            url=absolute_url(urls.get((entry.content_type_id, entry.object_id), "")),
        )
        for entry in entries
    ]


CHANGES = Resource("changes", "change", Change, public, records, "pk")


@router.read("/changes", ListOf[Change], summary="List the changes")
def list_changes(request: HttpRequest, filters: Query[ChangeFilters]) -> ListOf[Change]:
    """What was published or taken down, newest first. Ask with “since” for what is new since your last copy."""
    rows = public()
    if filters.since:
        rows = rows.filter(at__gte=start_of_day(filters.since))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.ref:
        rows = rows.filter(ref__iexact=filters.ref)
    return CHANGES.part(request, rows, filters)
