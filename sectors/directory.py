"""What the page of one organisation shows."""

from typing import Any

from django.http import HttpRequest

from nelis.core.models import BasePage
from nelis.core.search.urls import cached_page_paths, public_url
from sectors.models.directory import Organisation
from sectors.models.links import OrganisationRole

__all__ = ["organisation_context"]


def organisation_context(organisation: Organisation, index: BasePage, request: HttpRequest) -> dict[str, Any]:
    """The organisation, its parts, its seats, and every role it has on a public page."""
    roles = (
        OrganisationRole.objects.filter(organisation=organisation, page__live=True)
        .select_related("page__propositionpage")
        .order_by("page__path", "role")
    )
    # Bodies belong to a room above this one; their seats are reached through the relation.
    seats = list(organisation.memberships.select_related("body"))
    with cached_page_paths():
        places = [(seat, public_url(seat.body)) for seat in seats]
    return {
        "organisation": organisation,
        "roles": list(roles),
        "seats": places,
        "parts": list(organisation.parts.filter(live=True)),
        "facts": _facts(organisation),
        "crumbs": [
            *({"title": "Home", "url": page.url} for page in index.breadcrumbs()),
            {"title": index.title, "url": index.get_url(request)},
        ],
        "canonical": request.build_absolute_uri(organisation.get_absolute_url()),
    }


def _facts(organisation: Organisation) -> list[dict[str, Any]]:
    places = ", ".join(place.name for place in organisation.places.all())
    parent = organisation.parent
    facts = [
        {"label": "Short name", "value": organisation.short_name},
        {"label": "Also called", "value": organisation.aliases},
        {
            "label": "Part of",
            "value": parent.name if parent else "",
            "url": parent.get_absolute_url() if parent else "",
        },
        {"label": "Place", "value": places},
        {"label": "Website", "value": organisation.url, "url": organisation.url},
    ]
    return [fact for fact in facts if fact["value"]]
