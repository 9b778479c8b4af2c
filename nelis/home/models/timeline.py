"""What happened and what is planned, as exactly as it is known and no more so."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateformat import format as date_format
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from nelis.core.listing import Facet, Option, Row, build_listing
from nelis.core.models import IndexPage
from nelis.core.models.workflow import ReviewedMixin
from nelis.core.search.urls import public_pages
from nelis.core.text import SearchText
from nelis.evidence.models import EvidencedPage
from nelis.home.models.next_steps import Step
from nelis.home.timeline_axis import build_axis, drawn_span, sort_events
from sectors.models import Confidence

__all__ = ["TimelineEvent", "TimelinePage"]


class TimelineEvent(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """Something that happened, went on for a while, or is planned.

    ``start`` and ``end`` bound the window in which it may have happened; ``best_estimate`` says in
    words when it most likely did. A low confidence is drawn as a range, never as a day.
    """

    class Track(models.TextChoices):
        GOVERNANCE = "governance", "Governance"
        EVIDENCE = "evidence", "Evidence"
        ENGAGEMENT = "engagement", "Engagement"
        OTHER = "other", "Other"

    class Kind(models.TextChoices):
        MILESTONE = "milestone", "Happened once"
        BAR = "bar", "Went on for a while"

    class Precision(models.TextChoices):
        DAY = "day", "to the day"
        MONTH = "month", "to the month"
        QUARTER = "quarter", "to the quarter"
        RANGE = "range", "within a range"

    class Status(models.TextChoices):
        HAPPENED = "happened", "Happened"
        PLANNED = "planned", "Planned"
        SLIPPED = "slipped", "Slipped"

    ref = models.CharField("reference", max_length=6, unique=True)
    track = models.CharField(max_length=12, choices=Track.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MILESTONE)
    title = models.CharField(max_length=200)
    best_estimate = models.CharField("most likely", max_length=80)
    start = models.DateField("earliest", null=True, blank=True)
    end = models.DateField("latest", null=True, blank=True)
    precision = models.CharField(max_length=8, choices=Precision.choices)
    confidence = models.CharField(max_length=8, choices=Confidence.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.HAPPENED)
    note = models.CharField(max_length=400, blank=True, help_text="Why we think so.")
    related_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.ForeignKey("evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    other_source = models.ForeignKey(
        "evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sort_order = models.PositiveIntegerField(default=0)

    panels = [
        FieldPanel("title"),
        FieldRowPanel(
            [
                FieldPanel("ref"),
                FieldPanel("track", help_text="The line of the timeline it stands on."),
                FieldPanel("kind", help_text="A point, or a stretch of time."),
            ]
        ),
        MultiFieldPanel(
            [
                FieldPanel("best_estimate", help_text="In words, such as “autumn 2018”."),
                FieldRowPanel(
                    [
                        FieldPanel("start", help_text="The first day on which it may have happened."),
                        FieldPanel("end", help_text="The last day on which it may have happened."),
                    ]
                ),
                FieldRowPanel(
                    [
                        FieldPanel("precision", help_text="How exactly the source dates it."),
                        FieldPanel(
                            "confidence", help_text="Anything less than high is drawn as a span, never as a day."
                        ),
                    ]
                ),
                FieldPanel("note"),
            ],
            "When, and how sure",
        ),
        FieldPanel("status"),
        PageChooserPanel("related_page"),
        FieldPanel("source"),
        FieldPanel("other_source", help_text="A second one that says the same, if there is one."),
        FieldPanel("sort_order", help_text="Lower numbers come first."),
    ]

    class Meta:
        ordering = ["sort_order", "start"]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def clean(self) -> None:
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": "The latest date is before the earliest."})
        if self.confidence == Confidence.LOW and self.precision == self.Precision.DAY:
            raise ValidationError({"precision": "With low confidence a day can’t be given. Choose a range."})

    @property
    def anchor(self) -> str:
        return self.ref

    @property
    def sources(self) -> list[Any]:
        """Its published sources, in order."""
        return [source for source in (self.source, self.other_source) if source and source.live]

    @property
    def is_certain(self) -> bool:
        """Whether its date may be drawn as a point: known as such, and with high confidence."""
        return (
            self.kind == self.Kind.MILESTONE
            and self.precision != self.Precision.RANGE
            and self.confidence == Confidence.HIGH
        )

    @property
    def drawn_as(self) -> str:
        """The kind of line: bar for what went on, certain for a known date, range for the rest."""
        if self.kind == self.Kind.BAR:
            return "bar"
        return "certain" if self.is_certain else "range"

    @property
    def drawn_start(self) -> date | None:
        return drawn_span(self)[0] if self.start else None

    @property
    def drawn_end(self) -> date | None:
        return drawn_span(self)[1] if self.start else None

    @property
    def precision_text(self) -> str:
        """How exactly it is known, in words: “Day known”, “Between May and July 2019”."""
        if not self.start:
            return "Date not held"
        if self.is_certain:
            return f"Known {self.get_precision_display()}"
        first, last = drawn_span(self)
        if (first.year, first.month) == (last.year, last.month):
            return f"In {date_format(last, 'F Y')}, we think"
        opening = "F" if first.year == last.year else "F Y"
        words = "From" if self.kind == self.Kind.BAR else "Between"
        joint = "to" if self.kind == self.Kind.BAR else "and"
        return f"{words} {date_format(first, opening)} {joint} {date_format(last, 'F Y')}"

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Timeline",
            ref=self.ref,
            title=self.title,
            summary=f"{self.best_estimate}. {self.note}",
            body=self.get_track_display(),
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/timeline_event.html"

    def get_preview_context(self, request: object, mode_name: str) -> dict[str, Any]:
        """The draft on the axis of everything published."""
        context = super().get_preview_context(request, mode_name)
        others = TimelineEvent.objects.filter(live=True).exclude(pk=self.pk)
        context["events"] = [self]
        context["axis"] = build_axis([*others, self])
        return context


class TimelinePage(EvidencedPage, IndexPage):
    """The items of a period in order, with filters by track, confidence and status.

    An item belongs to the period in which it begins, and one without a date to the earliest period.
    """

    first_day = models.DateField(
        null=True, blank=True, help_text="The first day of the period. Leave empty for everything up to its last day."
    )
    last_day = models.DateField(
        null=True, blank=True, help_text="The last day of the period. Leave empty for everything from its first day."
    )
    shows_steps = models.BooleanField(
        "show the next steps",
        default=True,
        help_text="What was announced for the time after, and what is known of it since.",
    )

    in_section = True
    kind = "Timeline"
    template = "pages/timeline.html"
    parent_page_types = ["home.StandardPage", "home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "Shows what happened and what is planned, in a period."

    content_panels = [
        *EvidencedPage.content_panels,
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")], heading="Period"),
        FieldPanel("shows_steps"),
    ]

    class Meta:
        verbose_name = "timeline page"

    def clean(self) -> None:
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "The last day is before the first."})

    @property
    def events(self) -> models.QuerySet[TimelineEvent]:
        """The published items of its period."""
        events = TimelineEvent.objects.filter(live=True)
        if self.first_day:
            events = events.filter(start__gte=self.first_day)
        if self.last_day:
            events = events.exclude(start__gt=self.last_day)
        return events

    @classmethod
    def showing(cls, event: TimelineEvent) -> "TimelinePage | None":
        """Return the first public page whose period has ``event``; None without one."""
        pages = cls.objects.filter(pk__in=public_pages().values("pk")).order_by("path")
        if event.start:
            pages = pages.exclude(first_day__gt=event.start).exclude(last_day__lt=event.start)
        else:
            pages = pages.filter(first_day=None)
        return pages.first()

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        events = list(self.events.select_related("related_page", "source", "other_source"))
        facets = [
            Facet(name, label, [Option(str(v), str(t)) for v, t in choices])
            for name, label, choices in (
                ("track", "Track", TimelineEvent.Track.choices),
                ("confidence", "How sure", Confidence.choices),
                ("status", "Status", TimelineEvent.Status.choices),
            )
        ]
        rows = [
            Row(
                event.pk,
                {
                    "track": frozenset([event.track]),
                    "confidence": frozenset([event.confidence]),
                    "status": frozenset([event.status]),
                },
            )
            for event in events
        ]
        listing = build_listing(rows, facets, request.GET, per_page=200)
        by_key = {event.pk: event for event in events}
        context["listing"] = listing
        shown = [by_key[key] for key in listing.page.object_list]
        context["axis"] = build_axis(events)
        context["periods"] = sort_events(event for event in shown if event.kind == TimelineEvent.Kind.BAR)
        context["moments"] = sort_events(event for event in shown if event.kind != TimelineEvent.Kind.BAR)
        context["steps"] = (
            list(
                Step.objects.filter(page__live=True)
                .exclude(status=Step.Status.DONE)
                .select_related("page", "known_source", "other_known_source")
                .order_by("sort_order")
            )
            if self.shows_steps
            else []
        )
        return context
