"""Bulletins, what alerts and digests report, the audit trail, and one delivery for each recipient."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import PreviewableMixin

from engagement.bulletins.blocks import BulletinBody
from engagement.mail.models import OutgoingEmail
from engagement.mailing_list.models import Subscription, Topic
from nelis.core.fields import StreamField
from nelis.core.models import ChangeEntry
from nelis.core.models.abstract import AuditEvent, NonContentModel
from nelis.core.text import SearchText

__all__ = ["Bulletin", "BulletinEvent", "BulletinState", "Delivery", "NewsItem"]

#: Paths that the archive uses itself.
RESERVED_SLUGS = ("atom",)


class BulletinState(models.TextChoices):
    """The states of a bulletin. Which transition leads from which to which: ``workflow.py``."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    SCHEDULED = "scheduled", "Scheduled"
    PREPARING = "preparing", "Making the list of recipients"
    SENDING = "sending", "Being sent"
    PAUSED = "paused", "Paused"
    COMPLETED = "completed", "Sent"
    EXCEPTIONS = "exceptions", "Sent, with exceptions"
    CANCELLED = "cancelled", "Cancelled"


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Bulletins in any state."""

    def on_the_web(self) -> "BulletinQuerySet":
        """Bulletins that anybody may read, newest first: public, at least begun to be sent, not taken off since."""
        public = self.filter(is_public=True, started_at__isnull=False, off_web_at__isnull=True)
        return public.order_by("-started_at", "-pk")

    def for_digests(self) -> "BulletinQuerySet":
        """Bulletins that a digest may name: sent, and neither cancelled nor taken off the web since."""
        return self.filter(started_at__isnull=False, off_web_at__isnull=True).exclude(state=BulletinState.CANCELLED)


class Bulletin(PreviewableMixin, NonContentModel, ClusterableModel):
    """An email to many people, and the page of the archive that it also becomes.

    Approval stores a ``snapshot`` (subject, HTML and text as they will be sent, with placeholders for what differs
    between recipients) and its SHA-256, ``content_hash``. An edit deletes both, and with them the approval.
    """

    State = BulletinState
    #: Still being written. In every later state a bulletin is as it was approved.
    EDITABLE_STATES = (State.DRAFT, State.IN_REVIEW, State.APPROVED)
    #: Its recipients are known, or being written down.
    IN_PROGRESS_STATES = (State.PREPARING, State.SENDING, State.PAUSED)
    FINAL_STATES = (State.COMPLETED, State.EXCEPTIONS, State.CANCELLED)

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", "Bulletin"
        ALERT = "alert", "Topic alert"
        WEEKLY = "weekly", "Weekly digest"
        MONTHLY = "monthly", "Monthly digest"

    DIGEST_KINDS = (Kind.WEEKLY, Kind.MONTHLY)
    #: Drafted by the site from what was published. Which of their parts a reader gets depends on the reader's topics.
    GENERATED_KINDS = (Kind.ALERT, *DIGEST_KINDS)

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BULLETIN, editable=False)
    subject = models.CharField(max_length=120, help_text="The line people see first. 60 characters or fewer are best.")
    preheader = models.CharField(
        max_length=140, blank=True, help_text="The words that email programs show after the subject."
    )
    slug = models.SlugField(max_length=80, unique=True, help_text="The end of its address on the web.")
    body = StreamField(BulletinBody(), blank=True)
    topics = ParentalManyToManyField(
        Topic, blank=True, related_name="+", help_text="Who chose any of these gets it. None: everybody on the list."
    )
    cannot_wait = models.BooleanField(
        "can’t wait",
        default=False,
        help_text="Send it at once also to those who chose a weekly or monthly mail. For news such as a changed date.",
    )
    is_public = models.BooleanField(
        "on the web",
        default=True,
        help_text="From the moment it is sent, anybody can read it in the archive, and the email has a link to it.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    snapshot = models.JSONField(null=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    #: Counted when the list of recipients was made; None before.
    recipient_count = models.PositiveIntegerField("recipients", null=True, editable=False)
    scheduled_for = models.DateTimeField(null=True, blank=True, editable=False)
    recipients_listed_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    pause_reason = models.CharField(max_length=200, blank=True, editable=False)
    #: Set when it was taken off the web after it was sent. Whoever follows a link to it is told the reason.
    off_web_at = models.DateTimeField(null=True, editable=False)
    off_web_reason = models.CharField(max_length=200, blank=True, editable=False)
    #: For digests: the first day of their week or month.
    period_start = models.DateField(null=True, blank=True, editable=False)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("approve_bulletin", "Can approve what others wrote"),
            ("send_bulletin", "Can schedule, pause, resume and cancel"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period_start"], condition=Q(period_start__isnull=False), name="one_digest_a_period"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "This address is taken. Choose another."})

    @property
    def is_generated(self) -> bool:
        """Whether the site drafted it."""
        return self.kind in self.GENERATED_KINDS

    @property
    def is_editable(self) -> bool:
        """Whether it is still being written."""
        return self.state in self.EDITABLE_STATES

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is sent."""
        return self.state in self.FINAL_STATES

    @property
    def is_on_the_web(self) -> bool:
        """Whether the archive shows it."""
        return bool(self.is_public and self.started_at and not self.off_web_at)

    def get_absolute_url(self) -> str:
        """Return the address in the archive, where anybody reads it once it is sent."""
        return reverse("bulletins:bulletin", args=[self.slug])

    def search_text(self) -> SearchText:
        """Return what the site's search finds it by."""
        words = (self.snapshot or {}).get("words", "")
        return SearchText(kind="Bulletin", ref="", title=self.subject, summary=self.preheader, body=words)

    # --- preview -----------------------------------------------------------------------------------

    preview_modes = [
        ("mail", "Mail"),
        ("phone", "Mail on a phone"),
        ("dark", "Mail, dark"),
        ("text", "Plain text"),
        ("web", "Web page"),
        ("checks", "What is still missing"),
    ]
    preview_sizes = [
        {"name": "phone", "icon": "mobile-alt", "device_width": 320, "label": "Preview at 320 pixels"},
        {"name": "mail", "icon": "tablet-alt", "device_width": 640, "label": "Preview at 640 pixels"},
        {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": "Preview at 1280 pixels"},
    ]
    default_preview_size = "mail"
    #: Renders a preview. Set by ``previews.py``, which imports this module and not the other way round.
    render_preview: ClassVar[Callable[[HttpRequest, "Bulletin", str], HttpResponse]]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return type(self).render_preview(request, self, mode_name)


class NewsItem(NonContentModel):
    """One thing that an alert or a digest reports: a published change, or a bulletin that was sent.

    Constraints allow each thing once for each kind of mail. That nothing is reported twice, and that no change falls
    between two digests, rests on these and not on any clock.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="items")
    #: The kind of the bulletin, repeated for the constraints.
    kind = models.CharField(max_length=10, choices=Bulletin.Kind.choices)
    change = models.ForeignKey(ChangeEntry, null=True, on_delete=models.PROTECT, related_name="+")
    reported = models.ForeignKey(Bulletin, null=True, on_delete=models.PROTECT, related_name="reported_in")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(change__isnull=False, reported__isnull=True)
                | Q(change__isnull=True, reported__isnull=False),
                name="news_item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["kind", "change"], name="change_reported_once_a_kind"),
            models.UniqueConstraint(fields=["kind", "reported"], name="bulletin_reported_once_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.change or self.reported}"


class BulletinEvent(AuditEvent):
    """One step in the life of a bulletin: who did what, when, with which content."""

    subject_field = "bulletin"
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="events")
    content_hash = models.CharField(max_length=64, blank=True)

    @property
    def label(self) -> str:
        """What was done, for people."""
        return self.action.replace("_", " ").capitalize()

    @classmethod
    def write(cls, subject: Bulletin, action: str, by: Any = None, note: str = "", **fields: Any) -> "BulletinEvent":
        """Add an event, with the hash of what the bulletin says at this moment."""
        return super().write(subject, action, by, note, content_hash=subject.content_hash, **fields)


class Delivery(OutgoingEmail):
    """One bulletin to one recipient. Holds no address, so that the account stays when the person is erased."""

    #: No index of its own: the two below begin with it, and every index makes a long list take longer to write.
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    #: None once the person has left and the subscription has been deleted. The database doesn't check it: that would
    #: be half of the time that a list of 100,000 takes, and without its subscription nothing is ever sent.
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.SET_NULL, related_name="deliveries", db_constraint=False
    )
    address_hash = models.CharField(max_length=64)

    class Meta(OutgoingEmail.Meta):
        indexes = [
            *OutgoingEmail.Meta.indexes,
            models.Index(fields=["bulletin", "state", "due_at"]),
        ]
        constraints = [
            *OutgoingEmail.Meta.constraints,
            models.UniqueConstraint(fields=["bulletin", "address_hash"], name="one_delivery_an_address"),
        ]
        ordering = ["pk"]
        verbose_name_plural = "deliveries"
