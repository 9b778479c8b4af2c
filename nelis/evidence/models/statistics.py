"""Statistics: one number, or one known absence of a number, with its area and source."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
)

from nelis.core.models.workflow import ReviewedMixin
from nelis.core.text import SearchText
from nelis.evidence import figures, validation
from nelis.evidence.models.series_points import latest_observations
from nelis.evidence.paths import figure_path

#: What a series fills in of a figure that is its latest observation.
FIELDS_FROM_SERIES = (
    *("value", "low", "high", "qualifier", "unit", "display_text", "period_text", "period_start", "period_end"),
    *("geography", "source", "page_ref", "status"),
)


class GeoArea(ClusterableModel):
    """An area that a figure describes: an official one, one built from others, or a loose wording."""

    code = models.SlugField(
        max_length=40,
        unique=True,
        help_text="The official (GSS) code where there is one; otherwise a code of our own.",
    )
    name = models.CharField(max_length=120, help_text="As readers see it beside a figure.")
    kind = models.CharField(max_length=60, blank=True)
    is_derived = models.BooleanField("built by us from other areas", default=False)
    derivation = models.CharField(
        max_length=300,
        blank=True,
        help_text="How it is built, or what a source’s loose wording may cover.",
    )

    panels = [
        FieldPanel("code"),
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("is_derived"),
        FieldPanel("derivation"),
        InlinePanel("other_codes", label="Other code", heading="Other codes of the same area"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = "area"

    def __str__(self) -> str:
        return self.name


class AreaCode(models.Model):
    """Another code for the same area: an older one, or one of another body with the same bounds."""

    area = ParentalKey(GeoArea, on_delete=models.CASCADE, related_name="other_codes")
    code = models.SlugField(max_length=40, unique=True)
    note = models.CharField(max_length=200, blank=True, help_text="Whose code it is, and why it is the same area.")

    panels = [FieldPanel("code"), FieldPanel("note")]

    class Meta:
        ordering = ["code"]
        verbose_name = "other code of an area"
        verbose_name_plural = "other codes of areas"

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        super().clean()
        if GeoArea.objects.filter(code=self.code).exists():
            raise ValidationError({"code": "This is the own code of an area."})


class Statistic(ReviewedMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A figure as a source gives it. Pages show it live: a correction here changes every page.

    A statistic is never averaged or completed. Where a source leaves a hole, the statistic is
    ``missing`` and says so. Where sources disagree, the rivals share a ``fact_key``, are all
    ``disputed``, and are shown together.
    """

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        DISPUTED = "disputed", "Disputed"
        MISSING = "missing", "Not held"
        SUPERSEDED = "superseded", "Superseded"

    class Qualifier(models.TextChoices):
        EXACT = "exact", "exactly"
        OVER = "over", "over"
        UP_TO = "up_to", "up to"
        ABOUT = "about", "about"
        RANGE = "range", "between two values"
        RANK = "rank", "a rank (1st, 2nd)"
        ONE_IN = "one_in", "one in so many"
        NAMED = "named", "in words, not a number"

    Unit = figures.Unit

    key = models.SlugField(max_length=60, unique=True, help_text="Short and permanent, such as F03.")
    fact_key = models.SlugField(
        max_length=60,
        blank=True,
        db_index=True,
        help_text="The same on all figures that rival each other for one fact, such as iamp-jobs.",
    )
    label = models.CharField(max_length=200, help_text="What is counted, as it reads after the number.")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    qualifier = models.CharField(max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT)
    unit = models.CharField(max_length=20, choices=Unit.choices, default=Unit.NUMBER)
    whole = models.DecimalField(
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="What the figure is a share of, for its bar. A percentage is a share of 100.",
    )
    display_text = models.CharField(
        max_length=60,
        blank=True,
        help_text="Only for figures in words, such as “Europe’s largest”.",
    )
    period_text = models.CharField(
        "period", max_length=120, blank=True, help_text="Leave empty if the source doesn’t say."
    )
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    geography = models.ForeignKey(GeoArea, on_delete=models.PROTECT, related_name="statistics")
    source = models.ForeignKey("evidence.Source", null=True, on_delete=models.PROTECT, related_name="statistics")
    page_ref = models.CharField("part of the source", max_length=200, blank=True)
    series = models.ForeignKey(
        "evidence.Series",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statistics",
        help_text="The figure is then the latest of this series, and changes with each release.",
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CONFIRMED, db_index=True)
    note = models.TextField(max_length=500, blank=True, help_text="A caveat, shown with the figure.")

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("label"),
                FieldPanel(
                    "status",
                    help_text="“Disputed” needs a fact key that its rivals share. “Not held” needs every value empty.",
                ),
                FieldRowPanel(
                    [
                        FieldPanel("qualifier", help_text="How exact the source is."),
                        FieldPanel("unit", help_text="What the number counts in. The label says of what."),
                    ]
                ),
                FieldRowPanel(
                    [
                        FieldPanel(
                            "value", help_text="The number alone. Empty for a range, for words and for what isn’t held."
                        ),
                        FieldPanel("low", help_text="Only for a range."),
                        FieldPanel("high", help_text="Only for a range."),
                    ]
                ),
                FieldRowPanel([FieldPanel("whole"), FieldPanel("display_text")]),
            ],
            "Figure",
        ),
        MultiFieldPanel(
            [
                FieldPanel("period_text"),
                FieldRowPanel(
                    [
                        FieldPanel("period_start", help_text="Only if the source gives it."),
                        FieldPanel(
                            "period_end",
                            help_text="Only if the source gives it. Progress towards a target is measured at this day.",
                        ),
                    ]
                ),
                FieldPanel("geography", help_text="The area as the source words it, never wider or narrower."),
            ],
            "When and where",
        ),
        MultiFieldPanel(
            [
                FieldPanel("source", help_text="A draft can wait for its source; nothing is published without one."),
                FieldPanel("page_ref", help_text="The slide, page or section, so that somebody else finds it."),
                FieldPanel("note"),
            ],
            "Source",
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "series", help_text="Value, period, area and source then come from it, whatever is entered above."
                )
            ],
            "The latest of a series",
        ),
        MultiFieldPanel([FieldPanel("key"), FieldPanel("fact_key")], "Keys"),
    ]

    permanent_fields = ("key",)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="missing")
                | Q(value__isnull=True, low__isnull=True, high__isnull=True, display_text=""),
                name="missing_statistic_has_no_value",
            ),
            models.CheckConstraint(
                condition=Q(live=False) | Q(source__isnull=False),
                name="live_statistic_has_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.figure.text} {self.label}"

    @property
    def fields_from_series(self) -> tuple[str, ...]:
        """The fields that its series fills in; none for a figure typed from a document."""
        return FIELDS_FROM_SERIES if self.series_id else ()

    def fill_from_series(self) -> None:
        """Take value, period, area and source from the latest observation that has a value; nothing without a series.

        Two queries, three for a derived series.
        """
        if not self.series:
            return
        series = self.series
        held = [(point, point.value) for point in latest_observations(series) if point.value is not None]
        self.low = self.high = None
        self.display_text, self.qualifier = "", self.Qualifier.EXACT
        self.unit, self.geography = series.indicator.unit, series.area
        if not held:
            self.status, self.value, self.source = self.Status.MISSING, None, series.source
            self.period_text, self.period_start, self.period_end, self.page_ref = "", None, None, ""
            return
        latest, value = held[-1]
        if self.is_missing:
            self.status = self.Status.CONFIRMED
        self.value = round(value, series.indicator.decimals)
        self.period_text, self.period_start, self.period_end = latest.period_label, *latest.period
        self.source, self.page_ref = latest.vintage.source, latest.vintage.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; as a draft that is published may be older than the series is, filled from it once more."""
        if kwargs.get("update_fields") is None:
            self.fill_from_series()
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """Check each field; those that a series fills in are filled first."""
        self.fill_from_series()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        errors = validation.statistic_errors(self)
        if errors:
            raise ValidationError(errors)

    @property
    def figure(self) -> figures.Figure:
        """The value composed for display."""
        return figures.format_figure(self)

    @property
    def is_missing(self) -> bool:
        return self.status == self.Status.MISSING

    @property
    def is_disputed(self) -> bool:
        return self.status == self.Status.DISPUTED

    @cached_property
    def rivals(self) -> list["Statistic"]:
        """The other live figures disputed for its fact. For many at once, see ``attach_rivals``."""
        self.attach_rivals([self])
        return self.__dict__["rivals"]

    @property
    def with_rivals(self) -> list["Statistic"]:
        """The figure and its rivals, by key; the figure alone when it has none."""
        return sorted([self, *self.rivals], key=lambda statistic: statistic.key)

    @classmethod
    def attach_rivals(cls, statistics: Iterable["Statistic"], among: Iterable["Statistic"] | None = None) -> None:
        """Give each of ``statistics`` a list ``rivals``: the other live figures disputed for its fact.

        One query, or none when nothing is disputed, or when ``among`` gives all live figures.
        """
        statistics = list(statistics)
        keys = {statistic.fact_key for statistic in statistics if statistic.is_disputed and statistic.fact_key}
        candidates: list[Statistic] = []
        if among is not None:
            candidates = [other for other in among if other.is_disputed and other.fact_key in keys]
        elif keys:
            disputed = cls.objects.filter(live=True, status="disputed", fact_key__in=keys)
            candidates = list(disputed.select_related("source", "geography"))
        for statistic in statistics:
            statistic.rivals = [
                other
                for other in candidates
                if statistic.is_disputed and other.fact_key == statistic.fact_key and other.pk != statistic.pk
            ]

    #: The kind of change entry for a change of substance.
    change_kind = "figure"

    def change_log_facts(self) -> dict[str, str]:
        """What readers are told of when it changes: each fact under its name."""
        return {
            "Figure": f"{self.figure.text} {self.label}",
            "Status": self.get_status_display(),
            "Period": self.period_text,
            "Area": self.geography.name,
            "Source": " ".join(filter(None, [self.source.title if self.source else "", self.page_ref])),
            "Note": self.note,
        }

    def get_absolute_url(self) -> str:
        """Its own page, which stays, whatever else shows it."""
        return figure_path(self.key)

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Figure",
            ref=self.key,
            title=f"{self.figure.text} {self.label}",
            summary=self.note,
            body=" ".join(filter(None, [self.period_text, self.geography.name, self.source and self.source.title])),
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/statistic.html"


class PageStatistic(Orderable):
    """A statistic that a page shows among its headline figures, in the order given."""

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="statistic_links")
    statistic = models.ForeignKey(Statistic, on_delete=models.PROTECT, related_name="page_links")

    panels = [FieldPanel("statistic")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "statistic"], name="page_statistic_once")]
