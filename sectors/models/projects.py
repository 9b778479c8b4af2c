"""Projects, sites, programmes and facilities."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from nelis.evidence.models import EvidencedIndexPage
from sectors.models.links import StrategyPage


class ProjectKind(models.TextChoices):
    """What sort of thing a project is."""

    SITE = "site", "Site"
    FACILITY = "facility", "Facility"
    PROGRAMME = "programme", "Programme"
    SERVICE = "service", "Service or initiative"
    PLAN = "plan", "Plan"
    UNKNOWN = "unknown", "Not stated by a source"


class ProjectStatus(models.TextChoices):
    """How far a project has come, in order."""

    NAMED = "named", "Named only"
    PROPOSED = "proposed", "Proposed"
    SEEKING = "seeking_funds", "Seeking funds"
    DEVELOPING = "in_development", "In development"
    IN_PLACE = "in_place", "In place"


#: The steps of the progress line; a project that is only named stands before the first.
PROJECT_STEPS = [status for status in ProjectStatus if status is not ProjectStatus.NAMED]


class ProjectPage(StrategyPage):
    """A site, facility, programme, service or plan that the strategy builds on or proposes."""

    project_kind = models.CharField("kind", max_length=12, choices=ProjectKind.choices)
    status = models.CharField(max_length=16, choices=ProjectStatus.choices, default=ProjectStatus.PROPOSED)
    status_note = models.CharField(
        max_length=300, blank=True, help_text="What the status rests on, if a source doesn’t say it."
    )
    expected = models.CharField(max_length=80, blank=True, help_text="When it is expected, such as “on site by 2020”.")
    place = models.ForeignKey(
        "sectors.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="projects"
    )
    also_called = models.CharField(max_length=200, blank=True, help_text="Other names, with commas between.")

    kind = "Project"
    template = "pages/project.html"
    parent_page_types = ["sectors.ProjectIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A site, facility, programme, service or plan."

    project_panels = [
        FieldRowPanel(
            [
                FieldPanel("project_kind", help_text="What sort of thing it is."),
                FieldPanel("status", help_text="By what a source says; “named only” if it says nothing more."),
            ]
        ),
        FieldPanel("status_note"),
        FieldPanel("expected"),
        FieldPanel("place", help_text="Add it to the directory first if it isn’t there."),
        FieldPanel("also_called"),
    ]
    extra_tabs = [
        ("Project", project_panels),
        *StrategyPage.link_tabs,
    ]

    class Meta:
        verbose_name = "project"

    @property
    def status_number(self) -> int:
        """How many steps of the progress line are reached; 0 when it is only named, and for a draft without status."""
        return next((number for number, step in enumerate(PROJECT_STEPS, 1) if step == self.status), 0)

    def search_parts(self) -> Iterable[Any]:
        return (self.also_called, self.expected, self.place and self.place.name)


class ProjectIndexPage(EvidencedIndexPage):
    """All projects, filtered by kind, status and sector."""

    template = "pages/project_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["sectors.ProjectPage"]
    page_description = "Lists and filters the projects. One for the whole site."

    class Meta:
        verbose_name = "list of projects"
