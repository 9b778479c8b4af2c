"""Places that figures are about."""

from django.db import models
from wagtail.admin.panels import FieldPanel

__all__ = ["GeoArea"]


class GeoArea(models.Model):
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
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = "area"

    def __str__(self) -> str:
        return self.name
