"""From an address to a page in two queries, however deep the page lies."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

__all__ = ["resolve", "serve"]

#: Deeper addresses than any page has are not looked up.
MAX_DEPTH = 12


def resolve(request: HttpRequest, path: str) -> RouteResult | None:
    """The page at ``path`` with the arguments of its sub-route, or None when there is none.

    Wagtail walks the tree with two queries a level. Here one query fetches every page whose address
    is a prefix of the path; the deepest is routed with what remains, so routable pages work as
    usual. The page keeps the pages above it (``_chain``) for breadcrumbs and view restrictions.
    """
    site = Site.find_for_request(request)
    if site is None:
        return None
    components = [component for component in path.split("/") if component]
    if len(components) > MAX_DEPTH or "\x00" in path:
        return None
    root_path = site.root_page.url_path
    prefixes = [
        root_path + "".join(f"{part}/" for part in components[:length]) for length in range(len(components) + 1)
    ]
    restricted = PageViewRestriction.objects.filter(page=OuterRef("pk"))
    chain = list(
        Page.objects.filter(url_path__in=prefixes).annotate(has_restriction=Exists(restricted)).order_by("depth")
    )
    if not chain:
        return None
    found = chain[-1]
    page = _fetch(found)
    page._chain = chain[:-1]
    page._chain_is_open = not any(above.has_restriction for above in chain)
    consumed = [part for part in found.url_path[len(root_path) :].split("/") if part]
    try:
        return page.route(request, components[len(consumed) :])
    except Http404:
        return None


def _fetch(found: Page) -> Any:
    """``found`` as its own type, with what that type says it is always shown with."""
    model: Any = found.specific_class
    if model is None:
        raise Http404(f"The type of page {found.pk} is not installed.")
    return model._default_manager.select_related(*getattr(model, "page_select_related", ())).get(pk=found.pk)


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's page view, on a route resolved here."""
    routed: Any = request
    routed._wagtail_route_for_request = resolve(request, path)
    return wagtail_serve(request, path)
