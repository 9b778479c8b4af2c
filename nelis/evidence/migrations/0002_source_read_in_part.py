from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="read_in_part",
            field=models.BooleanField(default=False, help_text="Tick if only a part of it was read."),
        ),
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("web_page", "Web page"),
                    ("slides", "Slides"),
                    ("article", "Article"),
                    ("report", "Report"),
                    ("review", "Review"),
                    ("audit", "Audit"),
                    ("statistics", "Statistics"),
                    ("papers", "Board papers"),
                    ("plan", "Plan"),
                    ("press", "Press report"),
                    ("third_party", "Page of a third party"),
                ],
                max_length=20,
            ),
        ),
    ]
