"""Who is on the list, and the links that let them in and out."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.models.topics import Topic
from nelis.core.models.abstract import NonContentModel

__all__ = ["Frequency", "Subscription", "Token"]


class Frequency(models.TextChoices):
    """How often somebody hears from us. It holds for everything but news that can't wait."""

    IMMEDIATE = "immediate", "As it happens"
    WEEKLY = "weekly", "Once a week"
    MONTHLY = "monthly", "Once a month"


class State(models.TextChoices):
    """pending → active ⇄ paused → ended; pending → expired, then deleted."""

    PENDING = "pending", "Not confirmed yet"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"
    EXPIRED = "expired", "Never confirmed"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Rows about people; never listed without the permission to see them."""

    def open(self) -> "SubscriptionQuerySet":
        """Those that are not over. An address has one of them at most."""
        return self.filter(state__in=Subscription.OPEN)

    def newest(self, address_hash: str) -> "Subscription | None":
        """The open subscription of an address, else the last, by its hash or the beginning of that."""
        # A range and not a prefix, because every database can use its index for that.
        theirs = self.filter(address_hash__gte=address_hash, address_hash__lt=address_hash + "g")
        return theirs.open().first() or theirs.order_by("-pk").first()

    def receiving(self) -> "SubscriptionQuerySet":
        """Those to which something may be sent now."""
        return self.filter(state=State.ACTIVE)


class Subscription(NonContentModel):
    """One address on the list, from the day it asks to the day it leaves. Coming back makes a new row."""

    State = State
    OPEN = (State.PENDING, State.ACTIVE, State.PAUSED)

    class Method(models.TextChoices):
        WEB = "web", "The sign-up form"
        PAPER = "paper", "A paper form"
        IMPORT = "import", "An imported list"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.EmailField("email address", max_length=254)
    address_hash = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    topics = models.ManyToManyField(Topic, related_name="subscriptions", blank=True)
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.IMMEDIATE)
    method = models.CharField(max_length=6, choices=Method.choices, default=Method.WEB)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    #: While paused: when it goes on by itself.
    paused_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: Why it ended: a word from a fixed list, such as ``asked``, ``bounced`` or ``complained``.
    end_reason = models.CharField(max_length=20, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "frequency"]), models.Index(fields=["method", "created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash"],
                condition=Q(state__in=["pending", "active", "paused"]),
                name="one_open_subscription_an_address",
            )
        ]

    def __str__(self) -> str:
        # Ends up in logs and in the history of the admin.
        return f"Subscription {self.uuid}"

    def as_dict(self) -> dict[str, Any]:
        """Everything held in this row, for the person it is about."""
        return {
            "address": self.address,
            "name": self.name,
            "organisation": self.organisation,
            "state": self.state,
            "topics": [topic.slug for topic in self.topics.all()],
            "frequency": self.frequency,
            "method": self.method,
            "created_at": self.created_at.isoformat(),
            "confirmed_at": self.confirmed_at.isoformat() if self.confirmed_at else None,
            "paused_until": self.paused_until.isoformat() if self.paused_until else None,
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "end_reason": self.end_reason,
        }


class Token(NonContentModel):
    """A link sent by mail: good for one purpose and for a while. Only its SHA-256 is kept."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", "Confirm a subscription"
        PREFERENCES = "preferences", "See and change what is held"

    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE, related_name="tokens")
    #: For somebody who isn't on the list, and of whom another room holds something: the mail with the link.
    mail = models.ForeignKey(TransactionalEmail, null=True, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=11, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(subscription=None) ^ Q(mail=None),
                name="token_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.subscription or self.mail}"

    @property
    def address(self) -> str:
        """Whose link it is; empty once they are erased."""
        holder = self.subscription or self.mail
        return holder.address if holder else ""
