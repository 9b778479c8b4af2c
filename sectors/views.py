"""The addresses below the list of organisations, and the formats of the explorer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path

from nelis.core.models.pages import apply_listing_status
from nelis.core.page_views import register_routes, subpage_context
from nelis.core.search.urls import cached_page_paths, public_url
from sectors.explorer import as_csv, as_json
from sectors.listings import organisation_listing
from sectors.models import ExplorerPage, Organisation, OrganisationIndexPage, OrganisationRole
from sectors.summaries import Fact


def organisation_list(page: OrganisationIndexPage, request: HttpRequest) -> HttpResponse:
    """The organisations that the query string asks for, by kind."""
    return apply_listing_status(page.render(request, context_overrides=organisation_listing(request.GET)))


def organisation(page: OrganisationIndexPage, request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation with its parts, its seats and every role it has; 404 when it isn't published."""
    organisation = Organisation.objects.filter(slug=slug, live=True).select_related("parent", "source").first()
    if organisation is None:
        raise Http404(f"No organisation is called {slug}.")
    roles = (
        OrganisationRole.objects.filter(organisation=organisation, page__live=True)
        .select_related("page__propositionpage")
        .order_by("page__path", "role")
    )
    # Governance bodies belong to an app above this one; their seats are reached through the relation.
    seats = list(organisation.memberships.select_related("body"))
    with cached_page_paths():
        seats_with_urls = [(seat, public_url(seat.body)) for seat in seats]
    context = {
        "organisation": organisation,
        "roles": list(roles),
        "seats": seats_with_urls,
        "parts": list(organisation.parts.filter(live=True)),
        "facts": _organisation_facts(organisation),
        **subpage_context(organisation, page, request),
    }
    return page.render(request, context_overrides=context, template="pages/organisation.html")


def _organisation_facts(organisation: Organisation) -> list[Fact]:
    places = ", ".join(place.name for place in organisation.places.all())
    parent = organisation.parent
    facts: list[dict[str, Any]] = [
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


def explorer(page: ExplorerPage, request: HttpRequest) -> HttpResponse:
    """The page, or its table as CSV or JSON; status 404 when a dimension doesn't exist."""
    context = page.get_context(request)
    matrix, status = context["matrix"], 404 if context["unknown"] else 200
    match request.GET.get("format"):
        case "json":
            return JsonResponse(as_json(matrix), status=status)
        case "csv":
            name = f"{matrix.rows}-by-{matrix.columns}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(as_csv(matrix), "text/csv; charset=utf-8", status, headers=headers)
    return TemplateResponse(request, page.get_template(request), context, status=status)


register_routes(
    OrganisationIndexPage,
    [
        path("", organisation_list, name="organisation_list"),
        path("<slug:slug>/", organisation, name="organisation"),
    ],
)
register_routes(ExplorerPage, [path("", explorer, name="explorer")])
