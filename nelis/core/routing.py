"""Route a path to its page in two queries, however deep the page lies."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

#: Longer paths than any page has are not looked up.
MAX_DEPTH = 12


def resolve(request: HttpRequest, path: str) -> RouteResult | None:
    """Return the page at ``path`` with the arguments of its sub-route, or None.

    Wagtail walks the tree with two queries a level. Here one query fetches every page whose ``url_path`` is a prefix
    of the path; the deepest routes the rest, so routable pages work as usual. The page keeps its ancestors
    (``_chain``) for breadcrumbs.
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
    chain = list(Page.objects.filter(url_path__in=prefixes).order_by("depth"))
    if not chain:
        return None
    deepest = chain[-1]
    page = _specific_page(deepest)
    page._chain = chain[:-1]
    consumed = [part for part in deepest.url_path[len(root_path) :].split("/") if part]
    try:
        return page.route(request, components[len(consumed) :])
    except Http404:
        return None


def _specific_page(page: Page) -> Any:
    """Fetch ``page`` as its own type, with the relations of ``page_select_related``."""
    model: Any = page.specific_class
    if model is None:
        raise Http404(f"The type of page {page.pk} is not installed.")
    return model._default_manager.select_related(*getattr(model, "page_select_related", ())).get(pk=page.pk)


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serve a page with Wagtail's view, on a route resolved here."""
    routed: Any = request
    routed._wagtail_route_for_request = resolve(request, path)
    return wagtail_serve(request, path)
