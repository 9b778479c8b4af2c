"""Findings: single statements from the evidence, each with a permanent reference."""

import re

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
)

from nelis.core.fields import StreamField
from nelis.core.models.workflow import ReviewedMixin
from nelis.core.text import Priority, SearchText
from nelis.evidence.paths import finding_path


class PartBlock(blocks.StructBlock):
    """One lettered part of a finding."""

    label = blocks.CharBlock(max_length=4)
    text = blocks.TextBlock(max_length=400)

    class Meta:
        icon = "list-ol"
        description = "One lettered part of the finding, such as W1a"


class Finding(ReviewedMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """One numbered statement from the evidence, in our words, with its source."""

    class Kind(models.TextChoices):
        CONTEXT = "context", "Context"
        STRENGTH = "strength", "Strength"
        CONSTRAINT = "constraint", "Constraint"
        RECOMMENDATION = "recommendation", "Recommendation"
        WHAT_WORKS = "what_works", "What works"

    ref = models.CharField("reference", max_length=12, unique=True, help_text="Short and permanent, such as SA4.")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    statement = models.TextField(max_length=600)
    parts = StreamField([("part", PartBlock())], blank=True)
    subject = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.PROTECT,
        related_name="findings",
        help_text="The sector or sub-sector it is about.",
    )
    statistics = models.ManyToManyField("evidence.Statistic", blank=True, related_name="findings")
    source = models.ForeignKey("evidence.Source", null=True, on_delete=models.PROTECT, related_name="findings")
    page_ref = models.CharField("part of the source", max_length=200, blank=True)
    sort_order = models.PositiveIntegerField(default=0, editable=False)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("ref"),
                FieldPanel("kind", help_text="Constraints and recommendations stand apart from strengths on the page."),
                FieldPanel("statement", help_text="One statement that stands by itself, in our words."),
                FieldPanel("parts", help_text="Only if the source makes its point in lettered parts."),
            ],
            "Finding",
        ),
        PageChooserPanel("subject", ["sectors.SectorPage", "sectors.SubSectorPage"]),
        FieldPanel("statistics", help_text="Figures it rests on."),
        MultiFieldPanel(
            [
                FieldPanel("source", help_text="Who says so."),
                FieldPanel("page_ref", help_text="The slide, page or section, so that somebody else finds it."),
            ],
            "Source",
        ),
    ]

    permanent_fields = ("ref",)

    class Meta:
        ordering = ["sort_order", "ref"]

    def __str__(self) -> str:
        return f"{self.ref}: {self.statement}"

    @property
    def anchor(self) -> str:
        """The fragment of this finding on the page that lists it."""
        return self.ref

    @property
    def headline(self) -> str:
        """The first sentence of the statement, without its full stop: for lists and drawings."""
        return re.split(r"(?<=[.!?])\s", self.statement, maxsplit=1)[0].removesuffix(".")

    def get_absolute_url(self) -> str:
        """Its line on the list of all findings, which stays."""
        return finding_path(self.anchor)

    @property
    def url(self) -> str:
        """Its line on the page of its subject, among the other findings.

        Empty without one. It moves when the finding is found to be about something else, so nothing cites it.
        """
        return f"{self.subject.url}#{self.anchor}" if self.subject and self.subject.live else ""

    def change_log_facts(self) -> dict[str, str]:
        """What readers are told of when it changes: each fact under its name."""
        return {
            "Statement": self.statement,
            "Kind": str(self.get_kind_display()),
            "About": self.subject.title if self.subject else "",
            "Source": " ".join(filter(None, [self.source.title if self.source else "", self.page_ref])),
        }

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Finding",
            ref=self.ref,
            title=self.statement[:255],
            summary="",
            body=" ".join([self.get_kind_display(), *(str(part.value["text"]) for part in self.parts)]),
            priority=Priority.STRATEGY,
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/finding.html"

    def get_preview_context(self, request: object, mode_name: str) -> dict[str, object]:
        # Until its kind is chosen, a draft stands among those of the first.
        self.kind = self.kind or self.Kind.CONTEXT
        return super().get_preview_context(request, mode_name) | {"findings": [self]}
