"""The national strategy: foundations of productivity, Grand Challenges and Sector Deals."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

from nelis.core.models.references import PermanentReferenceMixin
from nelis.core.text import SearchText
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from sectors.models.links import StrategyPage


class NationalPage(PermanentReferenceMixin, StrategyPage):
    """A part of the national strategy. A Grand Challenge or Sector Deal has numbered parts of its own."""

    code = models.SlugField(max_length=40, unique=True, help_text="Short and permanent, such as clean-growth.")

    reference_field = "code"
    exclude_fields_in_copy = [*StrategyPage.exclude_fields_in_copy, "code"]
    subpage_types: ClassVar[list[str]] = []
    #: Whether a proposition can belong to a page of this type first of all.
    may_lead: ClassVar[bool] = False
    #: The relation to the numbered parts.
    parts_relation: ClassVar[str] = ""

    class Meta:
        abstract = True

    @cached_property
    def parts(self) -> list[Any]:
        """The priority areas or commitments, fetched once."""
        return list(getattr(self, self.parts_relation).all())


class NationalIndexPage(EvidencedIndexPage):
    """The list of all foundations, challenges or deals."""

    in_section = True
    parent_page_types = ["home.FrameworkPage"]

    class Meta:
        abstract = True

    def listed_pages(self) -> Any:
        """The pages of this list, as a queryset."""
        raise NotImplementedError


class NumberedPart(Orderable):
    """A numbered part of a Grand Challenge or Sector Deal, with an address on its page."""

    ref = models.CharField("reference", max_length=6)
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True, max_length=600)

    #: What search calls it.
    kind: ClassVar[str] = ""
    panels = [FieldPanel("ref"), FieldPanel("title"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        abstract = True
        constraints = [models.UniqueConstraint(fields=["page", "ref"], name="%(class)s_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def anchor(self) -> str:
        """The fragment of this part on its page."""
        return self.ref

    def search_text(self) -> SearchText:
        body = f"{self.page.title} {getattr(self, 'counterpart', '')}".strip()
        return SearchText(kind=self.kind, ref=self.ref, title=self.title, summary=self.description, body=body)


class FoundationPage(NationalPage):
    """One of the five drivers of productivity that the national strategy names."""

    national_aim = models.CharField(max_length=200, help_text="What the national strategy wants under this foundation.")

    may_lead = True
    kind = "Foundation"
    template = "pages/foundation.html"
    parent_page_types = ["sectors.FoundationIndexPage"]
    page_description = "One of the five foundations of productivity."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        FieldPanel("code"),
        FieldPanel("national_aim"),
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "foundation"

    def search_parts(self) -> Iterable[Any]:
        return (self.national_aim,)


class FoundationIndexPage(NationalIndexPage):
    """All foundations, with the propositions that rest on each."""

    template = "pages/foundation_index.html"
    subpage_types = ["sectors.FoundationPage"]
    page_description = "Lists the foundations. One for the whole site."

    class Meta:
        verbose_name = "list of foundations"

    def listed_pages(self) -> Any:
        return FoundationPage.objects.child_of(self)


class GrandChallengePage(NationalPage):
    """One of the four global trends that the national strategy wants the UK to lead on."""

    ambition = models.TextField(
        blank=True, max_length=400, help_text="Only if government has published one. In our words."
    )
    status_note = models.CharField(max_length=300, blank=True, help_text="What we don’t hold on this challenge.")

    kind = "Grand Challenge"
    template = "pages/grand_challenge.html"
    parent_page_types = ["sectors.GrandChallengeIndexPage"]
    page_description = "One of the four Grand Challenges, with its priority areas."
    parts_relation = "priority_areas"

    challenge_panels = [
        FieldPanel("code"),
        FieldPanel("ambition"),
        FieldPanel("status_note"),
        InlinePanel("priority_areas", label="Priority area", heading="Priority areas"),
    ]
    extra_tabs = [
        ("Challenge", challenge_panels),
        ("Figures and sources", EvidencedPage.evidence_panels),
    ]

    class Meta:
        verbose_name = "Grand Challenge"

    def search_parts(self) -> Iterable[Any]:
        return (self.ambition, *(f"{area} {area.description}" for area in self.priority_areas.all()))


class PriorityArea(NumberedPart):
    """An early focus inside a Grand Challenge."""

    page = ParentalKey(GrandChallengePage, on_delete=models.CASCADE, related_name="priority_areas")

    kind = "Priority area"


class GrandChallengeIndexPage(NationalIndexPage):
    """All Grand Challenges, with the propositions that answer each."""

    template = "pages/grand_challenge_index.html"
    subpage_types = ["sectors.GrandChallengePage"]
    page_description = "Lists the Grand Challenges. One for the whole site."

    class Meta:
        verbose_name = "list of Grand Challenges"

    def listed_pages(self) -> Any:
        return GrandChallengePage.objects.child_of(self).annotate(
            part_count=models.Count("priority_areas", distinct=True)
        )


class SectorDealPage(NationalPage):
    """An agreement between government and an industry, with what each promised."""

    partnership_since = models.PositiveSmallIntegerField("in partnership since (year)", null=True, blank=True)
    deal_date = models.DateField(null=True, blank=True, help_text="Leave empty if not held.")
    status_note = models.CharField(max_length=300, blank=True, help_text="What we don’t hold on this deal.")

    kind = "Sector Deal"
    template = "pages/sector_deal.html"
    parent_page_types = ["sectors.SectorDealIndexPage"]
    page_description = "One of the Sector Deals, with its commitments."
    parts_relation = "commitments"

    deal_panels = [
        FieldPanel("code"),
        FieldRowPanel([FieldPanel("partnership_since"), FieldPanel("deal_date")]),
        FieldPanel("status_note"),
        InlinePanel("commitments", label="Commitment", heading="Commitments"),
    ]
    extra_tabs = [
        ("Deal", deal_panels),
        ("Figures and sources", EvidencedPage.evidence_panels),
    ]

    class Meta:
        verbose_name = "Sector Deal"

    def search_parts(self) -> Iterable[Any]:
        return tuple(f"{commitment} {commitment.description}" for commitment in self.commitments.all())


class Commitment(NumberedPart):
    """A single promise in a deal."""

    page = ParentalKey(SectorDealPage, on_delete=models.CASCADE, related_name="commitments")
    counterpart = models.CharField(max_length=160, blank=True, help_text="Who promised it, if the source says.")

    kind = "Commitment"
    panels = [*NumberedPart.panels, FieldPanel("counterpart")]


class SectorDealIndexPage(NationalIndexPage):
    """All Sector Deals, with the propositions that take each up."""

    template = "pages/sector_deal_index.html"
    subpage_types = ["sectors.SectorDealPage"]
    page_description = "Lists the Sector Deals. One for the whole site."

    class Meta:
        verbose_name = "list of Sector Deals"

    def listed_pages(self) -> Any:
        return SectorDealPage.objects.child_of(self).annotate(part_count=models.Count("commitments", distinct=True))
