"""What the processes that send share: who runs, how fast, and which jobs are done."""

from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel

__all__ = ["RateLimit", "TaskRun", "WorkerStatus"]


class WorkerStatus(NonContentModel):
    """A process that sends. It says every few seconds that it is still there."""

    name = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    #: What it does at the moment, in a few words.
    activity = models.CharField(max_length=100, blank=True)
    #: Mails handed over since it started, and how many a second of late.
    sent = models.PositiveIntegerField(default=0)
    rate = models.FloatField(default=0)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.name


class RateLimit(NonContentModel):
    """A bucket of tokens that all runners take from, so that together they keep to the provider's rate."""

    name = models.CharField(max_length=40, unique=True)
    tokens = models.FloatField(default=0)
    #: The provider asked us to slow down: nothing is taken before this moment.
    blocked_until = models.DateTimeField(null=True, blank=True)
    #: How often in a row it has asked: each time we wait longer.
    setback_count = models.PositiveSmallIntegerField(default=0)
    #: What it said the last time, without addresses.
    last_error = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class TaskRun(NonContentModel):
    """When a regular job was last done, so that several runners do it once."""

    name = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: What it did, or why it failed, in a sentence.
    outcome = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name
