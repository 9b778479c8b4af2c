"""Mails that somebody waits for, such as a confirmation. They never wait behind a bulletin."""

from django.db import models
from django.db.models import Q

from engagement.post.models.outgoing import Outgoing

__all__ = ["ServiceMail"]


class ServiceMail(Outgoing):
    """One such mail. What it says is made when it is sent, by the composer registered for its ``kind``."""

    #: Which composer makes it; see ``engagement.post.service``.
    kind = models.CharField(max_length=40)
    #: Emptied some time after it is settled: the account of what was sent needs no address.
    address = models.EmailField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, db_index=True)
    #: What it is about, in the words of its composer: the key of a row, say.
    about = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta(Outgoing.Meta):
        # Nearly all rows are settled: looking for what is due passes over the few that aren't.
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["state", "due_at"], condition=Q(state__in=Outgoing.OPEN), name="service_mail_open"),
        ]
        ordering = ["-pk"]
