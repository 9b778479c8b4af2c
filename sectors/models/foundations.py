"""The five foundations of productivity."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel

from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from sectors.links import LinkedPage
from sectors.national import Fact, NationalIndexPage, NationalPage

__all__ = ["FoundationIndexPage", "FoundationPage"]


class FoundationPage(NationalPage, EvidencedPage):
    """One of the five drivers of productivity that the national strategy names."""

    code = models.SlugField(max_length=40, unique=True, help_text="Permanent, such as ideas.")
    national_aim = models.CharField(max_length=200, help_text="What the national strategy wants under this foundation.")

    may_lead = True
    kind = "Foundation"
    template = "pages/foundation.html"
    parent_page_types = ["sectors.FoundationIndexPage"]
    subpage_types: ClassVar[list[str]] = []
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

    def facts(self, links: dict[str, list[LinkedPage]]) -> list[Fact]:
        return [{"label": "National aim", "value": self.national_aim}, *super().facts(links)]


class FoundationIndexPage(NationalIndexPage, EvidencedIndexPage):
    """All foundations, with the propositions that rest on each."""

    kind = "List"
    template = "pages/foundation_index.html"
    parent_page_types = ["home.FrameworkPage"]
    subpage_types = ["sectors.FoundationPage"]
    max_count = 1
    page_description = "Lists the foundations. One for the whole site."

    class Meta:
        verbose_name = "list of foundations"

    def listed(self) -> Any:
        return FoundationPage.objects.child_of(self)
