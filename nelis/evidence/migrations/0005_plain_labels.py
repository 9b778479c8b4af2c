from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_uploaded_figures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="held",
            field=models.BooleanField(
                default=False, help_text="Untick for a document known by name only.", verbose_name="we hold it"
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="status",
            field=models.CharField(
                blank=True,
                choices=[("published", "Published"), ("commissioned", "Commissioned"), ("planned", "Planned")],
                help_text="Status, by what a source says. Leave empty if none says.",
                max_length=12,
            ),
        ),
    ]
