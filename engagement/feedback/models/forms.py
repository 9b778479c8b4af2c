"""The form as it was put to people: frozen when the round opens, and again whenever it is changed after that."""

from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone

from engagement.feedback.models.rounds import FeedbackRound
from engagement.feedback.schema import FormSchema
from nelis.core.models.abstract import AppendOnlyModel, NonContentModel

__all__ = ["FormVersion"]


class FormVersion(AppendOnlyModel, NonContentModel):
    """One version of a round's form. Every answer names the version it was given to."""

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="forms")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["round", "number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="form_version_number_once")]

    def __str__(self) -> str:
        return f"{self.round}, form {self.number}"

    @cached_property
    def form(self) -> FormSchema:
        """What it asks. A form never changes, so each process reads it once, however many answer it."""
        found = _read.get(self.content_hash)
        if found is None:
            if len(_read) >= MAX_CACHED_SCHEMAS:
                _read.clear()
            data: dict[str, Any] = self.content
            found = _read[self.content_hash] = FormSchema.from_data(data)
        return found


#: Forms by the hash of their content, and how many are kept in a process.
_read: dict[str, FormSchema] = {}
MAX_CACHED_SCHEMAS = 50
