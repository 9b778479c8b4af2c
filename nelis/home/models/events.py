"""Events, their sessions and the questions discussed there."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as date_format
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.models import Orderable

from nelis.evidence.models import EvidencedIndexPage, EvidencedPage

__all__ = ["EventIndexPage", "EventPage", "EventSession", "SessionQuestions"]

ENDS_NEXT_DAY = "One before the start is on the next day: the event ends after midnight."


class EventPage(EvidencedPage):
    """A gathering: when, where, who came, what was discussed."""

    date = models.DateField("first day")
    end_date = models.DateField("last day", null=True, blank=True)
    start_time = models.TimeField(null=True, blank=True, help_text="Leave empty if not held.")
    end_time = models.TimeField(null=True, blank=True)
    date_precision = models.CharField(
        max_length=8,
        choices=[("day", "to the day"), ("range", "within a range: not sure")],
        default="day",
        help_text="A date that isn’t known to the day is never put into a calendar.",
    )
    date_text = models.CharField(
        max_length=80, blank=True, help_text="How to say the date when it isn’t known to the day."
    )
    venue = models.CharField(max_length=200, blank=True, help_text="Leave empty if not held.")
    attendance = models.ForeignKey(
        "evidence.Statistic", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    kind = "Event"
    template = "pages/event.html"
    parent_page_types = ["home.EventIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A gathering with its sessions, papers and questions."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("date"), FieldPanel("end_date")]),
                FieldRowPanel([FieldPanel("start_time"), FieldPanel("end_time", help_text=ENDS_NEXT_DAY)]),
                FieldRowPanel([FieldPanel("date_precision"), FieldPanel("date_text")]),
                FieldPanel("venue"),
                FieldPanel("attendance"),
            ],
            "When and where",
        ),
        InlinePanel("sessions", label="Session", heading="Sessions"),
        InlinePanel("question_sets", label="Question set", heading="Questions discussed"),
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "event"

    def clean(self) -> None:
        super().clean()
        if self.end_date and self.date is not None and self.end_date < self.date:
            raise ValidationError({"end_date": "The last day is before the first."})

    @property
    def when(self) -> str:
        """The date in words, no more exactly than it is known."""
        if self.date_precision != "day":
            return self.date_text or "Date not held"
        if self.end_date and self.end_date != self.date:
            return f"{date_format(self.date, 'j F Y')} to {date_format(self.end_date, 'j F Y')}"
        return date_format(self.date, "j F Y")

    @property
    def ends_after_midnight(self) -> bool:
        """Whether it begins and ends on one day by its dates, and ends earlier than it begins by its times."""
        if self.start_time is None or self.end_time is None:
            return False
        return self.end_date in (None, self.date) and self.end_time < self.start_time

    @property
    def last_day(self) -> Any:
        """The day on which it ends."""
        return self.date + timedelta(days=1) if self.ends_after_midnight else self.end_date or self.date

    @property
    def is_past(self) -> bool:
        return self.last_day < timezone.localdate()

    def search_parts(self) -> Iterable[Any]:
        return (
            self.venue,
            self.date_text,
            *(f"{session.title} {session.text}" for session in self.sessions.all()),
        )

    def search_related_objects(self) -> Iterable[Any]:
        questions = [
            question
            for link in self.question_sets.select_related("question_set")
            for question in link.question_set.questions.all()
        ]
        return [*super().search_related_objects(), *questions]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        sessions = list(self.sessions.select_related("about", "paper", "deck").order_by("sort_order"))
        links = self.question_sets.select_related("question_set").prefetch_related("question_set__questions")
        context["sessions"] = sessions
        context["question_sets"] = [link.question_set for link in links]
        attendance = self.attendance
        context["attendance"] = attendance if attendance and attendance.live else None
        # The papers of its sessions are among its sources: their names link there.
        listed = {source.pk for source in context["sources"]}
        papers = {session.paper_id: session.paper for session in sessions if session.paper and session.paper.live}
        context["sources"] += [paper for pk, paper in papers.items() if pk not in listed]
        context["sections"] = [
            {"id": fragment, "title": title}
            for fragment, title, there in (
                ("what", "About the event", self.body),
                ("in-figures", "In figures", context["statistics"]),
                ("sessions", "Sessions", sessions),
                ("questions", "Questions discussed", context["question_sets"]),
            )
            if there
        ]
        return context

    def json_ld(self, request: Any = None) -> dict[str, Any]:
        data = super().json_ld(request)
        if self.date_precision == "day":
            data |= {
                "@type": "Event",
                "startDate": str(self.date),
                "endDate": str(self.last_day),
            }
        return data


class EventSession(Orderable, ClusterableModel):
    """One session of an event, with its theme and its slides."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=160)
    text = models.CharField(max_length=400, blank=True)
    about = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The sector or page it was about.",
    )
    paper = models.ForeignKey(
        "evidence.Source",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Its slides or paper, in the list of sources.",
    )
    deck = models.ForeignKey("core.SiteDocument", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        PageChooserPanel("about"),
        FieldPanel("paper"),
        FieldPanel("deck"),
    ]

    def __str__(self) -> str:
        return self.title


class SessionQuestions(Orderable):
    """A set of questions that an event put to its participants."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="question_sets")
    question_set = models.ForeignKey("feedback.QuestionSet", on_delete=models.PROTECT, related_name="+")

    panels = [FieldPanel("question_set")]


class EventIndexPage(EvidencedIndexPage):
    """Events ahead, then events past."""

    kind = "List"
    template = "pages/event_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.EventPage"]
    max_count = 1
    page_description = "Lists the events. One for the whole site."

    class Meta:
        verbose_name = "list of events"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        events = list(EventPage.objects.child_of(self).live().order_by("date"))
        context["ahead"] = [event for event in events if not event.is_past]
        context["past"] = [event for event in reversed(events) if event.is_past]
        return context
