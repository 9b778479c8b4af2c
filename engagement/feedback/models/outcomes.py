"""What came of a round: themes, what the LEP says to each, and the words of people that are quoted."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from engagement.feedback.models.coding import Code, Span
from engagement.feedback.models.rounds import FeedbackRound

__all__ = ["OfficialResponse", "Outcome", "Quotation", "ReportText", "ResultsEdition", "Theme"]


class ReportText(models.Model):
    """Something that staff write and a colleague publishes.

    What is public stays as it was approved: a change of it is a row of its own, its ``correction``, which nobody but
    staff sees, until that is published in its place.
    """

    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="correction", editable=False
    )
    #: Who wrote what isn't published yet.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def key(self) -> int:
        """The primary key that stays the same from one wording to the next."""
        row: Any = self
        found: int = row.corrects_id or row.pk
        return found


class Theme(ReportText):
    """One thing that many said, in our words, and the codes it was found under."""

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="themes")
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=1000, help_text="What was said, for those who weren’t there.")
    codes = models.ManyToManyField(Code, blank=True, related_name="themes")
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.title


class OfficialResponse(ReportText):
    """“You said, we did”: what the LEP did about one thing that was said, or why it did nothing."""

    class Decision(models.TextChoices):
        CHANGED = "changed", "Changed"
        NOTED = "noted", "Noted"
        NOT_CHANGED = "not_changed", "Not changed"

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="official_responses")
    themes = models.ManyToManyField(Theme, blank=True, related_name="official_responses")
    you_said = models.TextField(max_length=1000)
    decision = models.CharField(max_length=12, choices=Decision.choices)
    reason = models.TextField("what we did, and why", max_length=2000)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.you_said[:80]


class Outcome(models.Model):
    """A proposition that an official response is about, and the version that came of it, if one did."""

    official_response = models.ForeignKey(OfficialResponse, on_delete=models.CASCADE, related_name="outcomes")
    proposition = models.ForeignKey("sectors.PropositionPage", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        "sectors.PropositionVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="outcomes"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["official_response", "proposition"], name="one_outcome_a_proposition")
        ]

    def __str__(self) -> str:
        return f"{self.proposition}: {self.official_response}"


class Quotation(Span):
    """Words of one response that are shown to everybody, without what is blacked out in them.

    Only of those who agreed to be quoted, except in rounds where every answer is published without names.
    """

    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="quotations")
    #: Beside which proposition it stands, if beside one.
    proposition = models.ForeignKey(
        "sectors.PropositionPage", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Whether the name stands under it. Only with the person's leave.
    is_named = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True, default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="quotation_has_length")]

    def __str__(self) -> str:
        return f"Quotation {self.pk}"


class ResultsEdition(models.Model):
    """The figures of a reported round as they are public: what was counted, without what is hidden.

    They stand while answers come and go, and move on in steps (``reporting/editions.py``).
    """

    round = models.OneToOneField(FeedbackRound, on_delete=models.CASCADE, related_name="edition")
    number = models.PositiveSmallIntegerField(default=1)
    counted_at = models.DateTimeField(default=timezone.now)
    figures = models.JSONField()

    def __str__(self) -> str:
        return f"Edition {self.number} of the figures of {self.round}"
