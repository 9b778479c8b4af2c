"""What every ledger of outgoing mail has in common: one row for each mail to one recipient, and where it stands."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel

__all__ = ["DeliveryState", "OutgoingEmail"]


class DeliveryState(models.TextChoices):
    """Where a mail stands.

    pending → claimed → sending → accepted → delivered | bounced | complained. One to be tried again is ``retry`` until
    it is claimed once more; what is given back unsent waits as it did before. A row that died in ``sending`` is
    ``unknown`` until a provider's event or a person settles it: no machine sends it again.
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


class OutgoingEmail(NonContentModel):
    """One mail to one recipient. Subclasses say whom it is for and what it says."""

    State = DeliveryState

    #: Nothing will happen by itself to a row in one of these. The others are open.
    SETTLED = (
        State.ACCEPTED,
        State.DELIVERED,
        State.BOUNCED,
        State.COMPLAINED,
        State.FAILED,
        State.SKIPPED,
        State.UNKNOWN,
    )
    OPEN = (State.PENDING, State.CLAIMED, State.SENDING, State.RETRY)
    #: A mail in one of these may say that its address should not be written to again.
    FAILURE_STATES = frozenset((State.BOUNCED, State.COMPLAINED, State.FAILED))
    #: Reasons: the mail server says that there is no such mailbox; it came back, but another may arrive.
    NO_MAILBOX, SOFT_BOUNCED = "no-mailbox", "provider-soft-bounced"

    #: Names the mail to the outside: its Message-ID is made from this.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    #: Not before this moment.
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: The runner that has it, and until when nobody else may take it.
    claimed_by = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    #: Why it was skipped or failed, or is unknown: a word from a fixed list, such as ``left``.
    reason = models.CharField(max_length=40, blank=True)
    #: What the mail server said, without addresses.
    response = models.CharField(max_length=200, blank=True)
    #: What the provider calls it, where it has a name of its own for it.
    provider_message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sending_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        # Few have such a name, and none of those that a long list begins with: those cost no upkeep.
        indexes = [
            models.Index(
                fields=["provider_message_id"],
                condition=~Q(provider_message_id=""),
                name="%(app_label)s_%(class)s_name",
            )
        ]

    @classmethod
    def named(cls, provider_message_id: str | models.OuterRef) -> models.QuerySet[Any]:
        """Mails that a provider calls ``provider_message_id``, which may be another table's; none for an empty name."""
        # The second condition says again what the index holds, so that it is used.
        return cls._default_manager.filter(provider_message_id=provider_message_id).exclude(provider_message_id="")

    def __str__(self) -> str:
        return f"{self.uuid} {self.get_state_display()}"

    @property
    def is_hard_bounce(self) -> bool:
        """Whether what became of it says that no mail to its address will ever arrive."""
        if self.state == DeliveryState.BOUNCED:
            return self.reason != self.SOFT_BOUNCED
        return self.state == DeliveryState.FAILED and self.reason == self.NO_MAILBOX
