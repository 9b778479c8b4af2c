"""The steps from here to the final strategy."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from nelis.evidence.models import EvidencedPage

__all__ = ["NextStepsPage", "Step"]


class NextStepsPage(EvidencedPage):
    """The steps in order: who takes each, and what comes of it."""

    in_section = True
    kind = "Next steps"
    template = "pages/next_steps.html"
    parent_page_types = ["home.StandardPage", "home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists the steps to the final strategy. One for the whole site."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        InlinePanel("steps", label="Step", heading="Steps, in order"),
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "next steps page"

    def search_parts(self) -> Iterable[Any]:
        return tuple(f"{step.title} {step.text} {step.actors}" for step in self.steps.all())

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["steps"] = list(self.steps.select_related("known_source", "other_known_source"))
        return context


class Step(Orderable):
    """One step on the way."""

    class Status(models.TextChoices):
        DONE = "done", "Done"
        NOW = "now", "Under way"
        AHEAD = "ahead", "Planned"

    page = ParentalKey(NextStepsPage, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=500)
    actors = models.CharField("who", max_length=250, blank=True)
    output = models.CharField("output", max_length=200, blank=True)
    date_text = models.CharField(
        "when", max_length=80, blank=True, help_text="Leave empty if the sources give no date."
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.AHEAD)
    record_held = models.BooleanField("a record of it is held", default=False)
    known = models.CharField(
        "what is known of it",
        max_length=120,
        blank=True,
        help_text="In a few words, such as “Confirmed in part” or “We hold no public record that it was published”.",
    )
    known_text = models.TextField("what the records say", max_length=500, blank=True)
    known_source = models.ForeignKey(
        "evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="source"
    )
    other_known_source = models.ForeignKey(
        "evidence.Source",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="other source",
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("actors"),
        FieldPanel("output"),
        FieldPanel("date_text"),
        FieldPanel("status"),
        MultiFieldPanel(
            [
                FieldPanel("record_held"),
                FieldPanel("known"),
                FieldPanel("known_text"),
                FieldRowPanel([FieldPanel("known_source"), FieldPanel("other_known_source")]),
            ],
            "What is known since",
        ),
    ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.record_held and not self.known_source_id:
            raise ValidationError({"known_source": "Name the record: where it says so."})

    @property
    def known_sources(self) -> list[Any]:
        """The published sources of what is known of it, in order."""
        return [source for source in (self.known_source, self.other_known_source) if source and source.live]
