from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="changeentry",
            name="path",
            field=models.CharField(blank=True, db_index=True, max_length=500),
        ),
    ]
