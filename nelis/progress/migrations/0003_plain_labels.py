import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0005_plain_labels"),
        ("progress", "0002_statements_and_series"),
    ]

    operations = [
        migrations.AlterField(
            model_name="targetpage",
            name="latest",
            field=models.ForeignKey(
                blank=True,
                help_text="A figure for progress. Leave empty if none is held.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.statistic",
            ),
        ),
    ]
