"""Where search leads to for organisations, and for the parts of deals and challenges."""

from nelis.core.search.urls import public_page_url, single_page_url, url_resolver
from sectors.models import Commitment, Organisation, PriorityArea


@url_resolver("sectors.Organisation")
def organisation_url(organisation: Organisation) -> str:
    """Its own page, below the list of organisations."""
    return organisation.get_absolute_url() if single_page_url("sectors.OrganisationIndexPage") else ""


@url_resolver("sectors.Commitment")
def commitment_url(commitment: Commitment) -> str:
    """Its line on the page of its deal."""
    return public_page_url(commitment.page, commitment.anchor)


@url_resolver("sectors.PriorityArea")
def priority_area_url(priority_area: PriorityArea) -> str:
    """Its line on the page of its challenge."""
    return public_page_url(priority_area.page, priority_area.anchor)
