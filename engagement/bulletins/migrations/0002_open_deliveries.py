from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bulletins", "0001_initial"),
        ("mailing_list", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_open",
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["state", "due_at"],
                name="bulletins_delivery_open",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "unknown")), fields=["state", "reason"], name="bulletins_delivery_doubt"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at__isnull", True),
                    models.Q(("state__in", ("pending", "claimed", "sending", "retry")), _negated=True),
                    _connector="OR",
                ),
                name="bulletins_delivery_open_is_unsettled",
            ),
        ),
    ]
