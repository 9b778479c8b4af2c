import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_source_read_in_part"),
        ("home", "0003_publishers_delete_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="step",
            name="known",
            field=models.CharField(
                blank=True,
                help_text="In a few words, such as “Confirmed in part” or “We hold no public record that it was published”.",
                max_length=120,
                verbose_name="what is known of it",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="known_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evidence.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="known_text",
            field=models.TextField(blank=True, max_length=500, verbose_name="what the records say"),
        ),
        migrations.AddField(
            model_name="step",
            name="other_known_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evidence.source",
                verbose_name="other source",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="record_held",
            field=models.BooleanField(default=False, verbose_name="a record of it is held"),
        ),
        migrations.AddField(
            model_name="timelineevent",
            name="other_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evidence.source",
            ),
        ),
        migrations.AddField(
            model_name="timelinepage",
            name="first_day",
            field=models.DateField(
                blank=True,
                help_text="The first day of the period. Leave empty for everything up to its last day.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="timelinepage",
            name="last_day",
            field=models.DateField(
                blank=True,
                help_text="The last day of the period. Leave empty for everything from its first day.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="timelinepage",
            name="shows_steps",
            field=models.BooleanField(
                default=True,
                help_text="What was announced for the time after, and what is known of it since.",
                verbose_name="show the next steps",
            ),
        ),
    ]
