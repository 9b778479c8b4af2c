"""What the wall of a room shows at the moment, and the quotes that the facilitator approved for it."""

from django.db import models
from django.db.models import F, Q

from engagement.feedback.models.coding import Span
from engagement.feedback.models.rounds import RoundSession
from nelis.core.models.abstract import NonContentModel

__all__ = ["Approval", "Wall"]


class Wall(NonContentModel):
    """The wall of one session's room."""

    session = models.OneToOneField(RoundSession, on_delete=models.CASCADE, related_name="wall")
    #: The key of the question, or of the rated proposition, that stands there; nothing while people are invited.
    question = models.CharField(max_length=60, blank=True)
    shows_results = models.BooleanField(default=False)
    #: What is shown of each question: rounded, without small numbers, and behind what is known by now. See ``wall.py``.
    steps = models.JSONField(default=dict, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["session"]

    def __str__(self) -> str:
        return f"Wall of {self.session}"


class Approval(Span, NonContentModel):
    """A text of a response that stands on the wall, until it is changed."""

    #: SHA-256 of the words as they were approved: they can be changed until the round closes.
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="approval_has_length"),
            models.UniqueConstraint(fields=["response", "anchor"], name="approved_once"),
        ]

    def __str__(self) -> str:
        return f"Words of {self.response}"
