"""A round of feedback: when it is open, its sessions, and what each of them asks."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, PreviewableMixin

from nelis.core.models import ContentVersion
from nelis.core.models.abstract import NonContentModel

__all__ = ["CHOICE_GROUPS", "FeedbackRound", "QuestionKind", "RoundProposition", "RoundQuestion", "RoundSession"]

#: Words that stand for something else in addresses below ``/feedback/``.
RESERVED_SLUGS = ("wall", "not-mine", "withdraw-mine")
#: Below this, nothing is hidden: whoever knows that a number is below two knows that it is one.
MIN_THRESHOLD = 3
#: No question has room for fewer characters.
MIN_ANSWER_LENGTH = 10


class QuestionKind(models.TextChoices):
    """What kind of answer a question takes."""

    LONG = "long", "Long text"
    SHORT = "short", "Short text"
    CHOICE = "choice", "One choice"
    CHOICES = "choices", "Several choices"
    SCALE = "scale", "Scale from strongly agree to strongly disagree"
    YES_NO = "yes_no", "Yes or no"


#: The choices of the kinds whose choices nobody edits.
FIXED_CHOICES = {
    QuestionKind.SCALE: ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree", "Unsure"),
    QuestionKind.YES_NO: ("Yes", "No", "Unsure"),
}
#: What they are published as where the choices are too fine: each with the choices that are in it.
CHOICE_GROUPS = {
    QuestionKind.SCALE: {
        "Agree, strongly or not": ("Strongly agree", "Agree"),
        "Neither": ("Neither",),
        "Disagree, strongly or not": ("Disagree", "Strongly disagree"),
        "Unsure": ("Unsure",),
    },
}


class RoundQuerySet(models.QuerySet["FeedbackRound"]):
    """Rounds, also those that are still being built."""

    def public(self) -> "RoundQuerySet":
        """Those that the public may see: all but drafts."""
        return self.exclude(state=FeedbackRound.State.DRAFT)


class FeedbackRound(PreviewableMixin, NonContentModel, ClusterableModel):
    """Questions put to the public at one time, such as at a summit."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being built"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        REPORTED = "reported", "Reported back"

    class Publish(models.TextChoices):
        NOTHING = "nothing", "Counts and themes only"
        QUOTES = "quotes", "Also selected quotations, of those who agreed to be quoted"
        ANONYMOUS = "anonymous", "Also every answer, checked and without names"

    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=60, unique=True)
    intro = models.TextField(max_length=2000, help_text="Subject, and what will be done with the answers.")
    event = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="If there is one.",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True, help_text="Answers can be changed until then.")
    privacy_text = models.TextField(
        max_length=3000, help_text="Who sees the answers, what for, and for how long. Shown before anybody answers."
    )
    publish_policy = models.CharField(max_length=10, choices=Publish.choices, default=Publish.NOTHING)
    #: Numbers of people below this are not published.
    suppression_threshold = models.PositiveSmallIntegerField(default=5)
    contact_months = models.PositiveSmallIntegerField(
        "months that contact details are kept",
        default=12,
        help_text="Counted from the day the round is reported back; from its end, if it never is.",
    )
    #: When what came of it was first published. Contact details are deleted so many months after that.
    reported_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Asks about every proposition, each on its own page, beside no event: one round at most.
    is_standing = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False, editable=False)

    objects = RoundQuerySet.as_manager()

    #: The context of a preview. Set by ``views/rounds.py``, which imports this module and not the other way round.
    preview_context: ClassVar[Callable[["FeedbackRound", str], dict[str, Any]]]

    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("intro"),
        PageChooserPanel("event"),
        MultiFieldPanel([FieldPanel("opens_at"), FieldPanel("closes_at")], "When answers are taken"),
        InlinePanel("sessions", label="Session", heading="Sessions: each is a page of the form"),
        MultiFieldPanel(
            [
                FieldPanel("privacy_text"),
                FieldPanel("publish_policy"),
                FieldPanel("suppression_threshold"),
                FieldPanel("contact_months"),
            ],
            "What becomes of the answers",
        ),
    ]

    class Meta:
        ordering = ["-opens_at", "-pk"]
        verbose_name = "feedback round"
        constraints = [
            models.UniqueConstraint(fields=["is_standing"], condition=Q(is_standing=True), name="one_standing_round")
        ]
        permissions = [
            ("run_feedbackround", "Can open and close rounds"),
            ("read_responses", "Can read and code answers"),
            ("read_respondents", "Can see who answered"),
            ("report_feedbackround", "Can say what came of a round"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "That word is part of other addresses. Choose another."})
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "It would close before it opens."})
        if self.suppression_threshold < MIN_THRESHOLD:
            said = f"Numbers below {MIN_THRESHOLD} say what single people answered. Enter {MIN_THRESHOLD} or more."
            raise ValidationError({"suppression_threshold": said})
        before = FeedbackRound.objects.filter(pk=self.pk).first() if self.pk else None
        if before is not None and before.state != self.State.DRAFT and before.slug != self.slug:
            said = f"It is known by “{before.slug}”: answers, receipts and results have that address."
            raise ValidationError({"slug": said})
        if before is not None and before.responses.exists() and (broken := self._broken_promises(before)):
            raise ValidationError(broken)

    def _broken_promises(self, before: "FeedbackRound") -> dict[str, str]:
        """Errors where respondents were promised more than the round keeps now: a promise may only become stricter."""
        broken = {}
        policies = self.Publish.values
        if policies.index(self.publish_policy) > policies.index(before.publish_policy):
            broken["publish_policy"] = "People have answered, and more would be published than people were told."
        if self.suppression_threshold < before.suppression_threshold:
            said = "People have answered, and smaller numbers would be published than people were told: {} or more."
            broken["suppression_threshold"] = said.format(before.suppression_threshold)
        if self.contact_months > before.contact_months:
            said = "People have answered, and their details would be kept for longer than people were told: {} months."
            broken["contact_months"] = said.format(before.contact_months)
        return broken

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The page about the round, and every page of its form."""
        sessions = [(f"step-{number}", session.title) for number, session in enumerate(self.sessions.all(), start=1)]
        return [("round", "The round’s own page"), *sessions]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "feedback/answer.html" if mode_name.startswith("step-") else "feedback/round.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return type(self).preview_context(self, mode_name)

    @property
    def publish_statement(self) -> str:
        """What is published of the answers, in a sentence for those who give them."""
        return {
            self.Publish.NOTHING: "We publish counts and themes, and nobody’s words.",
            self.Publish.QUOTES: "We publish counts, themes, and selected words of those who agree to be quoted.",
            self.Publish.ANONYMOUS: "We publish counts, themes, and every answer, checked and without names.",
        }[self.Publish(self.publish_policy)]

    @property
    def ended_at(self) -> Any:
        """When its closing time passed; None before that, also where somebody closed it earlier."""
        return self.closes_at if self.closes_at and self.closes_at <= timezone.now() else None

    @property
    def is_scheduled(self) -> bool:
        """Whether it is open, and its opening time is still to come."""
        return self.state == self.State.OPEN and self.opens_at is not None and self.opens_at > timezone.now()

    def newest_form(self) -> Any:
        """The newest version of its form; None before it was first opened. One query."""
        # The content is read when it is first needed, once in a process.
        return self.forms.defer("content").order_by("number").last()

    def invalidate_results(self) -> None:
        """Clear cached pages if they show results of this round: what those are made of has changed."""
        if self.state == self.State.REPORTED:
            ContentVersion.bump()

    def takes_answers(self, at: Any = None) -> bool:
        """Whether answers are taken at a moment; now, when none is given."""
        moment = at or timezone.now()
        began = self.opens_at is None or self.opens_at <= moment
        ended = self.closes_at is not None and self.closes_at <= moment
        return self.state == self.State.OPEN and began and not ended


class RoundSession(Orderable, ClusterableModel):
    """One page of the form: a session of the event, or a theme."""

    round = ParentalKey(FeedbackRound, on_delete=models.CASCADE, related_name="sessions")
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=400, blank=True)
    about = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Such as a sector.",
    )
    #: What people in the room type, without blanks: AM7194.
    code = models.CharField(max_length=8, unique=True, blank=True, null=True, editable=False)

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        PageChooserPanel("about"),
        InlinePanel("propositions", label="Proposition to rate", heading="Propositions to rate"),
        InlinePanel("questions", label="Question", heading="Questions"),
    ]

    def __str__(self) -> str:
        return self.title


class RoundQuestion(Orderable):
    """One question of a session."""

    session = ParentalKey(RoundSession, on_delete=models.CASCADE, related_name="questions")
    #: By this its answers are known in every version of the form.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    ref = models.CharField("reference", max_length=8, blank=True, help_text="Of a question in a set, such as PQ3a.")
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=8, choices=QuestionKind.choices, default=QuestionKind.LONG)
    choices = models.TextField(blank=True, max_length=2000, help_text="One to a line, for questions with choices.")
    is_required = models.BooleanField(default=False)
    max_length = models.PositiveIntegerField("most characters", default=2000)

    panels = [
        FieldPanel("text"),
        FieldPanel("hint"),
        FieldPanel("kind"),
        FieldPanel("choices"),
        FieldPanel("is_required"),
        FieldPanel("max_length"),
        FieldPanel("ref"),
    ]

    def __str__(self) -> str:
        return self.text

    def offered_choices(self) -> tuple[str, ...]:
        """What can be chosen; empty for a question that is answered in words."""
        if self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            return tuple(line.strip() for line in self.choices.splitlines() if line.strip())
        return FIXED_CHOICES.get(QuestionKind(self.kind), ())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it. With another kind it is another question: what was answered stays with the key it had."""
        if self.pk and RoundQuestion.objects.filter(pk=self.pk).exclude(kind=self.kind).exists():
            self.key = uuid4()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.kind in (QuestionKind.LONG, QuestionKind.SHORT) and (self.max_length or 0) < MIN_ANSWER_LENGTH:
            raise ValidationError({"max_length": f"Leave room for {MIN_ANSWER_LENGTH} characters or more."})
        if self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            choices = self.offered_choices()
            if len(choices) < 2:
                raise ValidationError({"choices": "Give two choices or more, each on a line of its own."})
            if len(set(choices)) < len(choices):
                raise ValidationError({"choices": "Two of the choices are the same."})


class RoundProposition(Orderable):
    """A proposition that a session asks for a stance on."""

    session = ParentalKey(RoundSession, on_delete=models.CASCADE, related_name="propositions")
    proposition = models.ForeignKey("sectors.PropositionPage", on_delete=models.PROTECT, related_name="+")

    panels = [PageChooserPanel("proposition", "sectors.PropositionPage")]

    def __str__(self) -> str:
        return str(self.proposition)
