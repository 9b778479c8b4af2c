"""The home page."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from wagtail.admin.panels import FieldPanel

from nelis.evidence.models import EvidencedPage
from nelis.home.home_context import home_context

__all__ = ["HomePage"]


class HomePage(EvidencedPage):
    """The front of the site: what this is, what readers ask with the answers, the strategy in one picture."""

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
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "home page"

    def search_parts(self) -> Iterable[Any]:
        return (self.hero_statement,)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(home_context())
        return context
