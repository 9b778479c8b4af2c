import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import nelis.core.fields
import uuid
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_initial"),
        ("mailing_list", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bulletin", "Bulletin"),
                            ("alert", "Topic alert"),
                            ("weekly", "Weekly digest"),
                            ("monthly", "Monthly digest"),
                        ],
                        default="bulletin",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="The line people see first. 60 characters or fewer are best.", max_length=120
                    ),
                ),
                (
                    "preheader",
                    models.CharField(
                        blank=True, help_text="The words that mail programs show after the subject.", max_length=140
                    ),
                ),
                ("slug", models.SlugField(help_text="The end of its address on the web.", max_length=80, unique=True)),
                ("body", nelis.core.fields.StreamField([], blank=True)),
                (
                    "cannot_wait",
                    models.BooleanField(
                        default=False,
                        help_text="Send it at once also to those who chose a weekly or monthly mail. For news such as a changed date.",
                        verbose_name="can’t wait",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=True,
                        help_text="From the moment it is sent, anybody can read it in the archive, and the mail has a link to it.",
                        verbose_name="on the web",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("scheduled", "Scheduled"),
                            ("preparing", "Making the list of recipients"),
                            ("sending", "Being sent"),
                            ("paused", "Paused"),
                            ("completed", "Sent"),
                            ("exceptions", "Sent, with exceptions"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("snapshot", models.JSONField(editable=False, null=True)),
                ("content_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("recipient_count", models.PositiveIntegerField(editable=False, null=True, verbose_name="recipients")),
                ("scheduled_for", models.DateTimeField(blank=True, editable=False, null=True)),
                ("recipients_listed_at", models.DateTimeField(editable=False, null=True)),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                ("completed_at", models.DateTimeField(editable=False, null=True)),
                ("pause_reason", models.CharField(blank=True, editable=False, max_length=200)),
                ("off_web_at", models.DateTimeField(editable=False, null=True)),
                ("off_web_reason", models.CharField(blank=True, editable=False, max_length=200)),
                ("period_start", models.DateField(blank=True, editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topics",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True,
                        help_text="Who chose any of these gets it. None: everybody on the list.",
                        related_name="+",
                        to="mailing_list.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "permissions": [
                    ("approve_bulletin", "Can approve what others wrote"),
                    ("send_bulletin", "Can schedule, pause, resume and cancel"),
                ],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="BulletinEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.CharField(max_length=40)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="bulletins.bulletin"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("claimed", "Taken by a worker"),
                            ("sending", "Being handed over"),
                            ("retry", "To be tried again"),
                            ("accepted", "Accepted by the mail server"),
                            ("delivered", "Delivered"),
                            ("bounced", "Bounced"),
                            ("complained", "Reported as unwanted"),
                            ("failed", "Refused"),
                            ("skipped", "Not sent, on purpose"),
                            ("unknown", "Not known whether it was sent"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_by", models.CharField(blank=True, max_length=60)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("response", models.CharField(blank=True, max_length=200)),
                ("provider_message_id", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sending_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("address_hash", models.CharField(max_length=64)),
                (
                    "bulletin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="bulletins.bulletin",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="mailing_list.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NewsItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bulletin", "Bulletin"),
                            ("alert", "Topic alert"),
                            ("weekly", "Weekly digest"),
                            ("monthly", "Monthly digest"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="bulletins.bulletin"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.changeentry"
                    ),
                ),
                (
                    "reported",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_in",
                        to="bulletins.bulletin",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("period_start__isnull", False)),
                fields=("kind", "period_start"),
                name="one_digest_a_period",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("provider_message_id", ""), _negated=True),
                fields=["provider_message_id"],
                name="bulletins_delivery_name",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["bulletin", "state", "due_at"], name="bulletins_d_bulleti_6b5613_idx"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ("pending", "claimed", "sending", "retry"))),
                fields=["state", "due_at"],
                name="delivery_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("bulletin", "address_hash"), name="one_delivery_an_address"),
        ),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change__isnull", False), ("reported__isnull", True)),
                    models.Q(("change__isnull", True), ("reported__isnull", False)),
                    _connector="OR",
                ),
                name="news_item_is_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.UniqueConstraint(fields=("kind", "change"), name="change_reported_once_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="newsitem",
            constraint=models.UniqueConstraint(fields=("kind", "reported"), name="bulletin_reported_once_a_kind"),
        ),
    ]
