from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="is_set_apart",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="complaintevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("acknowledged", "Acknowledged"),
                    ("answered", "Answered"),
                    ("note", "Note"),
                    ("anonymised", "Personal data deleted"),
                    ("set_apart", "Received in a flood, and set apart"),
                    ("taken_back", "Put among the others"),
                    ("discarded", "Discarded with a flood, and emptied"),
                ],
                max_length=12,
            ),
        ),
    ]
