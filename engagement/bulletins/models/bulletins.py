"""A bulletin: what it says, whom it is for, who approved it, and how far its sending has come."""

from typing import Any

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
from engagement.mailing_list.models import Topic
from nelis.core.fields import StreamField
from nelis.core.models import ChangeEntry
from nelis.core.models.abstract import AppendOnlyModel, NonContentModel
from nelis.core.search.indexing import SearchText

__all__ = ["Bulletin", "BulletinEvent", "BulletinState", "NewsItem"]


#: Addresses of the archive's own pages.
RESERVED_SLUGS = ("atom",)


class BulletinState(models.TextChoices):
    """draft → in review → approved → scheduled → expanding → sending ⇄ paused → completed, or cancelled."""

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
    """Bulletins of every state."""

    def on_the_web(self) -> "BulletinQuerySet":
        """Those that anybody may read, newest first: marked public, at least begun to be sent, not taken off since."""
        shown = self.filter(is_public=True, started_at__isnull=False, off_web_at__isnull=True)
        return shown.order_by("-started_at", "-pk")

    def for_digests(self) -> "BulletinQuerySet":
        """Those that a digest may name: sent, and neither stopped nor taken off the web since."""
        return self.filter(started_at__isnull=False, off_web_at__isnull=True).exclude(state=BulletinState.CANCELLED)


class Bulletin(PreviewableMixin, NonContentModel, ClusterableModel):
    """One mail to many, and the page on the web that it also becomes.

    What is approved is frozen: ``frozen`` holds subject, HTML and text as they will be sent, with places for what
    differs from one recipient to the next, and ``content_hash`` is its SHA-256. An edit takes the approval away.
    """

    State = BulletinState
    #: Being written: these can be edited. Everything later is as it was approved.
    EDITABLE_STATES = (State.DRAFT, State.IN_REVIEW, State.APPROVED)
    #: Its recipients are known, or are being written down.
    IN_PROGRESS_STATES = (State.PREPARING, State.SENDING, State.PAUSED)
    #: Over.
    FINAL = (State.COMPLETED, State.EXCEPTIONS, State.CANCELLED)

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", "Bulletin"
        ALERT = "alert", "Topic alert"
        WEEKLY = "weekly", "Weekly digest"
        MONTHLY = "monthly", "Monthly digest"

    #: Drafted by the site from what was published. Their parts differ by what a reader chose.
    GENERATED_KINDS = (Kind.ALERT, Kind.WEEKLY, Kind.MONTHLY)
    DIGEST_KINDS = (Kind.WEEKLY, Kind.MONTHLY)

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BULLETIN, editable=False)
    subject = models.CharField(max_length=120, help_text="The line people see first. 60 characters or fewer are best.")
    preheader = models.CharField(
        max_length=140, blank=True, help_text="The words that mail programs show after the subject."
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
        help_text="From the moment it is sent, anybody can read it in the archive, and the mail has a link to it.",
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
    frozen = models.JSONField(null=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    #: Recipients: counted when the list of them was made.
    audience = models.PositiveIntegerField(null=True, editable=False)
    scheduled_for = models.DateTimeField(null=True, blank=True, editable=False)
    recipients_listed_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    pause_reason = models.CharField(max_length=200, blank=True, editable=False)
    #: Taken off the web after it was sent: since when, and why, as whoever follows a link to it is told.
    off_web_at = models.DateTimeField(null=True, editable=False)
    off_web_reason = models.CharField(max_length=200, blank=True, editable=False)
    #: For digests: the first day of the week or month they are about.
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
        return self.state in self.FINAL

    @property
    def is_on_the_web(self) -> bool:
        """Whether the archive shows it."""
        return bool(self.is_public and self.started_at and not self.off_web_at)

    def get_absolute_url(self) -> str:
        """Where anybody reads it, once it is sent."""
        return reverse("bulletins:bulletin", args=[self.slug])

    def search_text(self) -> SearchText:
        """What it is found by."""
        frozen = self.frozen or {}
        return SearchText(
            kind="Bulletin", ref="", title=self.subject, summary=self.preheader, body=frozen.get("words", "")
        )

    # --- while it is written -----------------------------------------------------------------------

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

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """It as it stands in the form, in one of the ways it will be read."""
        # Imported when asked for: rendering knows of this model.
        from engagement.bulletins.previews import preview

        return preview(request, self, mode_name)


class NewsItem(NonContentModel):
    """One thing that an alert or a digest tells: a change that was published, or a bulletin that was sent.

    Told once for each kind of mail, whatever the clocks say: that no change falls between two digests rests on this.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="items")
    #: That of the bulletin, repeated for the constraint.
    kind = models.CharField(max_length=10, choices=Bulletin.Kind.choices)
    change = models.ForeignKey(ChangeEntry, null=True, on_delete=models.PROTECT, related_name="+")
    told = models.ForeignKey(Bulletin, null=True, on_delete=models.PROTECT, related_name="told_in")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(change__isnull=False, told__isnull=True) | Q(change__isnull=True, told__isnull=False),
                name="news_item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["kind", "change"], name="change_told_once_a_kind"),
            models.UniqueConstraint(fields=["kind", "told"], name="bulletin_told_once_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.change or self.told}"


class BulletinEvent(AppendOnlyModel, NonContentModel):
    """One step in the life of a bulletin: who did what, when, with which content."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    #: Nobody, where the site did it by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: A word from a fixed list, such as ``edited``, ``approved`` or ``paused``.
    action = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action}, {self.bulletin}"

    @property
    def in_words(self) -> str:
        """What was done, for people."""
        return self.action.replace("_", " ").capitalize()

    @classmethod
    def write(cls, bulletin: Bulletin, action: str, by: Any = None, note: str = "") -> "BulletinEvent":
        """Add a step, in the caller's transaction."""
        return cls.objects.create(
            bulletin=bulletin, action=action, by=by, note=note[:300], content_hash=bulletin.content_hash
        )
