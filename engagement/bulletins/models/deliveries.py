"""The ledger of bulletins: one row for each recipient."""

from django.db import models
from django.db.models import Q

from engagement.bulletins.models.bulletins import Bulletin
from engagement.mail.models import OutgoingEmail
from engagement.mailing_list.models import Subscription

__all__ = ["Delivery"]


class Delivery(OutgoingEmail):
    """One bulletin to one recipient. Holds no address: the account stays when the person is erased."""

    #: No index of its own: the two below begin with it, and every index makes a long list take longer to write.
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    #: Gone once the person has left and their row has been deleted. The database doesn't check it: that would be half
    #: of the time that a list of 100,000 takes, and a mail whose subscription isn't there is never sent.
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.SET_NULL, related_name="deliveries", db_constraint=False
    )
    address_hash = models.CharField(max_length=64)

    class Meta(OutgoingEmail.Meta):
        indexes = [
            *OutgoingEmail.Meta.indexes,
            models.Index(fields=["bulletin", "state", "due_at"]),
            # What runners look for, however many mails were sent before.
            models.Index(fields=["state", "due_at"], condition=Q(state__in=OutgoingEmail.OPEN), name="delivery_open"),
        ]
        constraints = [models.UniqueConstraint(fields=["bulletin", "address_hash"], name="one_delivery_an_address")]
        ordering = ["pk"]
        verbose_name_plural = "deliveries"
