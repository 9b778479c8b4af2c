import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import uuid
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("sectors", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuestionSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(help_text="Permanent, such as evidence.", max_length=40, unique=True)),
                ("title", models.CharField(max_length=160)),
                ("intro", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="WrongReference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("network_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FeedbackRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "intro",
                    models.TextField(
                        help_text="What it is about, and what will be done with the answers.", max_length=2000
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being built"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("reported", "Reported back"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closes_at",
                    models.DateTimeField(blank=True, help_text="Answers can be changed until then.", null=True),
                ),
                (
                    "privacy_text",
                    models.TextField(
                        help_text="Who sees the answers, what for, and for how long. Shown before anybody answers.",
                        max_length=3000,
                    ),
                ),
                (
                    "publish_policy",
                    models.CharField(
                        choices=[
                            ("nothing", "Counts and themes only"),
                            ("quotes", "Also selected quotations, of those who agreed to be quoted"),
                            ("anonymous", "Also every answer, checked and without names"),
                        ],
                        default="nothing",
                        max_length=10,
                    ),
                ),
                ("suppression_threshold", models.PositiveSmallIntegerField(default=5)),
                (
                    "contact_months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="Counted from the day the round is reported back; from its end, if it never is.",
                        verbose_name="months that contact details are kept",
                    ),
                ),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("is_standing", models.BooleanField(default=False)),
                ("is_demonstration", models.BooleanField(default=False, editable=False)),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        help_text="If there is one.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback round",
                "ordering": ["-opens_at", "-pk"],
                "permissions": [
                    ("run_feedbackround", "Can open and close rounds"),
                    ("read_responses", "Can read and code answers"),
                    ("read_respondents", "Can see who answered"),
                    ("report_feedbackround", "Can say what came of a round"),
                ],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shape",
                    models.CharField(
                        choices=[("answers", "One row for each answer"), ("responses", "One row for each response")],
                        max_length=9,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel workbook"), ("json", "JSON")], max_length=4
                    ),
                ),
                ("is_personal", models.BooleanField(default=False)),
                ("is_full", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("responses", models.PositiveIntegerField(verbose_name="responses in it")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to="feedback.feedbackround"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "description",
                    models.CharField(blank=True, help_text="What belongs here and what doesn’t.", max_length=300),
                ),
                ("sort_order", models.PositiveIntegerField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="feedback.code",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="feedback.feedbackround"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="feedback.feedbackround"
                    ),
                ),
            ],
            options={
                "ordering": ["round", "number"],
            },
        ),
        migrations.CreateModel(
            name="OfficialResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("you_said", models.TextField(max_length=1000)),
                (
                    "decision",
                    models.CharField(
                        choices=[("changed", "Changed"), ("noted", "Noted"), ("not_changed", "Not changed")],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="what we did, and why")),
                ("sort_order", models.PositiveIntegerField(default=0)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correction",
                        to="feedback.officialresponse",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_responses",
                        to="feedback.feedbackround",
                    ),
                ),
                ("writers", models.ManyToManyField(editable=False, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "official_response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="feedback.officialresponse",
                    ),
                ),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sectors.propositionpage"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="sectors.propositionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "ref",
                    models.CharField(help_text="Such as PQ3a.", max_length=8, unique=True, verbose_name="reference"),
                ),
                ("text", models.CharField(max_length=300)),
                (
                    "is_part",
                    models.BooleanField(
                        default=False, help_text="Such as PQ3a under PQ3.", verbose_name="part of the question above"
                    ),
                ),
                (
                    "question_set",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="feedback.questionset"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_key", models.CharField(max_length=32, unique=True)),
                ("reference", models.CharField(blank=True, max_length=12, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("saved", "Begun, not sent"),
                            ("submitted", "Sent"),
                            ("coded", "Coded"),
                            ("moderated", "Checked"),
                            ("published", "Published"),
                            ("withheld", "Not to be published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="saved",
                        max_length=10,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("person", "One person"),
                            ("table", "A table, written down by one of them"),
                            ("paper", "A form on paper, typed in by staff"),
                        ],
                        default="person",
                        max_length=6,
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(default=1)),
                ("return_code_hash", models.CharField(blank=True, db_index=True, max_length=64)),
                ("provenance", models.CharField(blank=True, max_length=160)),
                ("throttle_key", models.CharField(blank=True, editable=False, max_length=24)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="duplicates",
                        to="feedback.response",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="responses", to="feedback.formversion"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="feedback.feedbackround",
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Respondent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("self", "For myself"),
                            ("organisation", "For an organisation"),
                            ("representative", "For a body that represents others"),
                        ],
                        max_length=14,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("organisation", models.CharField(blank=True, max_length=160)),
                ("role", models.CharField(blank=True, max_length=120)),
                ("address", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                ("address_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("sector", models.CharField(blank=True, max_length=60)),
                ("area", models.CharField(blank=True, max_length=60)),
                ("attended", models.BooleanField(null=True)),
                ("may_contact", models.BooleanField(default=False)),
                ("may_quote", models.BooleanField(default=False)),
                (
                    "response",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="respondent", to="feedback.response"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("anchor", models.CharField(max_length=60)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("personal", "Says who somebody is"),
                            ("confidential", "Confidential"),
                            ("abusive", "Abusive"),
                            ("unlawful", "May not be published by law"),
                        ],
                        max_length=12,
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
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="feedback.response"
                    ),
                ),
            ],
            options={
                "ordering": ["anchor", "start", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PropositionResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("strongly_support", "Strongly support"),
                            ("support", "Support"),
                            ("neither", "Neither"),
                            ("oppose", "Oppose"),
                            ("strongly_oppose", "Strongly oppose"),
                            ("unsure", "Unsure"),
                        ],
                        max_length=16,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("missing", models.TextField(blank=True, verbose_name="what is missing")),
                ("ask_government", models.TextField(blank=True, verbose_name="the ask of government")),
                ("role_partners", models.TextField(blank=True, verbose_name="the role of partners")),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.formversion"
                    ),
                ),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sectors.propositionpage"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stances",
                        to="sectors.propositionversion",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stances", to="feedback.response"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeMail",
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
                ("address_hash", models.CharField(db_index=True, max_length=64)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome_mails",
                        to="feedback.feedbackround",
                    ),
                ),
                (
                    "answered",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="outcome_mails",
                        to="feedback.response",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DuplicateDismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feedback.response"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duplicate_dismissals",
                        to="feedback.response",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CompletedCoding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="completed_codings",
                        to="feedback.response",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("anchor", models.CharField(max_length=60)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
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
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codings", to="feedback.code"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="feedback.response"
                    ),
                ),
            ],
            options={
                "ordering": ["anchor", "start", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("anchor", models.CharField(max_length=60)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("digest", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="feedback.response"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.UUIDField(db_index=True)),
                ("text", models.TextField(blank=True)),
                ("chosen", models.JSONField(blank=True, default=list)),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.formversion"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="feedback.response"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Adjudication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("applies", models.BooleanField()),
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
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.code"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adjudications",
                        to="feedback.response",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.CharField(max_length=40)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="feedback.response",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="feedback.feedbackround"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoundSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("text", models.CharField(blank=True, max_length=400)),
                ("code", models.CharField(blank=True, editable=False, max_length=8, null=True, unique=True)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        help_text="Such as a sector.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "round",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="feedback.feedbackround",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoundQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "ref",
                    models.CharField(
                        blank=True,
                        help_text="Of a question in a set, such as PQ3a.",
                        max_length=8,
                        verbose_name="reference",
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("hint", models.CharField(blank=True, max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("long", "Long text"),
                            ("short", "Short text"),
                            ("choice", "One choice"),
                            ("choices", "Several choices"),
                            ("scale", "Scale from strongly agree to strongly disagree"),
                            ("yes_no", "Yes or no"),
                        ],
                        default="long",
                        max_length=8,
                    ),
                ),
                (
                    "choices",
                    models.TextField(
                        blank=True, help_text="One to a line, for questions with choices.", max_length=2000
                    ),
                ),
                ("is_required", models.BooleanField(default=False)),
                ("max_length", models.PositiveIntegerField(default=2000, verbose_name="most characters")),
                (
                    "session",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="feedback.roundsession",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoundProposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sectors.propositionpage"
                    ),
                ),
                (
                    "session",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="propositions",
                        to="feedback.roundsession",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="response",
            name="session",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="responses_through",
                to="feedback.roundsession",
            ),
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.TextField(help_text="What was said, for those who weren’t there.", max_length=1000)),
                ("sort_order", models.PositiveIntegerField(default=0)),
                ("codes", models.ManyToManyField(blank=True, related_name="themes", to="feedback.code")),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="correction",
                        to="feedback.theme",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="themes", to="feedback.feedbackround"
                    ),
                ),
                ("writers", models.ManyToManyField(editable=False, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Quotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("anchor", models.CharField(max_length=60)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_named", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sectors.propositionpage",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="feedback.response"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="quotations",
                        to="feedback.theme",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="officialresponse",
            name="themes",
            field=models.ManyToManyField(blank=True, related_name="official_responses", to="feedback.theme"),
        ),
        migrations.CreateModel(
            name="Wall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(blank=True, max_length=60)),
                ("shows_results", models.BooleanField(default=False)),
                ("steps", models.JSONField(blank=True, default=dict)),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wall", to="feedback.roundsession"
                    ),
                ),
            ],
            options={
                "ordering": ["session"],
            },
        ),
        migrations.AddConstraint(
            model_name="feedbackround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_standing", True)), fields=("is_standing",), name="one_standing_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="code",
            constraint=models.UniqueConstraint(fields=("round", "name"), name="code_name_once"),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(fields=("round", "number"), name="form_version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(
                fields=("official_response", "proposition"), name="one_outcome_a_proposition"
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="redaction_has_length"
            ),
        ),
        migrations.AddConstraint(
            model_name="propositionresponse",
            constraint=models.UniqueConstraint(fields=("response", "proposition"), name="one_stance_a_proposition"),
        ),
        migrations.AddIndex(
            model_name="outcomemail",
            index=models.Index(
                condition=models.Q(("provider_message_id", ""), _negated=True),
                fields=["provider_message_id"],
                name="feedback_outcomemail_name",
            ),
        ),
        migrations.AddIndex(
            model_name="outcomemail",
            index=models.Index(
                condition=models.Q(("state__in", ("pending", "claimed", "sending", "retry"))),
                fields=["state", "due_at"],
                name="outcome_mail_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomemail",
            constraint=models.UniqueConstraint(fields=("round", "address_hash"), name="told_once"),
        ),
        migrations.AddConstraint(
            model_name="duplicatedismissal",
            constraint=models.UniqueConstraint(fields=("response", "other"), name="dismissed_once"),
        ),
        migrations.AddConstraint(
            model_name="completedcoding",
            constraint=models.UniqueConstraint(fields=("response", "by"), name="read_once_by_each"),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="coding_has_length"
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.UniqueConstraint(
                fields=("response", "anchor", "start", "end", "code", "by"), name="coding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="approval_has_length"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("response", "anchor"), name="approved_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("response", "question"), name="one_answer_a_question"),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.UniqueConstraint(fields=("response", "code"), name="settled_once"),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(fields=["round", "state"], name="feedback_re_round_i_5a7061_idx"),
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                condition=models.Q(("throttle_key", ""), _negated=True),
                fields=["throttle_key", "begun_at"],
                name="response_came_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="quotation_has_length"
            ),
        ),
    ]
