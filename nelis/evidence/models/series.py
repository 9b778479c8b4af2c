"""Series: what is measured, for which area, and each value with the release that gave it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

from nelis.evidence.figures import Unit


class Indicator(models.Model):
    """One thing that is measured, such as the employment rate of people aged 16 to 64."""

    class Kind(models.TextChoices):
        COUNT = "count", "A count, which can be added up"
        RATE = "rate", "A rate: a part of a whole"
        RATIO = "ratio", "A ratio of two different things"

    code = models.SlugField(max_length=60, unique=True, help_text="Short and permanent, such as employment-rate.")
    name = models.CharField(max_length=200, help_text="As readers see it above a chart.")
    unit = models.CharField(max_length=20, choices=Unit.choices, default=Unit.NUMBER)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.COUNT)
    decimals = models.PositiveSmallIntegerField(default=0, help_text="How many are shown at most.")
    lowest = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True, help_text="A value below this is refused on import."
    )
    highest = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True, help_text="A value above this is refused on import."
    )
    factor = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="The value is this times the numerator divided by the denominator: 100 for a percentage, 1 for £ an "
        "hour. Empty for a count.",
    )
    definition = models.TextField(max_length=1000, blank=True, help_text="What is counted, and of what, for readers.")
    source = models.ForeignKey(
        "evidence.Source",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
        help_text="The publication that defines it.",
    )
    known_as = models.TextField(
        max_length=1000,
        blank=True,
        help_text="What files call it, one name a line. An import finds the indicator by them.",
    )

    panels = [
        FieldPanel("code"),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("kind"), FieldPanel("decimals")]),
        FieldRowPanel([FieldPanel("lowest"), FieldPanel("highest"), FieldPanel("factor")]),
        FieldPanel("definition"),
        FieldPanel("source"),
        FieldPanel("known_as"),
    ]

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            errors["highest"] = "The highest value must not be below the lowest."
        if self.kind == self.Kind.COUNT and self.factor is not None:
            errors["factor"] = "A count isn’t worked out from a numerator and a denominator. Empty this field."
        if errors:
            raise ValidationError(errors)


class Series(ClusterableModel):
    """The values of one indicator for one area, treated in one way.

    A supplied one holds observations. A derived one holds none: its values are worked out from those of its parts, from
    counts and never from rates (``nelis.evidence.series``).
    """

    class Frequency(models.TextChoices):
        YEARLY = "yearly", "Yearly"
        QUARTERLY = "quarterly", "Quarterly"
        MONTHLY = "monthly", "Monthly"
        ROLLING = "rolling", "Twelve months, each quarter"
        IRREGULAR = "irregular", "Irregular"

    class Origin(models.TextChoices):
        SUPPLIED = "supplied", "Supplied by a source"
        DERIVED = "derived", "Derived by us from other series"

    key = models.SlugField(
        max_length=120, unique=True, help_text="Permanent: addresses and files refer to it. Such as t6-e37000025."
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="series")
    area = models.ForeignKey("evidence.GeoArea", on_delete=models.PROTECT, related_name="series")
    treatment = models.SlugField(
        max_length=40, blank=True, default="", help_text="Such as smoothed or unsmoothed, where both exist."
    )
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.YEARLY)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.SUPPLIED)
    source = models.ForeignKey(
        "evidence.Source",
        on_delete=models.PROTECT,
        related_name="series",
        help_text="Who publishes it. Each release may name a publication of its own.",
    )
    licence = models.CharField(max_length=200, blank=True, help_text="As the source states it. Empty if it doesn’t.")

    panels = [
        FieldPanel("key"),
        FieldPanel("indicator"),
        FieldPanel("area"),
        FieldRowPanel([FieldPanel("treatment"), FieldPanel("frequency")]),
        FieldPanel("origin"),
        InlinePanel("parts", label="Part", heading="Worked out from"),
        FieldPanel("source"),
        FieldPanel("licence"),
    ]

    class Meta:
        ordering = ["key"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "area", "treatment", "frequency"], name="one_series_of_a_kind")
        ]

    def __str__(self) -> str:
        treatment = f", {self.treatment}" if self.treatment else ""
        return f"{self.indicator}, {self.area}{treatment}"


class SeriesPart(models.Model):
    """A series that another is worked out from: added to it, or taken away."""

    series = ParentalKey(Series, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    sign = models.SmallIntegerField(choices=[(1, "added"), (-1, "taken away")], default=1)

    panels = [FieldRowPanel([FieldPanel("part"), FieldPanel("sign")])]

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["series", "part"], name="series_part_once")]

    def __str__(self) -> str:
        return f"{'+' if self.sign > 0 else '−'} {self.part}"


class VintageQuerySet(models.QuerySet["Vintage"]):
    """Releases of figures."""

    def standing(self) -> "VintageQuerySet":
        """Those that aren't withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def oldest_first(self) -> "VintageQuerySet":
        """In the order they came out. One whose day isn't known counts as older than any."""
        return self.order_by(F("released_on").asc(nulls_first=True), "imported_at", "pk")


