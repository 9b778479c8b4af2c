"""Complaints about personal data, and what became of them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.records import AppendOnly, Bookkeeping

__all__ = ["Complaint", "ComplaintEvent"]

#: The time to acknowledge a complaint: Data Protection Act 2018, section 164A.
DAYS_TO_ACKNOWLEDGE = 30


def acknowledge_by_default() -> object:
    """The last day on which a complaint received now is acknowledged in time."""
    return timezone.localdate() + timedelta(days=DAYS_TO_ACKNOWLEDGE)


class Complaint(Bookkeeping):
    """What somebody says is wrong with how we handle personal data."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ANSWERED = "answered", "Answered"

    reference = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120, blank=True)
    address = models.EmailField("email address", max_length=254, blank=True)
    text = models.TextField(max_length=5000)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField(default=timezone.now)
    acknowledge_by = models.DateField(default=acknowledge_by_default)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True, max_length=5000)

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return self.reference


class ComplaintEvent(AppendOnly, Bookkeeping):
    """One step in handling a complaint: who did what, when."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what}, {self.complaint}"
