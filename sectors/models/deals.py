"""The ten Sector Deals and their commitments."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils.dateformat import format as format_date
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

from nelis.core.text import SearchText
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from sectors.links import LinkedPage
from sectors.national import Fact, NationalIndexPage, NationalPage, count_fact

__all__ = ["Commitment", "SectorDealIndexPage", "SectorDealPage"]


class SectorDealPage(NationalPage, EvidencedPage):
    """An agreement between government and an industry, with what each promised."""

    code = models.SlugField(max_length=40, unique=True, help_text="Permanent, such as automotive.")
    partnership_since = models.PositiveSmallIntegerField("in partnership since (year)", null=True, blank=True)
    deal_date = models.DateField(null=True, blank=True, help_text="Leave empty if not held.")
    status_note = models.CharField(max_length=300, blank=True, help_text="What we don’t hold on this deal.")

    kind = "Sector Deal"
    template = "pages/sector_deal.html"
    parent_page_types = ["sectors.SectorDealIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "One of the Sector Deals, with its commitments."

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
        return tuple(f"{promise.ref} {promise.title} {promise.description}" for promise in self.commitments.all())

    @cached_property
    def commitment_list(self) -> list["Commitment"]:
        """The commitments, fetched once."""
        return list(self.commitments.all())

    def facts(self, links: dict[str, list[LinkedPage]]) -> list[Fact]:
        published = format_date(self.deal_date, "j F Y") if self.deal_date else "Date not held"
        since = str(self.partnership_since or "")
        return [
            {"label": "Published", "value": published, "missing": not self.deal_date},
            {"label": "Partnership since", "value": since},
            count_fact("Commitments", len(self.commitment_list), "Not held"),
            *super().facts(links),
        ]


class Commitment(Orderable):
    """A single promise in a deal."""

    page = ParentalKey(SectorDealPage, on_delete=models.CASCADE, related_name="commitments")
    ref = models.CharField("reference", max_length=6)
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True, max_length=600)
    counterpart = models.CharField(max_length=160, blank=True, help_text="Who promised it, if the source says.")

    panels = [
        FieldPanel("ref"),
        FieldPanel("title"),
        FieldPanel("description"),
        FieldPanel("counterpart"),
    ]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "ref"], name="commitment_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def anchor(self) -> str:
        """The fragment of this commitment on its deal's page."""
        return self.ref

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Commitment",
            ref=self.ref,
            title=self.title,
            summary=self.description,
            body=f"{self.page.title} {self.counterpart}",
        )


class SectorDealIndexPage(NationalIndexPage, EvidencedIndexPage):
    """All Sector Deals, with the propositions that take each up."""

    kind = "List"
    template = "pages/sector_deal_index.html"
    parent_page_types = ["home.FrameworkPage"]
    subpage_types = ["sectors.SectorDealPage"]
    max_count = 1
    page_description = "Lists the Sector Deals. One for the whole site."

    class Meta:
        verbose_name = "list of Sector Deals"

    def listed(self) -> Any:
        return SectorDealPage.objects.child_of(self).annotate(
            commitment_count=models.Count("commitments", distinct=True)
        )

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["told"] = [deal for deal in context["items"] if deal.commitment_count]
        context["named"] = [deal for deal in context["items"] if not deal.commitment_count]
        return context
