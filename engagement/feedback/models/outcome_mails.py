"""Emails about what came of a round, to those who asked to hear; and wrong references that were tried."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Length
from django.utils import timezone

from engagement.feedback.models.responses import Response
from engagement.feedback.models.rounds import FeedbackRound
from engagement.mail.models import OutgoingEmail
from nelis.core.models.abstract import NonContentModel

__all__ = ["OutcomeMail", "WrongCode"]


class OutcomeMailQuerySet(models.QuerySet["OutcomeMail"]):
    """Emails about outcomes, and how they are anonymised."""

    def detach_responses(self, responses: Iterable[Response]) -> int:
        """Detach the emails from the responses that asked for them. One statement.

        The hash of the address stays for now: each is told once, and who reports an email is not written to again.
        """
        return self.filter(answered__in=responses).update(answered=None)

    def identifiable(self) -> "OutcomeMailQuerySet":
        """Those that can still be traced to a response, or to an address."""
        return self.annotate(size=Length("address_hash")).filter(Q(answered__isnull=False) | Q(size=HASH_LENGTH))

    def anonymise(self) -> int:
        """Remove the response and the address: from then on a row says that somebody was told. One statement."""
        # A value that no two rows have, and no address either.
        return self.update(answered=None, address_hash=Cast(F("uuid"), models.CharField()))


#: So long is the hash of an address, and nothing that stands in its place.
HASH_LENGTH = 64


class OutcomeMail(OutgoingEmail):
    """The email about what came of a round to one of those who asked to hear: one to an address, and no second.

    Holds no address: that is looked up with the respondent at the moment of sending.
    """

    objects = OutcomeMailQuerySet.as_manager()

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="outcome_mails")
    #: By whose respondent it was asked for.
    answered = models.ForeignKey(Response, null=True, on_delete=models.SET_NULL, related_name="outcome_mails")
    address_hash = models.CharField(max_length=64, db_index=True)

    class Meta(OutgoingEmail.Meta):
        ordering = ["pk"]
        constraints = [
            *OutgoingEmail.Meta.constraints,
            models.UniqueConstraint(fields=["round", "address_hash"], name="told_once"),
        ]

    @property
    def is_anonymised(self) -> bool:
        """Whether nothing in it says any more to which address it went."""
        return len(self.address_hash) != HASH_LENGTH


class WrongCode(NonContentModel):
    """Somebody entered a reference or a room's code that there isn't. Kept some days, to stop those who try many."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    #: Of the network it came from and what was asked for, keyed; empty where the network isn't known.
    network_hash = models.CharField(max_length=64, blank=True)
    #: Of what was typed, keyed, where trying the same again is no other guess.
    typed_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["network_hash", "at"], name="wrong_code_network")]

    def __str__(self) -> str:
        return f"A wrong code, {self.at:%Y-%m-%d %H:%M}"
