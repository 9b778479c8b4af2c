from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_menu_by_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="drawnchart",
            name="description",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="drawnchart",
            name="is_public",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="drawnchart",
            name="png",
            field=models.BinaryField(blank=True, default=bytes),
        ),
    ]
