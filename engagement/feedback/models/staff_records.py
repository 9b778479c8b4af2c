"""The audit log of a round, dismissed duplicates, and the files that staff exported."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from engagement.feedback.models.responses import Response
from engagement.feedback.models.rounds import FeedbackRound
from nelis.core.models.abstract import AuditEvent, NonContentModel

__all__ = ["DuplicateDismissal", "Export", "RoundEvent"]


class RoundEvent(AuditEvent):
    """One step: a round was opened, a response coded, a file exported. Names no respondent."""

    subject_field = "round"

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="events")
    response = models.ForeignKey(Response, null=True, on_delete=models.SET_NULL, related_name="events")


class DuplicateDismissal(NonContentModel):
    """A member of staff found that two responses which seemed to be of one person aren’t."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="duplicate_dismissals")
    #: The one that was sent before it.
    other = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "other"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.response} and {self.other} are not the same person’s"


class Export(NonContentModel):
    """A file of a round's answers that somebody took away: what was in it, and why, if it was personal."""

    class Shape(models.TextChoices):
        ANSWERS = "answers", "One row for each answer"
        RESPONSES = "responses", "One row for each response"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel workbook"
        JSON = "json", "JSON"

    round = models.ForeignKey(FeedbackRound, on_delete=models.CASCADE, related_name="exports")
    shape = models.CharField(max_length=9, choices=Shape.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    #: Whether it says who answered.
    is_personal = models.BooleanField(default=False)
    #: Whether it has the words that are blacked out.
    is_full = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    responses = models.PositiveIntegerField("responses in it")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: When somebody last said that what was withdrawn is out of all copies of it.
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_format_display()} of {self.at:%Y-%m-%d}"
