"""Propositions: what the region proposes to do, with government or partners."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.core.models.references import PermanentReferenceMixin
from nelis.core.page_views import RoutedPageMixin
from nelis.core.text import Priority
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from sectors.models.links import EVIDENCE_LINK_PANELS, StrategyPage


class Stage(models.TextChoices):
    """How far a proposition has come. The first eight are steps on a line, in order."""

    IDEA = "idea", "Idea"
    PROPOSED = "proposed", "Proposed at summit"
    DRAFT = "draft", "In draft strategy"
    SUBMITTED = "submitted", "Submitted"
    AGREED = "agreed", "Agreed"
    FUNDED = "funded", "Funded"
    DELIVERING = "delivering", "Delivering"
    COMPLETE = "complete", "Complete"
    DROPPED = "dropped", "Dropped"


#: The stages that lie on the line; ``dropped`` leaves it.
STAGE_STEPS = [stage for stage in Stage if stage is not Stage.DROPPED]


class PropositionPage(PermanentReferenceMixin, RoutedPageMixin, StrategyPage):
    """Something the region proposes to do. Its reference is permanent."""

    ref = models.CharField("reference", max_length=6, unique=True, help_text="Such as P7.")
    source_title = models.CharField(
        "title as first published", max_length=255, help_text="Word for word, slips included."
    )
    what_we_propose = RichTextField(features=RICH_TEXT_FEATURES)
    why = RichTextField(blank=True, features=RICH_TEXT_FEATURES)
    why_is_ours = models.BooleanField(
        "the reason is ours",
        default=False,
        help_text="Tick if no source gives the reason and we drew it from the findings. The page says so.",
    )
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.IDEA)
    stage_date = models.DateField(null=True, blank=True)
    lead_theme = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.PROTECT,
        related_name="led_propositions",
        help_text="The sector or foundation it belongs to first of all.",
    )
    cost_low = models.DecimalField("cost, lowest (£)", max_digits=14, decimal_places=2, null=True, blank=True)
    cost_high = models.DecimalField("cost, highest (£)", max_digits=14, decimal_places=2, null=True, blank=True)
    start = models.CharField(max_length=60, blank=True, help_text="As exactly as it is known, such as “spring 2021”.")
    end = models.CharField(max_length=60, blank=True)

    reference_stem = "P"
    # What it is called in sources, and which evidence was found for it, is true of it alone.
    exclude_fields_in_copy = [
        *StrategyPage.exclude_fields_in_copy,
        *("ref", "source_title", "other_names", "evidence_links"),
    ]
    kind = "Proposition"
    is_cited_by_address = True
    search_priority = Priority.STRATEGY
    page_select_related = ("lead_theme__sectorpage",)
    template = "pages/proposition.html"
    parent_page_types = ["sectors.PropositionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Something the region proposes to do, with its stage, parts and links."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        FieldPanel("what_we_propose", help_text="One to three short paragraphs in plain words."),
        MultiFieldPanel(
            [
                FieldPanel("why", help_text="What it should change, and which findings say so."),
                FieldPanel("why_is_ours"),
            ],
            "Why",
        ),
        InlinePanel("components", label="Part", heading="Parts of the proposition"),
        InlinePanel("asks", label="Ask", heading="What is asked of government and partners"),
        InlinePanel("outcomes", label="Outcome", heading="Expected outcomes"),
        *EvidencedPage.content_panels[2:],
    ]
    proposition_panels = [
        FieldPanel("ref"),
        FieldPanel("source_title"),
        InlinePanel("other_names", label="Other name", heading="Also called"),
        PageChooserPanel("lead_theme", ["sectors.SectorPage", "sectors.FoundationPage"]),
        FieldRowPanel(
            [
                FieldPanel("stage", help_text="Status, by what a source says."),
                FieldPanel("stage_date", help_text="When it reached this stage."),
            ]
        ),
        FieldRowPanel(
            [
                FieldPanel("cost_low", help_text="Leave both empty if none is published: the page says so."),
                FieldPanel("cost_high", help_text="The same as the lowest if only one figure is published."),
            ]
        ),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
    ]
    extra_tabs = [
        ("Proposition", proposition_panels),
        ("Evidence", EVIDENCE_LINK_PANELS),
        *StrategyPage.link_tabs,
    ]

    class Meta:
        verbose_name = "proposition"

    @property
    def stage_number(self) -> int:
        """How many of the eight steps are reached; 0 for a dropped proposition, and for a draft without a stage."""
        return next((number for number, step in enumerate(STAGE_STEPS, 1) if step == self.stage), 0)

    def search_parts(self) -> Iterable[Any]:
        return (
            self.source_title,
            self.what_we_propose,
            self.why,
            *(alias.name for alias in self.other_names.all()),
            *(f"{part.title} {part.description}" for part in self.components.all()),
            *(ask.text for ask in self.asks.all()),
            *(outcome.text for outcome in self.outcomes.all()),
        )


class Component(Orderable):
    """A named part of a proposition."""

    page = ParentalKey(PropositionPage, on_delete=models.CASCADE, related_name="components")
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True, max_length=600)

    panels = [FieldPanel("title"), FieldPanel("description", help_text="A sentence or two.")]

    def __str__(self) -> str:
        return self.title


class Ask(Orderable):
    """What a proposition needs, and from whom."""

    class Addressee(models.TextChoices):
        GOVERNMENT = "government", "Government"
        REGION = "region", "Regional partners"
        BUSINESS = "business", "Business"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    page = ParentalKey(PropositionPage, on_delete=models.CASCADE, related_name="asks")
    addressee = models.CharField(max_length=12, choices=Addressee.choices)
    text = models.TextField(max_length=600)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)

    panels = [FieldPanel("addressee", help_text="Who must act."), FieldPanel("text"), FieldPanel("status")]

    def __str__(self) -> str:
        return f"{self.get_addressee_display()}: {self.text}"


class Outcome(Orderable):
    """What a proposition should bring about, with a figure where a source gives one."""

    page = ParentalKey(PropositionPage, on_delete=models.CASCADE, related_name="outcomes")
    text = models.CharField(max_length=300)
    statistic = models.ForeignKey(
        "evidence.Statistic", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    panels = [FieldPanel("text"), FieldPanel("statistic")]

    def __str__(self) -> str:
        return self.text


class OtherName(Orderable):
    """Another name a proposition goes by."""

    page = ParentalKey(PropositionPage, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=160)

    panels = [FieldPanel("name")]

    def __str__(self) -> str:
        return self.name


class PropositionIndexPage(EvidencedIndexPage):
    """All propositions, filtered by the query string."""

    template = "pages/proposition_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.PropositionPage"]
    page_description = "Lists and filters the propositions. One for the whole site."

    class Meta:
        verbose_name = "list of propositions"
