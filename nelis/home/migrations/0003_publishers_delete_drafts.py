"""Publishers delete drafts of others that were never published, also with drafts below them."""

from django.db import migrations

from nelis.core.permissions import get_permission, grant_page_permissions

PUBLISHER = "Publisher"
ACTION = "bulk_delete"


def grant(apps, schema_editor):
    # Administrators may have renamed or deleted the group.
    for group in apps.get_model("auth", "Group").objects.filter(name=PUBLISHER):
        grant_page_permissions(apps, group, [ACTION])


def take_back(apps, schema_editor):
    permission = get_permission(apps, f"wagtailcore.{ACTION}_page")
    apps.get_model("wagtailcore", "GroupPagePermission").objects.filter(
        group__name=PUBLISHER, permission=permission
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("home", "0002_groups_and_workflow")]

    operations = [migrations.RunPython(grant, take_back)]
