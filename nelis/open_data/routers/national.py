"""The national strategy: foundations of productivity, Grand Challenges and Sector Deals."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.open_data.connections import strategy_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.schemas import ListOf, Record, StrategyRecord
from sectors.models import FoundationPage, GrandChallengePage, SectorDealPage

__all__ = ["CHALLENGES", "DEALS", "FOUNDATIONS", "router"]

router = ReadRouter(tags=["National strategy"])


class Part(Record):
    """A numbered part of a Grand Challenge."""

    ref: str
    title: str
    description: str


class CommitmentRecord(Part):
    """A promise in a Sector Deal."""

    counterpart: str = Field(description="Who promised it, if the source says.")


class Foundation(StrategyRecord):
    """One of the five foundations of productivity."""

    national_aim: str


class Challenge(StrategyRecord):
    """One of the four Grand Challenges."""

    ambition: str = Field(description="What government wants, in our words; empty where none is published.")
    status_note: str = Field(description="What isn’t held.")
    priority_areas: list[Part]


class Deal(StrategyRecord):
    """An agreement between government and an industry."""

    partnership_since: int | None
    deal_date: date | None
    status_note: str = Field(description="What isn’t held.")
    commitments: list[CommitmentRecord]


def public_foundations() -> QuerySet[Any]:
    """Return the published foundations."""
    return published_pages(FoundationPage)


def public_challenges() -> QuerySet[Any]:
    """Return the published Grand Challenges."""
    return published_pages(GrandChallengePage).prefetch_related("priority_areas")


def public_deals() -> QuerySet[Any]:
    """Return the published Sector Deals."""
    return published_pages(SectorDealPage).prefetch_related("commitments")


def foundation_records(pages: Iterable[FoundationPage]) -> list[Foundation]:
    """Make records of foundations. Five queries."""
    pages = list(pages)
    fields = strategy_fields(pages)
    return [Foundation(**fields[page.pk], national_aim=page.national_aim) for page in pages]


def challenge_records(pages: Iterable[GrandChallengePage]) -> list[Challenge]:
    """Make records of Grand Challenges. Five queries."""
    pages = list(pages)
    fields = strategy_fields(pages)
    return [
        Challenge(
            **fields[page.pk],
            ambition=page.ambition,
            status_note=page.status_note,
            priority_areas=[Part(**_part(part)) for part in page.parts],
        )
        for page in pages
    ]


def deal_records(pages: Iterable[SectorDealPage]) -> list[Deal]:
    """Make records of Sector Deals. Five queries."""
    pages = list(pages)
    fields = strategy_fields(pages)
    return [
        Deal(
            **fields[page.pk],
            partnership_since=page.partnership_since,
            deal_date=page.deal_date,
            status_note=page.status_note,
            commitments=[CommitmentRecord(**_part(part), counterpart=part.counterpart) for part in page.parts],
        )
        for page in pages
    ]


def _part(part: Any) -> dict[str, str]:
    return {"ref": part.ref, "title": part.title, "description": part.description}


FOUNDATIONS = Resource("foundations", "foundation", Foundation, public_foundations, foundation_records, "code")
CHALLENGES = Resource("challenges", "Grand Challenge", Challenge, public_challenges, challenge_records, "code")
DEALS = Resource("deals", "Sector Deal", Deal, public_deals, deal_records, "code")


@router.read("/foundations", ListOf[Foundation], summary="List the foundations")
def list_foundations(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Foundation]:
    """The five foundations of productivity, with what is linked to each."""
    return FOUNDATIONS.part(request, public_foundations().filter(**filters.since()), filters)


@router.read("/foundations/{ref}", Foundation, summary="Get one foundation")
def get_foundation(request: HttpRequest, ref: Ref) -> Foundation:
    """The whole of a foundation, by its code."""
    return FOUNDATIONS.one(ref)


@router.read("/challenges", ListOf[Challenge], summary="List the Grand Challenges")
def list_challenges(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Challenge]:
    """The four Grand Challenges with their priority areas, and what is linked to each."""
    return CHALLENGES.part(request, public_challenges().filter(**filters.since()), filters)


@router.read("/challenges/{ref}", Challenge, summary="Get one Grand Challenge")
def get_challenge(request: HttpRequest, ref: Ref) -> Challenge:
    """The whole of a Grand Challenge, by its code."""
    return CHALLENGES.one(ref)


@router.read("/deals", ListOf[Deal], summary="List the Sector Deals")
def list_deals(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Deal]:
    """The Sector Deals with their commitments, and what is linked to each."""
    return DEALS.part(request, public_deals().filter(**filters.since()), filters)


@router.read("/deals/{ref}", Deal, summary="Get one Sector Deal")
def get_deal(request: HttpRequest, ref: Ref) -> Deal:
    """The whole of a Sector Deal, by its code."""
    return DEALS.one(ref)
