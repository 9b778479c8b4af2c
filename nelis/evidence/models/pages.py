"""Pages that rest on evidence, and the page of the evidence library."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from nelis.core.fields import StreamField
from nelis.core.models import BasePage, IndexPage
from nelis.core.richtext import plain_text
from nelis.evidence import library
from nelis.evidence.blocks import EvidencedBodyBlock
from nelis.evidence.models.context import EvidenceContextMixin
from nelis.evidence.models.sources import Source
from nelis.evidence.models.statistics import Statistic
from nelis.evidence.paths import EVIDENCE_PATH, FIGURES_SEGMENT

__all__ = ["EvidenceIndexPage", "EvidencedIndexPage", "EvidencedPage"]


class EvidencedPage(EvidenceContextMixin, BasePage):
    """A page with body text, headline figures and the sources it rests on."""

    body = StreamField(EvidencedBodyBlock(), blank=True, help_text="The text of the page, block by block.")

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    evidence_panels: ClassVar[list[Any]] = [
        InlinePanel(
            "statistic_links",
            label="Figure",
            heading="Headline figures",
            help_text="Shown in this order. Correct a figure where it is kept, not here.",
        ),
        InlinePanel("source_links", label="Source", heading="Sources of this page"),
    ]
    extra_tabs = [("Figures and sources", evidence_panels)]

    class Meta:
        abstract = True

    def search_body(self) -> str:
        return plain_text(self.body, *self.search_parts())

    def search_parts(self) -> Iterable[Any]:
        """Further values (strings, HTML or streams) that search should find this page by."""
        return ()

    def search_related_objects(self) -> Iterable[Any]:
        """Things whose place in search may change with this page: here, the figures it shows."""
        return [link.statistic for link in self.statistic_links.select_related("statistic")]


class EvidencedIndexPage(EvidencedPage, IndexPage):
    """An index page with body text and sources."""

    class Meta:
        abstract = True


class EvidenceIndexPage(RoutablePageMixin, EvidencedIndexPage):
    """The publications of the strategy, held or known by name, each with a page; and a page for each figure."""

    kind = "Evidence"
    template = "pages/evidence_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.FindingIndexPage", "sectors.GapsPage"]
    max_count = 1
    page_description = "Lists every source, held or not, and gives each a page. One for the whole site."

    class Meta:
        verbose_name = "sources page"

    @path("")
    def list_publications(self, request: HttpRequest) -> TemplateResponse:
        return self.render(request, context_overrides=library.library_context(self))

    @path(f"{FIGURES_SEGMENT}/")
    def redirect_to_list(self, request: HttpRequest) -> HttpResponse:
        """What a reader gets who cuts an address short: figures are listed under what they come from."""
        return redirect(EVIDENCE_PATH)

    @path("<slug:ref>/")
    def publication_page(self, request: HttpRequest, ref: str) -> HttpResponse:
        source = Source.objects.filter(ref__iexact=ref, live=True).select_related("document").first()
        if source is None:
            raise Http404(f"No publication is called {ref}.")
        return self._at_its_address(request, source, library.publication_context, "pages/publication.html")

    @path(f"{FIGURES_SEGMENT}/<slug:key>/")
    def figure_page(self, request: HttpRequest, key: str) -> HttpResponse:
        found = Statistic.objects.filter(key__iexact=key, live=True).select_related("source", "geography")
        statistic = found.first()
        if statistic is None:
            raise Http404(f"No figure is called {key}.")
        return self._at_its_address(request, statistic, library.figure_context, "pages/figure.html")

    def _at_its_address(self, request: HttpRequest, thing: Any, describe: Any, template: str) -> HttpResponse:
        """The page of ``thing``, at its one address: references are permanent however they are typed."""
        if request.path != thing.get_absolute_url() and request.path.lower() == thing.get_absolute_url():
            return redirect(thing.get_absolute_url(), permanent=True)
        return self.render(request, context_overrides=describe(thing, self, request), template=template)
