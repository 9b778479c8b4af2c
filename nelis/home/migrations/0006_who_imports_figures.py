"""Who keeps series and imports figures: analysts and administrators. Everybody may look."""

from django.db import migrations

from nelis.core.permissions import ensure_permissions, get_permission, grant_permissions

EVERYBODY = ["Content editor", "Analyst", "Engagement officer", "Publisher", "Administrator"]
LOOKED_AT = [
    "evidence.view_indicator",
    "evidence.view_series",
    "evidence.view_seriesbreak",
    "evidence.view_vintage",
]
#: Adding an indicator or a series shows nothing until figures come. Changing one changes public pages at once.
ADDED = ["evidence.add_indicator", "evidence.add_series", "evidence.add_seriesbreak", "evidence.add_vintage"]
CHANGED = ["evidence.change_indicator", "evidence.change_series", "evidence.change_seriesbreak"]
DELETED = ["evidence.delete_indicator", "evidence.delete_series", "evidence.delete_seriesbreak"]
#: Withdrawing a release.
WITHDRAWN = ["evidence.change_vintage"]

GRANTS = {
    "Analyst": [*ADDED, *WITHDRAWN],
    "Administrator": [*ADDED, *CHANGED, *DELETED, *WITHDRAWN],
}


def grant(apps, schema_editor):
    ensure_permissions(apps, ["evidence"], schema_editor.connection.alias)
    # Administrators may have renamed or deleted a group.
    for group in apps.get_model("auth", "Group").objects.filter(name__in=EVERYBODY):
        grant_permissions(apps, group, [*LOOKED_AT, *GRANTS.get(group.name, [])])


def take_back(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=EVERYBODY):
        names = [*LOOKED_AT, *GRANTS.get(group.name, [])]
        group.permissions.remove(*(get_permission(apps, name) for name in names))


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_answers_for_actions"),
        ("evidence", "0004_uploaded_figures"),
    ]

    operations = [migrations.RunPython(grant, take_back)]
