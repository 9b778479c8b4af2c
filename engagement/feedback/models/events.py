"""Who did what with a round and with its answers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from engagement.feedback.models.responses import Response
from engagement.feedback.models.rounds import FeedbackRound
from nelis.core.models.abstract import AppendOnlyModel, NonContentModel

__all__ = ["RoundEvent"]


class RoundEvent(AppendOnlyModel, NonContentModel):
    """One step: a round opened, an answer coded, a file exported. Names no respondent."""

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="events")
    response = models.ForeignKey(Response, null=True, on_delete=models.SET_NULL, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    #: Nobody, where the site did it by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: A word from a fixed list, such as ``opened``.
    action = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action}, {self.round}"

    @classmethod
    def write(
        cls,
        feedback_round: FeedbackRound,
        action: str,
        by: Any = None,
        note: str = "",
        response: Response | None = None,
    ) -> "RoundEvent":
        """Add a step, in the caller's transaction."""
        return cls.objects.create(round=feedback_round, response=response, action=action, by=by, note=note[:300])
