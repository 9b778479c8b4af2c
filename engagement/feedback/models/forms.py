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
    def schema(self) -> FormSchema:
        """What this version asks. A version never changes, so each process reads its content once."""
        schema = _schemas.get(self.content_hash)
        if schema is None:
            if len(_schemas) >= MAX_CACHED_SCHEMAS:
                _schemas.clear()
            data: dict[str, Any] = self.content
            schema = _schemas[self.content_hash] = FormSchema.from_data(data)
        return schema


#: Schemas by the hash of their content, kept for the life of the process.
_schemas: dict[str, FormSchema] = {}
MAX_CACHED_SCHEMAS = 50
