from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0003_wrong_codes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outcomemail",
            name="outcome_mail_open",
        ),
        migrations.AddIndex(
            model_name="outcomemail",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["state", "due_at"],
                name="feedback_outcomemail_open",
            ),
        ),
        migrations.AddIndex(
            model_name="outcomemail",
            index=models.Index(
                condition=models.Q(("state", "unknown")), fields=["state", "reason"], name="feedback_outcomemail_doubt"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at__isnull", True),
                    models.Q(("state__in", ("pending", "claimed", "sending", "retry")), _negated=True),
                    _connector="OR",
                ),
                name="feedback_outcomemail_open_is_unsettled",
            ),
        ),
    ]
