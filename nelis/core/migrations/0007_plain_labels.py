from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_chart_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sitesettings",
            name="footer_heading",
            field=models.CharField(
                blank=True,
                help_text="The large line at the foot of every page, beside the key. Empty for “Key to the lines”.",
                max_length=120,
            ),
        ),
    ]