class Vintage(ClusterableModel):
    """A release: what a source gave at one time. A later one revises it, and leaves it as it was."""

    key = models.SlugField(max_length=80, unique=True, help_text="Short and permanent, such as ons-2024-06.")
    label = models.CharField(max_length=200, help_text="As readers see it, such as “ONS, June 2024”.")
    released_on = models.DateField(
        null=True, blank=True, help_text="The day it came out; the first of the month where only that is known."
    )
    released_text = models.CharField(
        max_length=120, blank=True, help_text="When it came out, in words, where the day isn’t known."
    )
    source = models.ForeignKey("evidence.Source", on_delete=models.PROTECT, related_name="vintages")
    note = models.TextField(max_length=1000, blank=True, help_text="A caveat, shown with its figures.")
    file_name = models.CharField(max_length=255, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_reason = models.TextField(max_length=500, blank=True, editable=False)

    objects = VintageQuerySet.as_manager()

    # It may have many thousands of observations, all of which Wagtail would read for its index of references.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-released_on", "-imported_at"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class Observation(models.Model):
    """The value of a series for one period, as one release gave it. Never changed: a revision is another vintage."""

    vintage = ParentalKey(Vintage, on_delete=models.CASCADE, related_name="observations")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="observations")
    period_start = models.DateField()
    period_end = models.DateField()
    period_label = models.CharField(max_length=60, help_text="As readers see it, such as Jan 2018–Dec 2018.")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    lower = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True, help_text="The lower end of the 95% interval."
    )
    upper = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True, help_text="The upper end of the 95% interval."
    )
    status_flag = models.CharField(
        max_length=40, blank=True, help_text="The mark of the source where it gives no value, or a doubtful one."
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["series", "period_end", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "vintage", "period_start", "period_end"], name="one_observation_a_period_and_vintage"
            ),
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end")),
                name="observation_period_has_an_order",
                violation_error_message="A period ends after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_label}: {self.value}"


class SeriesBreak(models.Model):
    """A day from which values can't be compared with those before: of one series, or of all of an indicator."""

    key = models.SlugField(max_length=80, unique=True)
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="breaks")
    indicator = models.ForeignKey(Indicator, null=True, blank=True, on_delete=models.CASCADE, related_name="breaks")
    on = models.DateField("from")
    note = models.CharField(max_length=300, help_text="What changed, for readers.")

    panels = [
        FieldPanel("key"),
        FieldRowPanel([FieldPanel("series"), FieldPanel("indicator")]),
        FieldPanel("on"),
        FieldPanel("note"),
    ]

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = "break in a series"
        verbose_name_plural = "breaks in series"
        constraints = [
            models.CheckConstraint(
                condition=Q(series__isnull=False, indicator__isnull=True)
                | Q(series__isnull=True, indicator__isnull=False),
                name="break_of_a_series_or_an_indicator",
                violation_error_message="Choose a series or an indicator, and not both.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%d %B %Y}: {self.note}"
