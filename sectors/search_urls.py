"""Where search leads to for organisations, and for the parts of deals and challenges."""

from nelis.core.search.urls import public_page_url, single_page_url, url_resolver
from sectors.models import Commitment, Organisation, PriorityArea

__all__: list[str] = []


@url_resolver("sectors.Organisation")
def organisation(thing: Organisation) -> str:
    """Its own page, below the list of organisations."""
    return thing.get_absolute_url() if single_page_url("sectors.OrganisationIndexPage") else ""


@url_resolver("sectors.Commitment")
def commitment(thing: Commitment) -> str:
    """Its line on the page of its deal."""
    return public_page_url(thing.page, thing.anchor)


@url_resolver("sectors.PriorityArea")
def priority_area(thing: PriorityArea) -> str:
    """Its line on the page of its challenge."""
    return public_page_url(thing.page, thing.anchor)
