"""Mails that somebody waits for, such as a confirmation. They never wait behind a bulletin."""

from django.db import models
from django.db.models import Q

from engagement.mail.models.outgoing import OutgoingEmail

__all__ = ["TransactionalEmail"]


class TransactionalEmail(OutgoingEmail):
    """One such mail. What it says is made when it is sent, by the composer registered for its ``kind``."""

    #: Which composer makes it; see ``engagement.mail.transactional``.
    kind = models.CharField(max_length=40)
    #: Emptied some time after it is settled: the account of what was sent needs no address.
    address = models.EmailField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, db_index=True)
    #: What it is about, in the words of its composer: the key of a row, say.
    object_id = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta(OutgoingEmail.Meta):
        # Nearly all rows are settled: looking for what is due passes over the few that aren't.
        indexes = [
            *OutgoingEmail.Meta.indexes,
            models.Index(
                fields=["state", "due_at"], condition=Q(state__in=OutgoingEmail.OPEN), name="transactional_email_open"
            ),
        ]
        ordering = ["-pk"]
