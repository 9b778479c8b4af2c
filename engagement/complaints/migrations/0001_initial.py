import django.db.models.deletion
import django.utils.timezone
import engagement.complaints.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=12, unique=True)),
                ("client_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("address", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                ("text", models.TextField(blank=True, max_length=5000)),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "Received"), ("acknowledged", "Acknowledged"), ("answered", "Answered")],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("acknowledge_by", models.DateField(default=engagement.complaints.models.default_acknowledge_by)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True, max_length=5000)),
                ("anonymised_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-received_at"],
                "indexes": [models.Index(fields=["state", "acknowledge_by"], name="complaints__state_f8db33_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at", None), ("state", "received")),
                            models.Q(
                                models.Q(("state", "received"), _negated=True),
                                models.Q(("acknowledged_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="acknowledged_complaints_say_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), models.Q(("answered_at", None), _negated=True)),
                            models.Q(models.Q(("state", "answered"), _negated=True), ("answered_at", None)),
                            _connector="OR",
                        ),
                        name="answered_complaints_say_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("acknowledged", "Acknowledged"),
                            ("answered", "Answered"),
                            ("note", "Note"),
                            ("anonymised", "Personal data deleted"),
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
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
    ]
