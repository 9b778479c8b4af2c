"""The code frame, codes and redactions on spans of text, and who has finished coding what.

Nothing here copies a word. A span says where in which answer, so that what is withdrawn is gone everywhere.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from engagement.feedback.models.responses import Response
from engagement.feedback.models.rounds import FeedbackRound
from nelis.core.models.abstract import NonContentModel

__all__ = ["Adjudication", "Code", "Coding", "CompletedCoding", "Redaction", "Span"]


class Code(NonContentModel):
    """A code of a round's code frame: what somebody talks about."""

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="codes")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True, help_text="What belongs here and what doesn’t.")
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="code_name_once")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a parent in another round, or below itself."""
        super().clean()
        above = self.parent
        if above and above.round_id != self.round_id:
            raise ValidationError({"parent": "That code belongs to another round."})
        while above is not None:
            if above.pk and above.pk == self.pk:
                raise ValidationError({"parent": "A code can’t stand below itself."})
            above = above.parent


class Span(models.Model):
    """A stretch of one text of a response."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="%(class)ss")
    #: The key of a question, or for a proposition its key and the part, such as ``p12-comment``: see ``places.py``.
    anchor = models.CharField(max_length=60)
    #: In characters from the beginning; ``end`` is the first that no longer belongs to it.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Coding(Span, NonContentModel):
    """A code that one member of staff gave to a stretch of an answer."""

    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="codings")

    class Meta:
        ordering = ["anchor", "start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="coding_has_length"),
            models.UniqueConstraint(fields=["response", "anchor", "start", "end", "code", "by"], name="coding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.response}"


class Redaction(Span):
    """A stretch that nobody sees any more outside the record itself, and why.

    No mere bookkeeping: pages that quote the answer are made anew with it.
    """

    class Reason(models.TextChoices):
        PERSONAL = "personal", "Says who somebody is"
        CONFIDENTIAL = "confidential", "Confidential"
        ABUSIVE = "abusive", "Abusive"
        UNLAWFUL = "unlawful", "May not be published by law"

    reason = models.CharField(max_length=12, choices=Reason.choices)

    class Meta:
        ordering = ["anchor", "start", "pk"]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="redaction_has_length")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.response}"


class CompletedCoding(NonContentModel):
    """A member of staff has finished coding a response."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="completed_codings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["response", "by"], name="read_once_by_each")]

    def __str__(self) -> str:
        return f"{self.response}, read by {self.by}"


class Adjudication(NonContentModel):
    """The decision on a code of a response about which two coders disagreed."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="adjudications")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+")
    applies = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "code"], name="settled_once")]

    def __str__(self) -> str:
        return f"{self.code} on {self.response}: {'yes' if self.applies else 'no'}"
