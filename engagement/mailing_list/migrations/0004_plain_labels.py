import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mailing_list", "0003_change_of_address"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="suppression",
            name="reason",
            field=models.CharField(
                choices=[
                    ("left", "Left the list"),
                    ("erased", "Asked to be erased"),
                    ("bounced", "Mail to it bounced for good"),
                    ("complained", "Reported our email as unwanted"),
                    ("never", "Asked never to be written to"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="page",
            field=models.ForeignKey(
                blank=True,
                help_text="Subject. Changes to this page, below it and tied to it are news for this topic.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.page",
            ),
        ),
    ]
