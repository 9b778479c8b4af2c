"""Files of statistics that somebody has uploaded and not approved yet."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel


class UploadedFigures(NonContentModel):
    """A file as it was uploaded, so that what is looked at is what is approved. Deleted then, or after some days.

    ``choices`` is what whoever uploaded it answered: the indicators by what the file calls them, the area, the period.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    choices = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "uploaded figures"

    def __str__(self) -> str:
        return self.file_name
