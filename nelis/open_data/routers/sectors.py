"""Sectors and their sub-sectors."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from wagtail.models import Page

from nelis.core.richtext import paragraphs
from nelis.open_data.connections import strategy_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.references import page_reference
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.schemas import ListOf, OneOf, Record, Reference, StrategyRecord
from sectors.models import SectorPage, SubSectorPage
from sectors.models.sectors import ContentStatus

__all__ = ["SECTORS", "SUB_SECTORS", "router"]

router = ReadRouter(tags=["Sectors"])


class ContactRecord(Record):
    """Whom readers may ask, as the page shows it."""

    name: str
    role: str
    organisation: str


class SectorFields(StrategyRecord):
    """What sectors and sub-sectors share."""

    content_status: Annotated[str, OneOf(ContentStatus)] = Field(description="How much of its content is held.")
    gap_note: str = Field(description="What the sources leave out.")


class Sector(SectorFields):
    """One of the areas of strategic importance."""

    support: str = Field(description="What support there is; empty where it isn’t held.")
    contact: ContactRecord | None
    sub_sectors: list[Reference]


class SubSector(SectorFields):
    """A branch of a sector."""

    sector: Reference | None


def public_sectors() -> QuerySet[Any]:
    """Return the published sectors."""
    return published_pages(SectorPage).select_related("contact__organisation")


def sector_records(pages: Iterable[SectorPage]) -> list[Sector]:
    """Make records of sectors. Seven queries."""
    pages = list(pages)
    fields = strategy_fields(pages)
    sub_sectors = list(public_sub_sectors())
    return [
        Sector(
            **fields[page.pk],
            content_status=page.content_status,
            gap_note=page.gap_note,
            support="\n\n".join(paragraphs(page.support_offer)),
            contact=_contact(page.contact),
            sub_sectors=[page_reference(below) for below in sub_sectors if below.path.startswith(page.path)],
        )
        for page in pages
    ]


def _contact(contact: Any) -> ContactRecord | None:
    if contact is None or not contact.live:
        return None
    organisation = contact.organisation
    shown = organisation.name if organisation and organisation.live else ""
    return ContactRecord(name=contact.name, role=contact.role, organisation=shown)


def public_sub_sectors() -> QuerySet[Any]:
    """Return the published sub-sectors."""
    return published_pages(SubSectorPage)


def sub_sector_records(pages: Iterable[SubSectorPage]) -> list[SubSector]:
    """Make records of sub-sectors. Seven queries."""
    pages = list(pages)
    fields = strategy_fields(pages)
    above = {page.path: page for page in public_sectors()}
    return [
        SubSector(
            **fields[page.pk],
            content_status=page.content_status,
            gap_note=page.gap_note,
            sector=page_reference(above[path]) if (path := page.path[: -Page.steplen]) in above else None,
        )
        for page in pages
    ]


SECTORS = Resource("sectors", "sector", Sector, public_sectors, sector_records, "code")
SUB_SECTORS = Resource("sub-sectors", "sub-sector", SubSector, public_sub_sectors, sub_sector_records, "code")


@router.read("/sectors", ListOf[Sector], summary="List the sectors")
def list_sectors(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Sector]:
    """The region’s sectors of strategic importance, each with its sub-sectors, figures, links and organisations."""
    return SECTORS.part(request, public_sectors().filter(**filters.since()), filters)


@router.read("/sectors/{ref}", Sector, summary="Get one sector")
def get_sector(request: HttpRequest, ref: Ref) -> Sector:
    """The whole of a sector, by its code."""
    return SECTORS.one(ref)


@router.read("/sub-sectors", ListOf[SubSector], summary="List the sub-sectors")
def list_sub_sectors(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[SubSector]:
    """The branches of the sectors."""
    return SUB_SECTORS.part(request, public_sub_sectors().filter(**filters.since()), filters)


@router.read("/sub-sectors/{ref}", SubSector, summary="Get one sub-sector")
def get_sub_sector(request: HttpRequest, ref: Ref) -> SubSector:
    """The whole of a sub-sector, by its code."""
    return SUB_SECTORS.one(ref)
