from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mailing_list", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="circuitbreaker",
            name="network_hash",
            field=models.CharField(blank=True, default="", max_length=64, unique=True),
        ),
        migrations.AlterField(
            model_name="formattempt",
            name="mailed_at",
            field=models.DateTimeField(blank=True, db_index=True, null=True),
        ),
        migrations.AlterField(
            model_name="staffaction",
            name="action",
            field=models.CharField(
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
                    ("discarded", "Discarded sign-ups of one network"),
                ],
                max_length=10,
            ),
        ),
    ]
