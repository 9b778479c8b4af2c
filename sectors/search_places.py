"""Where search leads to for organisations, and for the parts of deals and challenges."""

from nelis.core.search.places import finds, only_page, page_address
from sectors.models import Commitment, Organisation, PriorityArea

__all__: list[str] = []


@finds("sectors.Organisation")
def organisation(thing: Organisation) -> str:
    """Its own page, below the list of organisations."""
    return thing.get_absolute_url() if only_page("sectors.OrganisationIndexPage") else ""


@finds("sectors.Commitment")
def commitment(thing: Commitment) -> str:
    """Its line on the page of its deal."""
    return page_address(thing.page, thing.anchor)


@finds("sectors.PriorityArea")
def priority_area(thing: PriorityArea) -> str:
    """Its line on the page of its challenge."""
    return page_address(thing.page, thing.anchor)
