import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("mail", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("address_hash", models.CharField(db_index=True, max_length=64)),
                ("network_hash", models.CharField(db_index=True, max_length=64)),
                ("domain_hash", models.CharField(db_index=True, max_length=64)),
                ("outcome", models.CharField(max_length=20)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_hash", models.CharField(max_length=64, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("left", "Left the list"),
                            ("erased", "Asked to be erased"),
                            ("bounced", "Mail to it bounced for good"),
                            ("complained", "Reported our mail as unwanted"),
                            ("never", "Asked never to be written to"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="CircuitBreaker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tripped_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("reset_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reset_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConsentWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["name", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "version"), name="wording_version_once"),
                    models.UniqueConstraint(fields=("name", "sha256"), name="wording_text_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subscription", models.UUIDField(db_index=True)),
                ("address_hash", models.CharField(db_index=True, max_length=64)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("requested", "Asked to join"),
                            ("confirmed", "Confirmed"),
                            ("added", "Added on paper evidence"),
                            ("imported", "Imported with evidence"),
                            ("changed", "Changed topics or frequency"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("ended", "Left"),
                            ("undone", "Came back from leaving"),
                            ("expired", "Never confirmed"),
                            ("erased", "Erased"),
                        ],
                        max_length=10,
                    ),
                ),
                ("topics", models.JSONField(default=list)),
                ("frequency", models.CharField(blank=True, max_length=10)),
                ("privacy_notice", models.CharField(blank=True, max_length=60)),
                ("page", models.CharField(blank=True, max_length=200)),
                ("method", models.CharField(max_length=10)),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "wording",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mailing_list.consentwording",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StaffAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("subscription", models.UUIDField(blank=True, db_index=True, null=True)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("added", "Added somebody by hand"),
                            ("ended", "Ended a subscription"),
                            ("paused", "Paused a subscription"),
                            ("suppressed", "Suppressed an address"),
                            ("lifted", "Lifted a suppression"),
                            ("erased", "Erased a person"),
                            ("imported", "Imported subscribers"),
                            ("exported", "Exported the list"),
                            ("checked", "Looked an address up among the suppressed"),
                            ("reset", "Let confirmations go out again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("people", models.PositiveIntegerField(default=1)),
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
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Permanent, such as advanced-manufacturing.", max_length=60, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("whole", "Everything"),
                            ("sector", "Sectors"),
                            ("challenge", "Grand Challenges"),
                            ("progress", "Progress and events"),
                            ("proposition", "Single propositions"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "hint",
                    models.CharField(
                        blank=True, help_text="One sentence under the name, if it needs one.", max_length=200
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "is_open",
                    models.BooleanField(
                        default=True,
                        help_text="Take the tick away to offer it to nobody new.",
                        verbose_name="can be chosen",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        help_text="What it is about. Changes to this page, below it and tied to it are news for this topic.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("address", models.EmailField(max_length=254, verbose_name="email address")),
                ("address_hash", models.CharField(db_index=True, max_length=64)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("organisation", models.CharField(blank=True, max_length=160)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Not confirmed yet"),
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("ended", "Ended"),
                            ("expired", "Never confirmed"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("immediate", "As it happens"),
                            ("weekly", "Once a week"),
                            ("monthly", "Once a month"),
                        ],
                        default="immediate",
                        max_length=10,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("web", "The sign-up form"),
                            ("paper", "A paper form"),
                            ("import", "An imported list"),
                        ],
                        default="web",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("paused_until", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=20)),
                ("topics", models.ManyToManyField(blank=True, related_name="subscriptions", to="mailing_list.topic")),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="UploadedList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("added", models.PositiveIntegerField()),
                ("skipped", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                "ordering": ["-at"],
                "constraints": [models.UniqueConstraint(fields=("sha256",), name="one_import_of_the_same_file")],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("confirm", "Confirm a subscription"), ("preferences", "See and change what is held")],
                        max_length=11,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mail.transactionalemail",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="mailing_list.subscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subscription", None), ("mail", None), _connector="XOR"),
                        name="token_of_one",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["state", "frequency"], name="mailing_lis_state_93375b_idx"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["method", "created_at"], name="mailing_lis_method_2b2fc5_idx"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["pending", "active", "paused"])),
                fields=("address_hash",),
                name="one_open_subscription_an_address",
            ),
        ),
    ]
