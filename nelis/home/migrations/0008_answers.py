"""Who reads answers, who sees whose they are, and who says what came of them."""

from django.db import migrations

from nelis.core.grants import grant, make_permissions

GRANTED = {
    "Analyst": ["feedback.read_responses"],
    "Engagement officer": ["feedback.read_respondents", "feedback.report_feedbackround"],
    "Administrator": ["feedback.read_respondents", "feedback.report_feedbackround"],
}


def give(apps, schema_editor):
    make_permissions(apps, ["feedback"], schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    for name, permissions in GRANTED.items():
        grant(apps, Group.objects.get(name=name), permissions)


def take(apps, schema_editor):
    for name, permissions in GRANTED.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        codenames = [one.split(".")[1] for one in permissions]
        group.permissions.remove(*group.permissions.filter(content_type__app_label="feedback", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("home", "0007_feedback"), ("feedback", "0003_reading_and_reporting")]

    operations = [migrations.RunPython(give, take)]
