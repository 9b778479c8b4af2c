"""Pages that rest on evidence, and the page that lists the sources."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Count, Q
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Page

from nelis.core.fields import StreamField
from nelis.core.models import BasePage, IndexPage
from nelis.core.richtext import plain_text
from nelis.evidence.blocks import EvidencedBodyBlock
from nelis.evidence.models.furnished import FurnishedPage
from nelis.evidence.models.sources import Source

__all__ = ["EvidenceIndexPage", "EvidencedIndexPage", "EvidencedPage"]


class EvidencedPage(FurnishedPage, BasePage):
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

    def search_companions(self) -> Iterable[Any]:
        """Things whose place in search may change with this page: here, the figures it shows."""
        return [link.statistic for link in self.statistic_links.select_related("statistic")]


class EvidencedIndexPage(EvidencedPage, IndexPage):
    """An index page with body text and sources."""

    class Meta:
        abstract = True


class EvidenceIndexPage(EvidencedIndexPage):
    """The sources of the strategy: those we hold, and those we know only by name."""

    kind = "Evidence"
    template = "pages/evidence_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.FindingIndexPage", "sectors.GapsPage"]
    max_count = 1
    page_description = "Lists every source, held or not. One for the whole site."

    class Meta:
        verbose_name = "sources page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        sources = list(
            Source.objects.filter(live=True)
            .select_related("document")
            .annotate(
                figure_count=Count("statistics", filter=Q(statistics__live=True), distinct=True),
                finding_count=Count("findings", filter=Q(findings__live=True), distinct=True),
            )
        )
        context["subjects"] = list(
            Page.objects.live()
            .filter(findings__live=True)
            .annotate(finding_count=Count("findings", filter=Q(findings__live=True), distinct=True))
            .order_by("path")
        )
        context["beside"] = list(self.get_children().live().order_by("path"))
        context["held"] = [source for source in sources if source.held]
        context["not_held"] = [source for source in sources if not source.held]
        return context
