"""Organisations with a part in the strategy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.core.site_address import absolute_url
from nelis.open_data.connections import page_references
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.references import LINKED_TABLES, organisation_reference, source_reference
from nelis.open_data.resources import ReadRouter, Resource
from nelis.open_data.routers.projects import PlaceRecord, place_record
from nelis.open_data.schemas import BasisRecord, ListOf, OneOf, Record, Reference
from sectors.models import Organisation, OrganisationRole

__all__ = ["ORGANISATIONS", "router"]

router = ReadRouter(tags=["Projects and organisations"])


class RoleOnPage(BasisRecord):
    """What the organisation does for a part of the strategy."""

    role: Annotated[str, OneOf(OrganisationRole.Role)]
    page: Reference


class OrganisationRecord(Record):
    """A body that has a part in the strategy."""

    ref: str = Field(description="The slug in its address.")
    name: str
    short_name: str
    kind: Annotated[str, OneOf(Organisation.Kind)]
    part_of: Reference | None
    summary: str
    website: str
    places: list[PlaceRecord]
    also_called: list[str]
    as_of: date | None = Field(description="The day that its description is true of.")
    source: Reference | None
    url: str = Field(description="Its page for readers.")
    updated_at: datetime | None
    roles: list[RoleOnPage]


class OrganisationFilters(PublishedSince):
    """Which organisations."""

    kind: Annotated[str, OneOf(Organisation.Kind)] | None = None


def public() -> QuerySet[Any]:
    """Return the published organisations."""
    rows = Organisation.objects.filter(live=True).select_related("parent", "source").prefetch_related("places")
    return rows.order_by("name", "pk")


def records(organisations: Iterable[Organisation]) -> list[OrganisationRecord]:
    """Make records of organisations. Two queries."""
    organisations = list(organisations)
    roles = _roles([organisation.pk for organisation in organisations])
    return [
        OrganisationRecord(
            ref=organisation.slug,
            name=organisation.name,
            short_name=organisation.short_name,
            kind=organisation.kind,
            part_of=organisation_reference(parent) if (parent := organisation.parent) and parent.live else None,
            summary=organisation.summary,
            website=organisation.url,
            places=[place_record(place) for place in organisation.places.all()],
            also_called=[name for part in organisation.aliases.split(",") if (name := part.strip())],
            as_of=organisation.as_of,
            source=source_reference(organisation.source),
            url=absolute_url(organisation.get_absolute_url()),
            updated_at=organisation.last_published_at,
            roles=roles[organisation.pk],
        )
        for organisation in organisations
    ]


def _roles(keys: list[int]) -> dict[int, list[RoleOnPage]]:
    roles = list(OrganisationRole.objects.filter(organisation__in=keys, page__live=True).order_by("page__path", "role"))
    named = page_references((role.page_id for role in roles), LINKED_TABLES)
    found: dict[int, list[RoleOnPage]] = defaultdict(list)
    for role in (role for role in roles if role.page_id in named):
        found[role.organisation_id].append(
            RoleOnPage(
                role=role.role,
                page=named[role.page_id],
                basis=role.basis,
                confidence=role.confidence,
                reason=role.note,
            )
        )
    return found


ORGANISATIONS = Resource("organisations", "organisation", OrganisationRecord, public, records, "slug")


@router.read("/organisations", ListOf[OrganisationRecord], summary="List the organisations")
def list_organisations(request: HttpRequest, filters: Query[OrganisationFilters]) -> ListOf[OrganisationRecord]:
    """Every organisation that the strategy names, with what it does there. No person is in it."""
    rows = public().filter(**filters.since())
    return ORGANISATIONS.part(request, rows.filter(kind=filters.kind) if filters.kind else rows, filters)


@router.read("/organisations/{ref}", OrganisationRecord, summary="Get one organisation")
def get_organisation(request: HttpRequest, ref: Ref) -> OrganisationRecord:
    """The whole of an organisation, by the slug in its address."""
    return ORGANISATIONS.one(ref)
