"""What came of a round, told: mails to those who asked to hear, and wrong references that were tried."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from engagement.feedback.models.responses import Response
from engagement.feedback.models.rounds import FeedbackRound
from engagement.post.models import Outgoing
from nelis.core.models.records import Bookkeeping

__all__ = ["OutcomeMail", "WrongReference"]


class OutcomeMail(Outgoing):
    """What came of a round, to one of those who asked to hear. The ledger: one mail to an address, and no second.

    Holds no address: that is looked up with the respondent at the moment of sending.
    """

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="outcome_mails")
    #: By whose respondent it was asked for.
    answered = models.ForeignKey(Response, null=True, on_delete=models.SET_NULL, related_name="outcome_mails")
    address_hash = models.CharField(max_length=64, db_index=True)

    class Meta(Outgoing.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "address_hash"], name="told_once")]
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["state", "due_at"], condition=Q(state__in=Outgoing.OPEN), name="outcome_mail_open"),
        ]


class WrongReference(Bookkeeping):
    """Somebody entered a reference that no answers have. Kept for some days, to stop those who try many."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    #: Of the network it came from, keyed; empty where that isn't known.
    network_hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"A wrong reference, {self.at:%Y-%m-%d %H:%M}"
