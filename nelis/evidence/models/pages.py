"""Pages that rest on evidence, and the page of the evidence library."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Page

from nelis.core.fields import StreamField
from nelis.core.models import BasePage, IndexPage
from nelis.core.page_views import RoutedPageMixin
from nelis.core.richtext import plain_text
from nelis.evidence.blocks import EvidencedBodyBlock


class EvidencedPage(BasePage):
    """A page with body text, headline figures and sources. Its context is gathered in ``nelis.evidence.context``."""

    #: Whether pages of this type link to the others of their section.
    in_section: ClassVar[bool] = False

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

    def pages_with_figures(self) -> Iterable[Page]:
        """Further pages whose headline figures this page shows; each gets them as ``statistics``."""
        return ()

    def search_body(self) -> str:
        return plain_text(self.body, *self.search_parts())

    def search_parts(self) -> Iterable[Any]:
        """Further values (strings, HTML or streams) that search should find this page by."""
        return ()

    def search_related_objects(self) -> Iterable[Any]:
        """Things whose place in search may change with this page: here, the figures it shows."""
        return [link.statistic for link in self.statistic_links.select_related("statistic")]


class EvidencedIndexPage(EvidencedPage, IndexPage):
    """An index page with body text and sources. A site has one of each type."""

    kind = "List"
    max_count = 1

    class Meta:
        abstract = True


class EvidenceIndexPage(RoutedPageMixin, EvidencedIndexPage):
    """The evidence library: a list of all publications, and below it a page for each publication and figure."""

    kind = "Evidence"
    template = "pages/evidence_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.FindingIndexPage", "sectors.GapsPage"]
    page_description = "Lists every source, held or not, and gives each a page. One for the whole site."

    class Meta:
        verbose_name = "sources page"
