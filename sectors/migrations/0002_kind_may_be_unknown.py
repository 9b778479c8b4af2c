from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sectors", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="projectpage",
            name="project_kind",
            field=models.CharField(
                choices=[
                    ("site", "Site"),
                    ("facility", "Facility"),
                    ("programme", "Programme"),
                    ("service", "Service or initiative"),
                    ("plan", "Plan"),
                    ("unknown", "Not stated by a source"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
