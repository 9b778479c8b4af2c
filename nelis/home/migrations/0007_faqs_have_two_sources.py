import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_uploaded_figures"),
        ("home", "0006_who_imports_figures"),
    ]

    operations = [
        migrations.AddField(
            model_name="faq",
            name="other_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evidence.source",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="output",
            field=models.CharField(blank=True, max_length=200, verbose_name="output"),
        ),
        migrations.AlterField(
            model_name="step",
            name="status",
            field=models.CharField(
                choices=[("done", "Done"), ("now", "Under way"), ("ahead", "Planned")], default="ahead", max_length=8
            ),
        ),
    ]
