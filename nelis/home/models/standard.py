"""Pages of plain text, the page that explains the national strategy, and the page of contacts."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.evidence.models import EvidencedPage
from sectors.models import Contact

__all__ = ["ContactPage", "FrameworkPage", "StandardPage", "VisionPoint"]


class StandardPage(EvidencedPage):
    """A page of text. May have pages below it, which it lists."""

    in_section = True
    kind = "Page"
    template = "pages/standard.html"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = [
        "home.StandardPage",
        "home.GovernancePage",
        "home.TimelinePage",
        "home.NextStepsPage",
        "home.BoardPapersPage",
    ]
    page_description = "Text with headings, figures, tables and links."

    class Meta:
        verbose_name = "standard page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["pages_below"] = pages_with_summaries(self.get_children())
        return context


#: The page types that may stand below a page of text, by the name of their table.
TYPES_BELOW = ("standardpage", "governancepage", "timelinepage", "nextstepspage", "boardpaperspage")


class ContactPage(EvidencedPage):
    """The people to ask, from the directory of contacts."""

    kind = "Contact"
    template = "pages/contact.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists the people to ask. One for the whole site."

    class Meta:
        verbose_name = "contact page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["contacts"] = list(Contact.objects.filter(live=True).select_related("organisation"))
        return context


def pages_with_summaries(pages: Any) -> list[Page]:
    """Live ``pages`` in tree order, each with its ``summary``, whatever their types. One query."""
    found = list(pages.live().select_related(*TYPES_BELOW).order_by("path"))
    for page in found:
        known = page._state.fields_cache
        own = next((known[name] for name in TYPES_BELOW if known.get(name)), None)
        page.summary = own.summary if own else ""
    return found


class FrameworkPage(EvidencedPage):
    """The national strategy explained: its aims, productivity, foundations, challenges and deals."""

    productivity = RichTextField("what productivity is", features=RICH_TEXT_FEATURES, help_text="In plain words.")

    in_section = True
    kind = "Strategy"
    template = "pages/framework.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "sectors.FoundationIndexPage",
        "sectors.GrandChallengeIndexPage",
        "sectors.SectorDealIndexPage",
    ]
    max_count = 1
    page_description = "Explains the UK Industrial Strategy. One for the whole site."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        FieldPanel("productivity"),
        InlinePanel("vision_points", label="Aim", heading="What the national strategy wants"),
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "UK Industrial Strategy page"

    def search_parts(self) -> Iterable[Any]:
        return (self.productivity, *(point.text for point in self.vision_points.all()))

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["vision_points"] = list(self.vision_points.all())
        context["below"] = self.child_indexes()
        return context

    def child_indexes(self) -> list[Page]:
        """The lists of foundations, challenges and deals; each with its ``members``, and how many
        propositions are tied to each of those. One query.
        """
        links = Q(linked_from__page__live=True, linked_from__page__propositionpage__isnull=False)
        pages = list(
            self.get_descendants()
            .live()
            .filter(depth__lte=self.depth + 2)
            .annotate(proposition_count=Count("linked_from__page", filter=links, distinct=True))
            .order_by("path")
        )
        lists = [page for page in pages if page.depth == self.depth + 1]
        for index in lists:
            index.members = [page for page in pages if page.is_child_of(index)]
        return lists


class VisionPoint(Orderable):
    """One aim of the national strategy."""

    page = ParentalKey(FrameworkPage, on_delete=models.CASCADE, related_name="vision_points")
    text = models.CharField(max_length=160)

    panels = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text
