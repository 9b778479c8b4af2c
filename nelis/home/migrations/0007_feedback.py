"""Who may do what with rounds of feedback. Answers are read by engagement officers and administrators alone."""

from django.db import migrations

from nelis.core.grants import grant, make_permissions

GROUPS = ["Content editor", "Analyst", "Engagement officer", "Publisher", "Administrator"]
RUN_ROUNDS = [
    "feedback.add_feedbackround",
    "feedback.change_feedbackround",
    "feedback.run_feedbackround",
    "feedback.read_responses",
]


def give(apps, schema_editor):
    make_permissions(apps, ["feedback"], schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    for name in GROUPS:
        grant(apps, Group.objects.get(name=name), ["feedback.view_feedbackround"])
    for name in ("Engagement officer", "Administrator"):
        grant(apps, Group.objects.get(name=name), RUN_ROUNDS)
    grant(apps, Group.objects.get(name="Administrator"), ["feedback.delete_feedbackround"])


def take(apps, schema_editor):
    apps.get_model("auth", "Group").permissions.through.objects.filter(
        permission__content_type__app_label="feedback", permission__content_type__model="feedbackround"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("home", "0006_engagement"), ("feedback", "0002_rounds")]

    operations = [migrations.RunPython(give, take)]
