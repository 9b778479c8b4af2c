"""The region's sectors of strategic importance and their sub-sectors."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Q
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.core.models.references import PermanentReferenceMixin
from nelis.core.text import Priority
from nelis.evidence.models import EvidencedIndexPage, Finding
from sectors.models.links import StrategyLink, StrategyPage


class Accent(models.TextChoices):
    """The colours and drawings a sector can have. ``static/css/accents.css`` has their values."""

    BRASS = "brass", "Brass, gears"
    PLUM = "plum", "Plum, branching lattice"
    BLUE = "blue", "Blue, packet lines"
    GREEN = "green", "Green, field lines"
    NONE = "", "None"


class ContentStatus(models.TextChoices):
    """How much of a sector's content we hold."""

    FULL = "full", "Held"
    PARTIAL = "partial", "Held in part"
    STUB = "stub", "Not held: the page says so"


class SectorBase(PermanentReferenceMixin, StrategyPage):
    """What sectors and sub-sectors share."""

    code = models.SlugField(max_length=60, unique=True, help_text="Permanent, such as chemicals.")
    content_status = models.CharField(max_length=10, choices=ContentStatus.choices, default=ContentStatus.FULL)
    gap_note = models.CharField(max_length=300, blank=True, help_text="What the sources leave out on this sector.")

    reference_field = "code"
    exclude_fields_in_copy = [*StrategyPage.exclude_fields_in_copy, "code"]

    class Meta:
        abstract = True

    @cached_property
    def propositions(self) -> list[Any]:
        """The propositions it leads, in order."""
        return list(self.led_propositions.filter(live=True).order_by("path"))

    def via_pages(self) -> list[Any]:
        return self.propositions


class SectorPage(SectorBase):
    """One of the four areas of strategic importance."""

    accent = models.CharField("colour", max_length=10, choices=Accent.choices, blank=True)
    support_offer = RichTextField(
        "what support is there",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Leave empty if not held: the page says so.",
    )
    contact = models.ForeignKey("sectors.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    kind = "Sector"
    search_priority = Priority.STRATEGY
    page_select_related = ("contact__organisation",)
    template = "pages/sector.html"
    parent_page_types = ["sectors.SectorIndexPage"]
    subpage_types = ["sectors.SubSectorPage"]
    page_description = "A sector: its story, figures, evidence, propositions and people."

    sector_panels = [
        FieldPanel("code"),
        FieldPanel("accent", help_text="Each sector has a colour of its own, and perhaps a drawing."),
        FieldPanel("content_status", help_text="A stub tells readers that no content is held."),
        FieldPanel("gap_note"),
        FieldPanel("support_offer"),
        FieldPanel("contact", help_text="Whom readers may ask about it."),
    ]
    extra_tabs = [
        ("Sector", sector_panels),
        *StrategyPage.link_tabs,
    ]

    class Meta:
        verbose_name = "sector"

    def search_parts(self) -> Iterable[Any]:
        return (self.support_offer, self.gap_note)

    def pages_with_figures(self) -> Iterable[Page]:
        """Its sub-sectors, each with how many strengths the evidence finds in it."""
        strengths = Q(findings__live=True, findings__kind=Finding.Kind.STRENGTH)
        return (
            SubSectorPage.objects.child_of(self)
            .live()
            .annotate(strength_count=Count("findings", filter=strengths, distinct=True))
            .order_by("path")
        )


class SubSectorPage(SectorBase):
    """A branch inside a sector, such as chemicals."""

    kind = "Sub-sector"
    search_priority = Priority.STRATEGY
    template = "pages/sub_sector.html"
    parent_page_types = ["sectors.SectorPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A branch of a sector: its figures, evidence and organisations."

    sector_panels = [
        FieldPanel("code"),
        FieldPanel("content_status", help_text="A stub tells readers that no content is held."),
        FieldPanel("gap_note"),
    ]
    extra_tabs = [
        ("Sub-sector", sector_panels),
        *StrategyPage.link_tabs,
    ]

    class Meta:
        verbose_name = "sub-sector"

    def search_parts(self) -> Iterable[Any]:
        return (self.gap_note,)

    @cached_property
    def propositions(self) -> list[Any]:
        """The propositions it leads, in order: some of those that are linked to it."""
        return [proposition for proposition in self.linked_propositions if proposition.lead_theme_id == self.pk]

    def via_pages(self) -> list[Any]:
        return self.linked_propositions

    @cached_property
    def linked_propositions(self) -> list[Any]:
        """The propositions linked to it or led by it. One query."""
        from_here = StrategyLink.objects.filter(page=self.pk).values("target")
        to_here = StrategyLink.objects.filter(target=self.pk).values("page")
        linked = Q(pk__in=from_here) | Q(pk__in=to_here) | Q(propositionpage__lead_theme=self.pk)
        pages = Page.objects.live().filter(linked, propositionpage__isnull=False).order_by("path")
        return [page.propositionpage for page in pages.select_related("propositionpage")]


class SectorIndexPage(EvidencedIndexPage):
    """All sectors with their sub-sectors."""

    template = "pages/sector_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.SectorPage"]
    page_description = "Lists the sectors. One for the whole site."

    class Meta:
        verbose_name = "list of sectors"

    def search_parts(self) -> Iterable[Any]:
        return ("Is my sector in it?",)

    def pages_with_figures(self) -> list[SectorPage]:
        """The sectors in tree order, each with ``proposition_count`` and ``sub_sectors``. Two queries."""
        led = Count("led_propositions", filter=Q(led_propositions__live=True), distinct=True)
        sectors = list(SectorPage.objects.child_of(self).live().annotate(proposition_count=led).order_by("path"))
        sub_sectors = list(SubSectorPage.objects.live().order_by("path"))
        for sector in sectors:
            sector.sub_sectors = [page for page in sub_sectors if page.path.startswith(sector.path)]
        return sectors
