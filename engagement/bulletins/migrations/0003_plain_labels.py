from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bulletins", "0002_open_deliveries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bulletin",
            name="is_public",
            field=models.BooleanField(
                default=True,
                help_text="From the moment it is sent, anybody can read it in the archive, and the email has a link to it.",
                verbose_name="on the web",
            ),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="preheader",
            field=models.CharField(
                blank=True, help_text="The words that email programs show after the subject.", max_length=140
            ),
        ),
    ]
