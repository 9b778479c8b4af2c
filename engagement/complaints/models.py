"""Complaints about personal data, and the steps taken about them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from nelis.core.models.abstract import AuditEvent, NonContentModel

#: The time to acknowledge a complaint: Data Protection Act 2018, section 164A.
DAYS_TO_ACKNOWLEDGE = 30


def default_acknowledge_by() -> date:
    """The last day on which a complaint received now is acknowledged in time."""
    return timezone.localdate() + timedelta(days=DAYS_TO_ACKNOWLEDGE)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Complaints; never listed without the permission to see them."""

    def waiting(self) -> "ComplaintQuerySet":
        """Those that nobody has acknowledged, the most urgent first. Not what is set apart."""
        return self.filter(state=Complaint.State.RECEIVED, is_set_apart=False).order_by("acknowledge_by", "pk")

    def set_apart(self) -> "ComplaintQuerySet":
        """Those that arrived with many others, and of which nobody has said yet what they are."""
        return self.filter(state=Complaint.State.RECEIVED, is_set_apart=True).order_by("pk")

    def urgent_first(self) -> "ComplaintQuerySet":
        """Waiting ones by their last day, then those to be answered, then the rest, newest first."""
        State = Complaint.State  # noqa: N806
        rank = models.Case(
            models.When(state=State.RECEIVED, then=0), models.When(state=State.ACKNOWLEDGED, then=1), default=2
        )
        due = models.Case(models.When(state=State.RECEIVED, then="acknowledge_by"), default=None)
        return self.annotate(rank=rank, due=due).order_by("rank", "due", "-received_at", "-pk")


class Complaint(NonContentModel):
    """What somebody says is wrong with how we handle personal data."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ANSWERED = "answered", "Answered"

    reference = models.CharField(max_length=12, unique=True)
    #: Made with the empty form: the same form sent in twice is one complaint.
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    name = models.CharField(max_length=120, blank=True)
    address = models.EmailField("email address", max_length=254, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField(default=timezone.now)
    acknowledge_by = models.DateField(default=default_acknowledge_by)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True, max_length=5000)
    #: It arrived with many others: staff look at those by themselves.
    is_set_apart = models.BooleanField(default=False, editable=False)
    #: When personal data was taken out. The rest is kept as a record.
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["state", "acknowledge_by"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received", acknowledged_at=None) | ~Q(state="received") & ~Q(acknowledged_at=None),
                name="acknowledged_complaints_say_when",
            ),
            models.CheckConstraint(
                condition=Q(state="answered") & ~Q(answered_at=None) | ~Q(state="answered") & Q(answered_at=None),
                name="answered_complaints_say_when",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def days_left(self, today: date) -> int | None:
        """Days until it must be acknowledged, below nought when that is past; None once it is."""
        return (self.acknowledge_by - today).days if self.state == self.State.RECEIVED else None

    @property
    def was_in_time(self) -> bool | None:
        """Whether it was acknowledged in time; None while it waits."""
        if self.acknowledged_at is None:
            return None
        return timezone.localdate(self.acknowledged_at) <= self.acknowledge_by


class ComplaintEvent(AuditEvent):
    """One step in handling a complaint. Kept for good, so it names nobody who complained."""

    class Action(models.TextChoices):
        RECEIVED = "received", "Received"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ANSWERED = "answered", "Answered"
        NOTE = "note", "Note"
        ANONYMISED = "anonymised", "Personal data deleted"
        SET_APART = "set_apart", "Received in a flood, and set apart"
        TAKEN_BACK = "taken_back", "Put among the others"
        DISCARDED = "discarded", "Discarded with a flood, and emptied"

    subject_field = "complaint"
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=12, choices=Action.choices)
