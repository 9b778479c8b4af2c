"""The region's sectors of strategic importance and their sub-sectors."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from sectors.context import ConnectedPage, sector_context, sector_index_context
from sectors.models.links import LINK_PANELS, ORGANISATION_PANELS

__all__ = ["SectorIndexPage", "SectorPage", "SubSectorPage"]


class Hue(models.TextChoices):
    """The sector's colour and drawing."""

    AM = "am", "Brass, gears"
    HLS = "hls", "Plum, branching lattice"
    DIGITAL = "dig", "Blue, packet lines"
    ENERGY = "en", "Green, field lines"
    NONE = "", "None"


class ContentStatus(models.TextChoices):
    """How much of a sector's content we hold."""

    FULL = "full", "Held"
    PARTIAL = "partial", "Held in part"
    STUB = "stub", "Not held: the page says so"


class SectorBase(ConnectedPage, EvidencedPage):
    """What sectors and sub-sectors share."""

    code = models.SlugField(max_length=60, unique=True, help_text="Permanent, such as chemicals.")
    content_status = models.CharField(
        max_length=10, choices=ContentStatus.choices, default=ContentStatus.FULL
    )
    gap_note = models.CharField(
        max_length=300, blank=True, help_text="What the sources leave out on this sector."
    )

    class Meta:
        abstract = True


class SectorPage(SectorBase):
    """One of the four areas of strategic importance."""

    hue = models.CharField("colour", max_length=4, choices=Hue.choices, blank=True)
    support_offer = RichTextField(
        "what support is there",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Leave empty if not held: the page says so.",
    )
    contact = models.ForeignKey(
        "sectors.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    kind = "Sector"
    template = "pages/sector.html"
    parent_page_types = ["sectors.SectorIndexPage"]
    subpage_types = ["sectors.SubSectorPage"]
    page_description = "A sector: its story, figures, evidence, propositions and people."

    sector_panels = [
        FieldPanel("code"),
        FieldPanel("hue"),
        FieldPanel("content_status"),
        FieldPanel("gap_note"),
        FieldPanel("support_offer"),
        FieldPanel("contact"),
    ]
    extra_tabs = [
        ("Sector", sector_panels),
        ("Links", [*LINK_PANELS, *ORGANISATION_PANELS]),
        ("Figures and sources", EvidencedPage.evidence_panels),
    ]

    class Meta:
        verbose_name = "sector"

    def search_parts(self) -> Iterable[Any]:
        return (self.support_offer, self.gap_note)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(sector_context(self))
        return context


class SubSectorPage(SectorBase):
    """A branch inside a sector, such as chemicals."""

    kind = "Sub-sector"
    template = "pages/sub_sector.html"
    parent_page_types = ["sectors.SectorPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A branch of a sector: its figures, evidence and organisations."

    sector_panels = [FieldPanel("code"), FieldPanel("content_status"), FieldPanel("gap_note")]
    extra_tabs = [
        ("Sub-sector", sector_panels),
        ("Links", [*LINK_PANELS, *ORGANISATION_PANELS]),
        ("Figures and sources", EvidencedPage.evidence_panels),
    ]

    class Meta:
        verbose_name = "sub-sector"

    def search_parts(self) -> Iterable[Any]:
        return (self.gap_note,)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(sector_context(self))
        return context


class SectorIndexPage(EvidencedIndexPage):
    """All sectors with their sub-sectors."""

    kind = "List"
    template = "pages/sector_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.SectorPage"]
    max_count = 1
    page_description = "Lists the sectors. One for the whole site."

    class Meta:
        verbose_name = "list of sectors"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(sector_index_context(self))
        return context
