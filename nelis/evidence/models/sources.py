"""Sources: the documents that facts come from, whether we hold them or only know of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, Orderable, PreviewableMixin, RevisionMixin

from nelis.core.models.workflow import ReviewedMixin
from nelis.core.text import Priority, SearchText
from nelis.evidence.paths import RESERVED_REFS, publication_path


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"
    UNKNOWN = "unknown", "not known"


class Source(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A document that facts come from. ``held`` says whether we have it."""

    class Kind(models.TextChoices):
        WEB_PAGE = "web_page", "Web page"
        SLIDES = "slides", "Slides"
        ARTICLE = "article", "Article"
        REPORT = "report", "Report"
        REVIEW = "review", "Review"
        AUDIT = "audit", "Audit"
        STATISTICS = "statistics", "Statistics"
        PAPERS = "papers", "Board papers"
        PLAN = "plan", "Plan"
        PRESS = "press", "Press report"
        THIRD_PARTY = "third_party", "Page of a third party"

    class Status(models.TextChoices):
        PUBLISHED = "published", "Published"
        COMMISSIONED = "commissioned", "Commissioned"
        PLANNED = "planned", "Planned"

    ref = models.SlugField(
        "reference",
        max_length=60,
        unique=True,
        help_text="Short and permanent, such as S1. It is part of the source’s address.",
    )
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    publisher = models.CharField(max_length=200, blank=True)
    commissioned_by = models.CharField(max_length=200, blank=True, help_text="Only if a source says so.")
    status = models.CharField(
        max_length=12,
        choices=Status.choices,
        blank=True,
        help_text="Status, by what a source says. Leave empty if none says.",
    )
    published = models.DateField(
        null=True, blank=True, help_text="If only the month or year is known, give its first day."
    )
    published_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.UNKNOWN)
    page_ref = models.CharField("part", max_length=200, blank=True, help_text="The slide, page or section meant.")
    held = models.BooleanField("we hold it", default=False, help_text="Untick for a document known by name only.")
    read_in_part = models.BooleanField(default=False, help_text="Tick if only a part of it was read.")
    not_held_note = models.CharField(
        max_length=300, blank=True, help_text="What we know of a document that we don’t hold."
    )
    url = models.URLField("address", blank=True)
    document = models.ForeignKey(
        "core.SiteDocument", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    licence = models.CharField(max_length=200, blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("ref"),
                FieldPanel("title", help_text="As it stands on the document."),
                FieldPanel("kind", help_text="What sort of document it is."),
                FieldPanel("publisher", help_text="Who published it, if it says."),
                FieldPanel("commissioned_by"),
                FieldPanel("status"),
                FieldPanel("published"),
                FieldPanel(
                    "published_precision", help_text="How exactly the date is known. Readers see no more than that."
                ),
                FieldPanel("page_ref"),
            ],
            "About this project",
        ),
        MultiFieldPanel(
            [
                FieldPanel("held"),
                FieldPanel("read_in_part"),
                FieldPanel("not_held_note"),
                FieldPanel("document", help_text="The file itself, if we may share it."),
                FieldPanel("url", help_text="Where it can be read elsewhere."),
                FieldPanel("licence", help_text="What its publisher allows."),
            ],
            "Where it is",
        ),
    ]

    permanent_fields = ("ref",)

    class Meta:
        ordering = ["-held", "ref"]

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        # The address is in small letters, and the evidence page has other things below it.
        if self.ref.lower() in RESERVED_REFS:
            errors["ref"] = "Another page of the evidence has this address. Choose a different reference."
        elif Source.objects.filter(ref__iexact=self.ref).exclude(pk=self.pk).exists():
            errors["ref"] = "Another source has this reference."
        if self.held and self.status not in ("", self.Status.PUBLISHED):
            errors["status"] = "A document that we hold can’t be planned or commissioned only."
        if errors:
            raise ValidationError(errors)

    @property
    def anchor(self) -> str:
        """The fragment of this source on the list of sources."""
        return f"source-{self.ref.lower()}"

    def get_absolute_url(self) -> str:
        """Its own page, which stays."""
        return publication_path(self.ref)

    def held_text(self) -> str:
        """Whether we hold it, in two or three words."""
        if not self.held:
            return "Not held"
        return "Read in part" if self.read_in_part else "Held"

    @property
    def is_second_hand(self) -> bool:
        """Whether it tells what others published. No figure rests on it alone."""
        return self.kind in (self.Kind.PRESS, self.Kind.THIRD_PARTY)

    @property
    def status_text(self) -> str:
        """Status and whether we hold it, in a plain sentence or two."""
        if self.held:
            return "Published. We have read a part of it." if self.read_in_part else "Published. We hold it."
        if self.status == self.Status.PLANNED:
            return "Planned when our sources were written. We don’t hold it, and don’t know whether it was published."
        if self.status == self.Status.COMMISSIONED:
            return "Commissioned. We don’t hold it, and don’t know whether it was published."
        if self.status == self.Status.PUBLISHED:
            return "Published. We don’t hold it."
        return "Known to us by name only. We don’t hold it."

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Source",
            ref=self.ref,
            title=self.title,
            summary=self.not_held_note,
            body=" ".join(filter(None, [self.publisher, self.commissioned_by, self.get_kind_display()])),
            priority=Priority.EXPLANATION,
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/source.html"


class PageSource(Orderable):
    """A source that a page as a whole rests on."""

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="source_links")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="page_links")

    panels = [FieldPanel("source")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "source"], name="page_source_once")]
