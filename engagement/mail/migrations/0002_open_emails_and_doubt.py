from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="transactionalemail",
            name="transactional_email_open",
        ),
        migrations.AddIndex(
            model_name="transactionalemail",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["state", "due_at"],
                name="mail_transactionalemail_open",
            ),
        ),
        migrations.AddIndex(
            model_name="transactionalemail",
            index=models.Index(
                condition=models.Q(("state", "unknown")),
                fields=["state", "reason"],
                name="mail_transactionalemail_doubt",
            ),
        ),
        migrations.AddConstraint(
            model_name="transactionalemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at__isnull", True),
                    models.Q(("state__in", ("pending", "claimed", "sending", "retry")), _negated=True),
                    _connector="OR",
                ),
                name="mail_transactionalemail_open_is_unsettled",
            ),
        ),
    ]
