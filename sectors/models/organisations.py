"""The list of organisations, and an address for each."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from nelis.core.models.pages import apply_listing_status
from nelis.evidence.models import EvidencedIndexPage
from sectors.directory import organisation_context
from sectors.filters import organisation_index_context
from sectors.models.directory import Organisation

__all__ = ["OrganisationIndexPage"]


class OrganisationIndexPage(RoutablePageMixin, EvidencedIndexPage):
    """All organisations by kind; under it, a page for each with its roles."""

    kind = "List"
    template = "pages/organisation_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists the organisations and gives each a page. One for the whole site."

    class Meta:
        verbose_name = "list of organisations"

    @path("")
    def list_organisations(self, request: HttpRequest) -> TemplateResponse:
        return apply_listing_status(self.render(request, context_overrides=organisation_index_context(request.GET)))

    @path("<slug:slug>/")
    def organisation_page(self, request: HttpRequest, slug: str) -> TemplateResponse:
        organisation = Organisation.objects.filter(slug=slug, live=True).select_related("parent", "source").first()
        if organisation is None:
            raise Http404(f"No organisation is called {slug}.")
        context: dict[str, Any] = organisation_context(organisation, self, request)
        return self.render(request, context_overrides=context, template="pages/organisation.html")
