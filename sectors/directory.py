"""What the page of one organisation shows."""

from typing import Any

from sectors.models.directory import Organisation
from sectors.models.links import OrganisationRole

__all__ = ["organisation_context"]


def organisation_context(organisation: Organisation) -> dict[str, Any]:
    """The organisation, its parts, and every role it has on a public page."""
    roles = (
        OrganisationRole.objects.filter(organisation=organisation, page__live=True)
        .select_related("page__propositionpage", "page__content_type")
        .order_by("page__path", "role")
    )
    return {
        "organisation": organisation,
        "roles": list(roles),
        "parts": list(organisation.parts.filter(live=True)),
        "places": list(organisation.places.all()),
        "memberships": [],
    }
