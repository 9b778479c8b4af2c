"""Topics, subscriptions to them, and the tokens of links in emails."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, PageChooserPanel

from engagement.mail.models import TransactionalEmail
from nelis.core.models.abstract import NonContentModel


class Topic(models.Model):
    """Something to hear about. Topics follow the strategy: each may stand for a page and what is linked to it."""

    class Group(models.TextChoices):
        WHOLE = "whole", "Everything"
        SECTOR = "sector", "Sectors"
        CHALLENGE = "challenge", "Grand Challenges"
        PROGRESS = "progress", "Progress and events"
        PROPOSITION = "proposition", "Single propositions"

    slug = models.SlugField(max_length=60, unique=True, help_text="Permanent, such as advanced-manufacturing.")
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=12, choices=Group.choices)
    hint = models.CharField(max_length=200, blank=True, help_text="One sentence under the name, if it needs one.")
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Subject. Changes to this page, below it and tied to it are news for this topic.",
    )
    order = models.PositiveSmallIntegerField(default=100)
    is_open = models.BooleanField(
        "can be chosen", default=True, help_text="Take the tick away to offer it to nobody new."
    )

    instead_of_deleting = "Untick “Can be chosen” instead, to offer it to nobody new."

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("group"),
        FieldPanel("hint"),
        PageChooserPanel("page"),
        FieldPanel("order"),
        FieldPanel("is_open"),
    ]

    permanent_fields = ("slug",)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_everything(self) -> bool:
        """Whether every change is news for this topic."""
        return self.group == self.Group.WHOLE


class Frequency(models.TextChoices):
    """How often somebody gets email. It holds for everything but news that can't wait."""

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
    """The token of a link sent by email, for one purpose and for a while. Only its SHA-256 is stored."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", "Confirm a subscription"
        PREFERENCES = "preferences", "See and change what is held"
        NEW_ADDRESS = "new_address", "Confirm a new address"

    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE, related_name="tokens")
    #: For somebody who isn't on the list, and of whom another app holds something, or who is to be written to at a new
    #: address: the email with the link.
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
