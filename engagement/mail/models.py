"""Emails waiting to be sent, what the provider reported about them, and what the workers share."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel

__all__ = [
    "DeliveryState",
    "OutgoingEmail",
    "ProviderEvent",
    "RateLimit",
    "TaskRun",
    "TransactionalEmail",
    "WorkerStatus",
]


class DeliveryState(models.TextChoices):
    """How far an email has come.

    pending → claimed → sending → accepted → delivered | bounced | complained. After a temporary failure it is ``retry``
    until it is claimed again; an email released unsent goes back to the state it waited in. A row whose worker died in
    ``sending`` is ``unknown`` until a provider event or a person settles it: no worker sends it again.
    """

    PENDING = "pending", "Waiting"
    CLAIMED = "claimed", "Taken by a worker"
    SENDING = "sending", "Being handed over"
    RETRY = "retry", "To be tried again"
    ACCEPTED = "accepted", "Accepted by the mail server"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Bounced"
    COMPLAINED = "complained", "Reported as unwanted"
    FAILED = "failed", "Refused"
    SKIPPED = "skipped", "Not sent, on purpose"
    UNKNOWN = "unknown", "Not known whether it was sent"


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.RETRY)


class OutgoingEmail(NonContentModel):
    """One email to one recipient, in the outbox of its stream. Subclasses say who the recipient is."""

    State = DeliveryState

    #: Final: workers leave a row in one of these alone.
    SETTLED = (
        DeliveryState.ACCEPTED,
        DeliveryState.DELIVERED,
        DeliveryState.BOUNCED,
        DeliveryState.COMPLAINED,
        DeliveryState.FAILED,
        DeliveryState.SKIPPED,
        DeliveryState.UNKNOWN,
    )
    OPEN = OPEN_STATES
    #: An email in one of these may mean that its address must be suppressed.
    FAILURE_STATES = frozenset((DeliveryState.BOUNCED, DeliveryState.COMPLAINED, DeliveryState.FAILED))
    #: Reasons: the mail server says that there is no such mailbox; a soft bounce, after which another email may arrive.
    NO_MAILBOX, SOFT_BOUNCED = "no-mailbox", "provider-soft-bounced"
    #: Reasons of refusals that are about the address. One may be the server's mistake; a second ends the subscription.
    HARD_REFUSALS = frozenset((NO_MAILBOX, "refused-address"))
    #: Reasons of refusals that may be about us: our sender, account or network, or what we send to everybody.
    SENDER_REFUSALS = frozenset(("refused-sender", "refused-policy", "refused-mail"))

    #: The Message-ID is made from this.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    #: Not sent before this.
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: The worker that has claimed it, and until when no other may.
    claimed_by = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    #: Why it was skipped or failed, or is unknown: a code from a fixed list, such as ``left``.
    reason = models.CharField(max_length=40, blank=True)
    #: The mail server's reply, without addresses.
    response = models.CharField(max_length=200, blank=True)
    #: The provider's own ID for it, if it has one.
    provider_message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sending_at = models.DateTimeField(null=True, blank=True)
    #: None as long as the email is open: that is how workers find the few open rows among many.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [
            # Partial, because few rows have a provider's ID, and those just queued never do.
            models.Index(
                fields=["provider_message_id"],
                condition=~Q(provider_message_id=""),
                name="%(app_label)s_%(class)s_name",
            ),
            # What workers look for, however many emails were sent before. SQLite uses it for queries that repeat its
            # condition word for word, which it doesn't see in one with a list of states.
            models.Index(
                fields=["state", "due_at"],
                condition=Q(settled_at__isnull=True),
                name="%(app_label)s_%(class)s_open",
            ),
            models.Index(
                fields=["state", "reason"],
                condition=Q(state=DeliveryState.UNKNOWN),
                name="%(app_label)s_%(class)s_doubt",
            ),
        ]
        constraints = [
            # No worker would find such a row.
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(state__in=OPEN_STATES),
                name="%(app_label)s_%(class)s_open_is_unsettled",
            )
        ]

    @classmethod
    def with_provider_id(cls, provider_message_id: str | models.OuterRef) -> models.QuerySet[Any]:
        """Emails with this provider's ID (or that of an outer query); none for an empty one."""
        # The second condition repeats that of the partial index, so that the index is used.
        return cls._default_manager.filter(provider_message_id=provider_message_id).exclude(provider_message_id="")

    def __str__(self) -> str:
        return f"{self.uuid} {self.get_state_display()}"

    @property
    def is_hard_bounce(self) -> bool:
        """Whether it came back, with word that no email to this address will ever arrive."""
        return self.state == DeliveryState.BOUNCED and self.reason != self.SOFT_BOUNCED

    @property
    def is_hard_refusal(self) -> bool:
        """Whether it was refused because of its address."""
        return self.state == DeliveryState.FAILED and self.reason in self.HARD_REFUSALS


class TransactionalEmail(OutgoingEmail):
    """An email that somebody waits for, such as a confirmation. It is composed when it is sent."""

    #: Names the composer; see ``engagement.mail.transactional``.
    kind = models.CharField(max_length=40)
    #: Emptied some time after it is settled: the record of what was sent needs no address.
    address = models.EmailField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=64, blank=True, db_index=True)
    #: The key of what it is about; its composer knows of which table.
    object_id = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta(OutgoingEmail.Meta):
        ordering = ["-pk"]


class ProviderEvent(NonContentModel):
    """One report of the provider about one email. The same event may come twice; it counts once."""

    event_id = models.CharField(max_length=200, unique=True)
    #: The email's own uuid, if the event has it, and the provider's ID for the email.
    email_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    #: The stream of the email. Empty if no email matches; staff see such events.
    stream = models.CharField(max_length=40, blank=True, db_index=True)
    kind = models.CharField(max_length=30)
    detail = models.CharField(max_length=200, blank=True)
    #: Whether it changed the email's state. One that comes late, or says nothing about delivery, doesn't.
    applied = models.BooleanField(default=False)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class WorkerStatus(NonContentModel):
    """An email worker and its last heartbeat."""

    name = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    #: What it is doing, in a few words.
    activity = models.CharField(max_length=100, blank=True)
    #: Emails sent since it started, and how many a second since its last heartbeat.
    sent = models.PositiveIntegerField(default=0)
    rate = models.FloatField(default=0)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.name


class RateLimit(NonContentModel):
    """The token bucket that all workers take from, so that together they keep to the provider's rate."""

    name = models.CharField(max_length=40, unique=True)
    tokens = models.FloatField(default=0)
    #: The mail server asked us to slow down: no worker sends before this.
    blocked_until = models.DateTimeField(null=True, blank=True)
    #: How often in a row it asked: each wait is longer than the last.
    setback_count = models.PositiveSmallIntegerField(default=0)
    #: Its last error, without addresses.
    last_error = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class TaskRun(NonContentModel):
    """The last run of a periodic task, so that of several workers only one runs it."""

    name = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: What it did, or why it failed, in a sentence.
    outcome = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name
