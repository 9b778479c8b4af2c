"""The home page."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable

from nelis.evidence.models import EvidencedPage
from nelis.home.home_context import home_context

__all__ = ["CallToAction", "HomePage"]


class HomePage(EvidencedPage):
    """The front of the site: what this is, what one can do here, the strategy in one picture."""

    hero_statement = models.CharField(
        max_length=120, help_text="What this is and until when, in one line. The largest on the site."
    )

    kind = "Home"
    template = "pages/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.StandardPage",
        "home.FrameworkPage",
        "sectors.SectorIndexPage",
        "sectors.PropositionIndexPage",
        "sectors.ChangesPage",
        "sectors.ExplorerPage",
        "home.BookPage",
        "sectors.ProjectIndexPage",
        "sectors.OrganisationIndexPage",
        "evidence.EvidenceIndexPage",
        "progress.TargetIndexPage",
        "home.GovernancePage",
        "home.TimelinePage",
        "home.NextStepsPage",
        "home.BoardPapersPage",
        "home.NewsIndexPage",
        "home.EventIndexPage",
        "home.FAQPage",
        "home.GlossaryPage",
        "home.ContactPage",
    ]
    max_count = 1
    page_description = "The front of the site. One for the whole site."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        FieldPanel("hero_statement"),
        InlinePanel("calls_to_action", label="Action", heading="What one can do here", max_num=4),
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "home page"

    def search_parts(self) -> Iterable[Any]:
        return (self.hero_statement,)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(home_context(self))
        return context


class CallToAction(Orderable):
    """One of the things to do first, with a line on what is there."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="calls_to_action")
    label = models.CharField(max_length=60)
    text = models.CharField(max_length=120)
    target = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("label"), FieldPanel("text"), PageChooserPanel("target")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if self.target_id and not self.target.live:
            raise ValidationError({"target": "Choose a page that is published."})
