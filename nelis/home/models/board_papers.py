"""Agendas and minutes of the LEP Board."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

from nelis.evidence.models import EvidencedPage

__all__ = ["BoardPaper", "BoardPapersPage"]


class BoardPapersPage(EvidencedPage):
    """The Board's papers by meeting, newest first."""

    in_section = True
    kind = "Board papers"
    template = "pages/board_papers.html"
    parent_page_types = ["home.StandardPage", "home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists agendas and minutes. One for the whole site."

    content_panels = [
        *EvidencedPage.content_panels,
        InlinePanel("papers", label="Paper", heading="Papers"),
    ]

    class Meta:
        verbose_name = "Board papers page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        meetings: dict[Any, list[BoardPaper]] = {}
        papers = self.papers.select_related("document").order_by("-meeting_date", "sort_order")
        for paper in papers:
            meetings.setdefault(paper.meeting_date, []).append(paper)
        context["meetings"] = meetings
        context["kinds"] = ["Agendas", "Minutes", "Papers"]
        return context


class BoardPaper(Orderable):
    """One paper of one meeting: a document here, or an address elsewhere, or known and not held."""

    class Kind(models.TextChoices):
        AGENDA = "agenda", "Agenda"
        MINUTES = "minutes", "Minutes"
        PAPER = "paper", "Paper"

    page = ParentalKey(BoardPapersPage, on_delete=models.CASCADE, related_name="papers")
    meeting_date = models.DateField()
    paper_kind = models.CharField("kind", max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200, blank=True)
    document = models.ForeignKey("core.SiteDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField("address elsewhere", blank=True)
    not_held = models.BooleanField("known, but not held", default=False)

    panels = [
        FieldRowPanel([FieldPanel("meeting_date"), FieldPanel("paper_kind")]),
        FieldPanel("title"),
        FieldPanel("document"),
        FieldPanel("url"),
        FieldPanel("not_held"),
    ]

    def __str__(self) -> str:
        return self.title or f"{self.get_paper_kind_display()}, {self.meeting_date}"

    def clean(self) -> None:
        super().clean()
        if sum([bool(self.document_id), bool(self.url), self.not_held]) != 1:
            raise ValidationError({"document": "Give a document or an address, or tick “known, but not held”."})
