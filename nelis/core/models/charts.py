"""Drawings of charts, kept."""

from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel

__all__ = ["DrawnChart"]


class DrawnChart(NonContentModel):
    """One chart as drawn from certain data in a certain look, or waiting to be."""

    name = models.CharField(max_length=80)
    #: SHA-256 of what it is drawn from.
    fingerprint = models.CharField(max_length=64)
    wide_spec = models.JSONField()
    narrow_spec = models.JSONField()
    wide = models.TextField(blank=True)
    narrow = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    drawn_at = models.DateTimeField(null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["name", "fingerprint"], name="one_drawing_of_the_same")]

    def __str__(self) -> str:
        return f"{self.name}, {self.requested_at:%Y-%m-%d}"
