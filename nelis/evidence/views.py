"""The addresses below the evidence page: the list of publications, a page for each publication and each figure."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from nelis.core.page_views import register_routes
from nelis.evidence.context import figure_context, library_context, publication_context
from nelis.evidence.models import EvidenceIndexPage, Source, Statistic
from nelis.evidence.paths import FIGURES_SEGMENT


def publication_list(page: EvidenceIndexPage, request: HttpRequest) -> HttpResponse:
    """Every publication, held or not."""
    return page.render(request, context_overrides=library_context(page))


def publication(page: EvidenceIndexPage, request: HttpRequest, ref: str) -> HttpResponse:
    """One publication by its reference; 404 when it isn't published."""
    source = Source.objects.filter(ref__iexact=ref, live=True).select_related("document").first()
    if source is None:
        raise Http404(f"No publication is called {ref}.")
    return _render_at_own_url(page, request, source, publication_context, "pages/publication.html")


def figure_list(page: EvidenceIndexPage, request: HttpRequest) -> HttpResponse:
    """Redirect to the publications, for readers who cut an address short: figures are listed under their source."""
    return redirect(page.get_url(request))


def figure(page: EvidenceIndexPage, request: HttpRequest, key: str) -> HttpResponse:
    """One figure by its key; 404 when it isn't published."""
    found = Statistic.objects.filter(key__iexact=key, live=True).select_related("source", "geography")
    statistic = found.first()
    if statistic is None:
        raise Http404(f"No figure is called {key}.")
    return _render_at_own_url(page, request, statistic, figure_context, "pages/figure.html")


def _render_at_own_url(
    page: EvidenceIndexPage, request: HttpRequest, instance: Any, context: Callable[..., Any], template: str
) -> HttpResponse:
    """Render ``instance``, or redirect to its own address from one in other letters: references are permanent."""
    url = instance.get_absolute_url()
    if request.path != url and request.path.lower() == url:
        return redirect(url, permanent=True)
    return page.render(request, context_overrides=context(instance, page, request), template=template)


register_routes(
    EvidenceIndexPage,
    [
        path("", publication_list, name="publication_list"),
        path(f"{FIGURES_SEGMENT}/", figure_list, name="figure_list"),
        path("<slug:ref>/", publication, name="publication"),
        path(f"{FIGURES_SEGMENT}/<slug:key>/", figure, name="figure"),
    ],
)
