from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0005_smallest_number_is_three"),
    ]

    operations = [
        migrations.AlterField(
            model_name="feedbackround",
            name="intro",
            field=models.TextField(help_text="Subject, and what will be done with the answers.", max_length=2000),
        ),
    ]
