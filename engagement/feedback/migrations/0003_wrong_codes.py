from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_results_edition")]

    operations = [
        migrations.RenameModel("WrongReference", "WrongCode"),
        migrations.AddField(
            "wrongcode", "typed_hash", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddIndex("wrongcode", models.Index(fields=["network_hash", "at"], name="wrong_code_network")),
    ]
