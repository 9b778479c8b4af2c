"""What people can choose to hear about."""

from django.db import models
from wagtail.admin.panels import FieldPanel, PageChooserPanel

__all__ = ["Topic"]


class Topic(models.Model):
    """One thing to hear about. Topics follow the strategy: each may stand for a page and what is tied to it."""

    class Group(models.TextChoices):
        WHOLE = "whole", "Everything"
        SECTOR = "sector", "Sectors"
        CHALLENGE = "challenge", "Grand Challenges"
        PROGRESS = "progress", "Progress and events"
        PROPOSITION = "proposition", "Single propositions"

    slug = models.SlugField(max_length=60, unique=True, help_text="Permanent, such as advanced-manufacturing.")
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=12, choices=Group.choices)
    hint = models.CharField(max_length=200, blank=True, help_text="One sentence under the name, if it needs one.")
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What it is about. Changes to this page, below it and tied to it are news for this topic.",
    )
    order = models.PositiveSmallIntegerField(default=100)
    is_open = models.BooleanField(
        "can be chosen", default=True, help_text="Take the tick away to offer it to nobody new."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("group"),
        FieldPanel("hint"),
        PageChooserPanel("page"),
        FieldPanel("order"),
        FieldPanel("is_open"),
    ]

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_everything(self) -> bool:
        """Whether every change is news for this topic."""
        return self.group == self.Group.WHOLE
