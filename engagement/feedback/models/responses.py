"""Responses: what they say in some tables, who gave them in another, so that one can go while the other stays."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from engagement.feedback.models.forms import FormVersion
from engagement.feedback.models.rounds import FeedbackRound, RoundSession
from engagement.feedback.schema import STANCES
from engagement.mail.addresses import address_hash
from nelis.core.models.abstract import NonContentModel

__all__ = ["Answer", "PropositionResponse", "Respondent", "Response"]


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses, also those that were never submitted."""

    def counted(self) -> "ResponseQuerySet":
        """Those that count: submitted, not withdrawn, and no duplicates."""
        return self.filter(state__in=Response.SENT, duplicate_of=None)


class Response(NonContentModel):
    """One person's answers to a round, or those of a table in the room, or of a form on paper."""

    class State(models.TextChoices):
        SAVED = "saved", "Begun, not sent"
        SUBMITTED = "submitted", "Sent"
        CODED = "coded", "Coded"
        MODERATED = "moderated", "Checked"
        PUBLISHED = "published", "Published"
        WITHHELD = "withheld", "Not to be published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Mode(models.TextChoices):
        PERSON = "person", "One person"
        TABLE = "table", "A table, written down by one of them"
        PAPER = "paper", "A form on paper, typed in by staff"

    #: What counts as an answer to the round.
    SENT = (State.SUBMITTED, State.CODED, State.MODERATED, State.PUBLISHED, State.WITHHELD)

    round = models.ForeignKey(FeedbackRound, on_delete=models.PROTECT, related_name="responses")
    #: The version of the form that was answered last.
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="responses")
    #: Minted with the first page: a second tab or a retry writes to the same response.
    client_key = models.CharField(max_length=32, unique=True)
    #: The receipt, such as K7QM-4T2X. Empty until it is sent.
    reference = models.CharField(max_length=12, unique=True, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SAVED)
    mode = models.CharField(max_length=6, choices=Mode.choices, default=Mode.PERSON)
    #: How many sat at the table.
    people = models.PositiveSmallIntegerField(default=1)
    #: Through which session's code it came in, if through one.
    session = models.ForeignKey(RoundSession, null=True, on_delete=models.SET_NULL, related_name="responses_through")
    #: SHA-256 of the code to come back with, once one was asked for.
    return_code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    #: Staff found that the same person had answered before. Kept, and counted nowhere.
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    #: Who typed it in, where it came on paper.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Where a form on paper came from, such as a table and the number on the sheet.
    provenance = models.CharField(max_length=160, blank=True)
    #: By what new responses are counted, see ``throttling``: a keyed hash, deleted after a day.
    throttle_key = models.CharField(max_length=24, blank=True, editable=False)
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        indexes = [
            models.Index(fields=["round", "state"]),
            models.Index(fields=["throttle_key", "begun_at"], condition=~Q(throttle_key=""), name="response_came_from"),
        ]

    def __str__(self) -> str:
        return self.reference or f"Response {self.pk}"


class Answer(NonContentModel):
    """The answer to one question."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    question = models.UUIDField(db_index=True)
    text = models.TextField(blank=True)
    #: For questions with choices: the words of those that were chosen.
    chosen = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return f"Answer {self.pk}"


class PropositionResponse(NonContentModel):
    """A stance on one version of a proposition, and what was said about it."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="stances")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    proposition = models.ForeignKey("sectors.PropositionPage", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("sectors.PropositionVersion", on_delete=models.PROTECT, related_name="stances")
    stance = models.CharField(max_length=16, choices=list(STANCES.items()), blank=True)
    comment = models.TextField(blank=True)
    missing = models.TextField("what is missing", blank=True)
    ask_government = models.TextField("the ask of government", blank=True)
    role_partners = models.TextField("the role of partners", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "proposition"], name="one_stance_a_proposition")]

    def __str__(self) -> str:
        return f"Stance {self.pk}"


class Respondent(NonContentModel):
    """Who answered, as far as they said. Deleted some months after the round is reported back."""

    class Capacity(models.TextChoices):
        SELF = "self", "For myself"
        ORGANISATION = "organisation", "For an organisation"
        REPRESENTATIVE = "representative", "For a body that represents others"

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="respondent")
    capacity = models.CharField(max_length=14, choices=Capacity.choices, blank=True)
    name = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=120, blank=True)
    address = models.EmailField("email address", max_length=254, blank=True)
    #: By this an address is found again that somebody asks about. Follows ``address`` whenever a row is saved.
    address_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    sector = models.CharField(max_length=60, blank=True)
    area = models.CharField(max_length=60, blank=True)
    attended = models.BooleanField(null=True)
    may_contact = models.BooleanField(default=False)
    may_quote = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Respondent of {self.response}"

    @property
    def may_be_written_to(self) -> bool:
        """Whether there is an address, and leave to use it."""
        return bool(self.address and self.may_contact)

    def update_address_hash(self) -> None:
        """Set the hash to that of the address. For whoever writes rows without ``save``."""
        self.address_hash = address_hash(self.address) if self.address else ""

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save, with the hash of the address that is there now."""
        self.update_address_hash()
        if update_fields is not None and "address" in update_fields:
            update_fields = {*update_fields, "address_hash"}
        super().save(*args, update_fields=update_fields, **kwargs)
