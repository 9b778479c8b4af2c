"""Targets: what is wanted, by when, compared with what, and how far it has come."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.core.models.references import PermanentReferenceMixin
from nelis.core.page_views import RoutedPageMixin
from nelis.core.text import Priority
from nelis.evidence.figures import Unit
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage


class TargetPage(RoutedPageMixin, PermanentReferenceMixin, EvidencedPage):
    """One of the Strategic Economic Plan’s targets, with what the sources say of it."""

    class Kind(models.TextChoices):
        LEVEL_GAIN = "level_gain", "A gain over the starting level"
        SHARE_OF_CHANGE = "share_of_change", "A share of what is added"
        GAP_REDUCTION = "gap_reduction", "Part of a gap closed"
        LEVEL = "level", "A level to reach"

    class Direction(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"

    ref = models.CharField("reference", max_length=6, unique=True, help_text="Such as T1.")
    target_kind = models.CharField(max_length=20, choices=Kind.choices)
    target_value = models.DecimalField(max_digits=16, decimal_places=4)
    unit = models.CharField(max_length=60, help_text="What the number counts, such as “jobs” or “% of the gap”.")
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    baseline_year = models.PositiveSmallIntegerField("counted from (year)", null=True, blank=True)
    baseline_value = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True, help_text="Leave empty if not held."
    )
    deadline_year = models.PositiveSmallIntegerField("deadline (year)")
    comparator = models.ForeignKey(
        "evidence.GeoArea",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The area it is compared with, if there is one.",
    )
    latest = models.ForeignKey(
        "evidence.Statistic",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="A figure for progress. Leave empty if none is held.",
    )
    series = models.ForeignKey(
        "evidence.Series",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="targets",
        help_text="What is measured, for the area itself. The series where it is compared with is found by itself: "
        "that of the same indicator and treatment.",
    )
    verdict = models.CharField(
        max_length=300,
        blank=True,
        help_text="In a sentence, how it ended or stands. Leave empty: it is then worked out from the figures.",
    )
    certainty = models.CharField(
        "how sure that is",
        max_length=300,
        blank=True,
        help_text="Beyond what follows from margins and ranges of dates.",
    )
    not_known = RichTextField("what is not known", blank=True, features=RICH_TEXT_FEATURES)
    method = RichTextField("how it is measured", blank=True, features=RICH_TEXT_FEATURES)
    caveats = RichTextField("read it with care", blank=True, features=RICH_TEXT_FEATURES)

    reference_stem = "T"
    exclude_fields_in_copy = [*EvidencedPage.exclude_fields_in_copy, "ref"]
    kind = "Target"
    search_priority = Priority.STRATEGY
    page_select_related = ("latest__source", "latest__geography", "comparator", "series__indicator", "series__area")
    template = "pages/target.html"
    parent_page_types = ["progress.TargetIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A measured aim with its deadline, and the figures held on it."

    target_panels = [
        MultiFieldPanel(
            [
                FieldPanel("ref"),
                FieldPanel("target_kind", help_text="It decides how progress is reckoned."),
                FieldRowPanel(
                    [FieldPanel("target_value", help_text="The number alone: 100000, 70, 50."), FieldPanel("unit")]
                ),
                FieldPanel("direction", help_text="Which way is better."),
                FieldRowPanel(
                    [
                        FieldPanel("baseline_year", help_text="The year from which change is counted."),
                        FieldPanel("baseline_value"),
                    ]
                ),
                FieldPanel("deadline_year", help_text="The year by whose end it should be met."),
                FieldPanel("comparator"),
            ],
            "What is wanted",
        ),
        FieldPanel("series"),
        FieldPanel("latest"),
        FieldRowPanel([FieldPanel("verdict"), FieldPanel("certainty")]),
        FieldPanel("method", help_text="Where the number comes from and how it is worked out."),
        FieldPanel("caveats", help_text="What readers should bear in mind."),
        FieldPanel("not_known", help_text="What a reader would ask for, and no source gives."),
    ]
    statement_panels = [
        InlinePanel(
            "statements",
            label="Statement",
            heading="What was stated, and when",
            help_text="One row for each edition of a page. Never correct an old one: add what was published later.",
        )
    ]
    extra_tabs = [
        ("Target", target_panels),
        ("Statements", statement_panels),
        ("Figures and sources", EvidencedPage.evidence_panels),
    ]

    class Meta:
        verbose_name = "target"

    @property
    def unit_of_measure(self) -> str:
        """What the levels behind it are counted in: the unit of its series."""
        return self.series.indicator.unit if self.series else Unit.NUMBER

    def search_parts(self) -> Iterable[Any]:
        return (self.method, self.caveats, self.not_known)


class TargetIndexPage(RoutedPageMixin, EvidencedIndexPage):
    """All targets with where each stands."""

    template = "pages/target_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["progress.TargetPage"]
    page_description = "Lists the targets. One for the whole site."

    class Meta:
        verbose_name = "list of targets"
