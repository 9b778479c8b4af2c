from django.db import migrations


def raise_smallest_numbers(apps, schema_editor):
    """Hide two as well as one: whoever knew that a hidden number was below two knew that it was one."""
    apps.get_model("feedback", "FeedbackRound").objects.filter(suppression_threshold__lt=3).update(
        suppression_threshold=3
    )


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0004_open_outcome_mails"),
    ]

    operations = [
        migrations.RunPython(raise_smallest_numbers, migrations.RunPython.noop),
    ]
