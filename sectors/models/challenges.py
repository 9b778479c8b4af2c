"""The four Grand Challenges and their priority areas."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from nelis.core.text import SearchText
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from sectors.links import LinkedPage
from sectors.national import Fact, NationalIndexPage, NationalPage, count_fact

__all__ = ["GrandChallengeIndexPage", "GrandChallengePage", "PriorityArea"]


class GrandChallengePage(NationalPage, EvidencedPage):
    """One of the four global trends that the national strategy wants the UK to lead on."""

    code = models.SlugField(max_length=40, unique=True, help_text="Permanent, such as clean-growth.")
    ambition = models.TextField(
        blank=True, max_length=400, help_text="Only if government has published one. In our words."
    )
    status_note = models.CharField(max_length=300, blank=True, help_text="What we don’t hold on this challenge.")

    kind = "Grand Challenge"
    template = "pages/grand_challenge.html"
    parent_page_types = ["sectors.GrandChallengeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "One of the four Grand Challenges, with its priority areas."

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
        areas = self.priority_areas.all()
        return (
            self.ambition,
            *(f"{area.ref} {area.title} {area.description}" for area in areas),
        )

    @cached_property
    def areas(self) -> list["PriorityArea"]:
        """The priority areas, fetched once."""
        return list(self.priority_areas.all())

    def facts(self, links: dict[str, list[LinkedPage]]) -> list[Fact]:
        ambition = "Published" if self.ambition else "Not held"
        return [
            {"label": "Ambition", "value": ambition, "missing": not self.ambition},
            count_fact("Priority areas", len(self.areas), "Not held"),
            *super().facts(links),
        ]


class PriorityArea(Orderable):
    """An early focus inside a Grand Challenge."""

    page = ParentalKey(GrandChallengePage, on_delete=models.CASCADE, related_name="priority_areas")
    ref = models.CharField("reference", max_length=6)
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True, max_length=400)

    panels = [FieldPanel("ref"), FieldPanel("title"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "ref"], name="priority_area_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def anchor(self) -> str:
        """The fragment of this area on its challenge's page."""
        return self.ref

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Priority area",
            ref=self.ref,
            title=self.title,
            summary=self.description,
            body=self.page.title,
        )


class GrandChallengeIndexPage(NationalIndexPage, EvidencedIndexPage):
    """All Grand Challenges, with the propositions that answer each."""

    kind = "List"
    template = "pages/grand_challenge_index.html"
    parent_page_types = ["home.FrameworkPage"]
    subpage_types = ["sectors.GrandChallengePage"]
    max_count = 1
    page_description = "Lists the Grand Challenges. One for the whole site."

    class Meta:
        verbose_name = "list of Grand Challenges"

    def listed(self) -> Any:
        return GrandChallengePage.objects.child_of(self).annotate(
            area_count=models.Count("priority_areas", distinct=True)
        )
