"""Statements: what somebody published about a target, with the period it describes and the day it became known."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from nelis.core.dates import date_span, partial_date
from nelis.evidence.models.sources import Precision

#: An earliest and a latest day.
Span = tuple[date, date]


class TargetStatement(Orderable):
    """What one edition of one page said about a target: a figure as it was known then, never corrected later.

    Dates may be imprecise: a period may end anywhere in a range, and a page may bear a month, a year or no date. What
    press and third parties report is shown beside what the publisher itself stated, and never drawn.
    """

    class Measure(models.TextChoices):
        GAIN = "gain", "Added since the start"
        SHARE_OF_TARGET = "share_of_target", "Per cent of what is wanted"
        PART = "part", "Part of what was added, and all that was added"
        SHARE = "share", "Per cent of what was added"
        GAP_GONE = "gap_gone", "Per cent of the gap that has gone; less than 0 where it widened"
        LEVELS = "levels", "Level here, and level where it is compared with"
        GAP = "gap", "Size of the gap"
        WIDENED = "widened", "The gap widened; no number given"
        START = "start", "Level or gap at the start"
        DEFINITION = "definition", "What a word means; no number"

    class Kind(models.TextChoices):
        PUBLISHER = "lep", "The LEP"
        SUCCESSOR = "successor", "Its successor"
        PRESS = "press", "The press"
        THIRD_PARTY = "third_party", "A third party"
        OURS = "ours", "Worked out by us from published figures"

    class Qualifier(models.TextChoices):
        EXACT = "exact", "exactly"
        ABOUT = "about", "about"
        OVER = "over", "over"

    target = ParentalKey("progress.TargetPage", on_delete=models.CASCADE, related_name="statements")
    measure = models.CharField("what it gives", max_length=20, choices=Measure.choices)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    low = models.DecimalField("lower end", max_digits=16, decimal_places=4, null=True, blank=True)
    high = models.DecimalField("upper end", max_digits=16, decimal_places=4, null=True, blank=True)
    qualifier = models.CharField(max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT)
    reference_value = models.DecimalField(
        "set against",
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="For levels: the level where it is compared with. For a part: all that was added.",
    )
    quotation = models.CharField(
        "in its words", max_length=300, blank=True, help_text="Exactly, without quotation marks."
    )
    period_text = models.CharField(
        "period", max_length=120, blank=True, help_text="As the page words it. Leave empty if it doesn’t say."
    )
    counted_from = models.PositiveSmallIntegerField(
        "counted from (year)",
        null=True,
        blank=True,
        help_text="Only if another year than the target’s own start.",
    )
    period_end_from = models.DateField(
        "period ends, at the earliest", null=True, blank=True, help_text="Leave both empty if the page doesn’t say."
    )
    period_end_to = models.DateField("at the latest", null=True, blank=True)
    kind = models.CharField("said by", max_length=12, choices=Kind.choices, default=Kind.PUBLISHER)
    published_on = models.DateField(
        "known since", null=True, blank=True, help_text="If only the month or year is known, give its first day."
    )
    published_precision = models.CharField(
        "how exactly that is known", max_length=10, choices=Precision.choices, default=Precision.UNKNOWN
    )
    published_text = models.CharField(
        "in words", max_length=60, blank=True, help_text="Such as Autumn 2023. Leave empty to show the date."
    )
    source = models.ForeignKey("evidence.Source", on_delete=models.PROTECT, related_name="target_statements")
    page_ref = models.CharField("part of the source", max_length=200, blank=True)
    fact_key = models.SlugField(
        "disagreement",
        max_length=60,
        blank=True,
        help_text="The same word on statements that disagree, such as start-level. They are shown side by side.",
    )
    note = models.CharField(max_length=400, blank=True, help_text="A caveat, shown with the statement.")

    panels = [
        FieldPanel("measure"),
        FieldRowPanel([FieldPanel("qualifier"), FieldPanel("value"), FieldPanel("reference_value")]),
        FieldRowPanel([FieldPanel("low"), FieldPanel("high"), FieldPanel("counted_from")]),
        FieldPanel("quotation"),
        FieldRowPanel([FieldPanel("period_text"), FieldPanel("period_end_from"), FieldPanel("period_end_to")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("source"), FieldPanel("page_ref")]),
        FieldRowPanel([FieldPanel("published_on"), FieldPanel("published_precision"), FieldPanel("published_text")]),
        FieldRowPanel([FieldPanel("fact_key"), FieldPanel("note")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "statement"

    def __str__(self) -> str:
        return f"{self.get_measure_display()}, {self.period_text or 'period not stated'}"

    def clean(self) -> None:
        super().clean()
        errors = {}
        without_number = self.measure in (self.Measure.WIDENED, self.Measure.DEFINITION)
        if without_number and self.value is not None:
            errors["value"] = "A statement of this kind has no number. Empty this field, or choose another kind."
        if not without_number and self.value is None:
            errors["value"] = "Give the number that was stated."
        if (self.low is None) != (self.high is None):
            errors["high"] = "A range needs both its ends, or neither."
        elif self.low is not None and self.high is not None and self.low > self.high:
            errors["high"] = "The upper end must not be below the lower end."
        if (self.period_end_from is None) != (self.period_end_to is None):
            errors["period_end_to"] = (
                "Give both days between which the period ends (the same day twice if it is known)."
            )
        elif self.period_end_from and self.period_end_to and self.period_end_from > self.period_end_to:
            errors["period_end_to"] = "The latest day must not be before the earliest."
        if (self.published_precision == Precision.UNKNOWN) != (self.published_on is None):
            errors["published_precision"] = "Give a date and how exactly it is known, or “not known” and no date."
        if self.measure == self.Measure.PART and self.reference_value is not None and self.reference_value <= 0:
            errors["reference_value"] = "A part is set against a number above 0: all that was added."
        if errors:
            raise ValidationError(errors)

    @property
    def is_official(self) -> bool:
        """Whether the publisher of the target, or its successor, said so itself."""
        return self.kind in (self.Kind.PUBLISHER, self.Kind.SUCCESSOR)

    @property
    def is_reported(self) -> bool:
        """Whether press or a third party says what somebody else stated."""
        return self.kind in (self.Kind.PRESS, self.Kind.THIRD_PARTY)

    @property
    def known(self) -> Span | None:
        """The earliest and the latest day on which it may have become known; None for a page without a date."""
        return date_span(self.published_on, self.published_precision)

    @property
    def known_text(self) -> str:
        """When it became known, as readers see it."""
        if self.published_on is None:
            return "undated"
        return self.published_text or partial_date(self.published_on, self.published_precision)

    @property
    def period_end(self) -> Span | None:
        """The earliest and the latest day on which its period may end; None where it doesn’t say."""
        if self.period_end_from is None or self.period_end_to is None:
            return None
        return self.period_end_from, self.period_end_to
