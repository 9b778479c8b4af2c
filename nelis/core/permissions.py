"""Giving permissions to groups in migrations, where permissions may not have been made yet.

Django and Wagtail make permissions after all migrations have run, so a migration that grants some must
make them first. Every function takes the migration's own ``apps``. Permissions are named as elsewhere in
Django: ``"evidence.change_statistic"``.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

__all__ = ["ensure_permissions", "grant_collection_permissions", "grant_page_permissions", "grant_permissions"]

#: What Wagtail adds to Django's add, change, delete and view, for snippets that can do it.
WAGTAIL_ACTIONS = ("publish", "lock", "unlock")


def ensure_permissions(apps: Any, labels: Iterable[str], using: str) -> None:
    """Make every permission that Django would make after the migration for the apps in ``labels``."""
    for label in labels:
        create_permissions(installed.get_app_config(label), apps=apps, verbosity=0, using=using)


def get_permission(apps: Any, name: str) -> Any:
    """The permission called ``name``, made if it is one of Wagtail's extras and isn't there yet."""
    Permission = apps.get_model("auth", "Permission")
    label, codename = name.split(".")
    found = Permission.objects.filter(content_type__app_label=label, codename=codename).first()
    if found is not None:
        return found
    action, _, model = codename.partition("_")
    if action not in WAGTAIL_ACTIONS:
        raise LookupError(f"There is no permission {name}.")
    kind = apps.get_model("contenttypes", "ContentType").objects.get(app_label=label, model=model)
    verbose_name = installed.get_model(label, model)._meta.verbose_name_raw
    return Permission.objects.create(content_type=kind, codename=codename, name=f"Can {action} {verbose_name}")


def grant_permissions(apps: Any, group: Any, names: Iterable[str]) -> None:
    """Let ``group`` do what ``names`` say, everywhere."""
    group.permissions.add(*(get_permission(apps, name) for name in names))


def grant_page_permissions(apps: Any, group: Any, actions: Iterable[str]) -> None:
    """Let ``group`` do ``actions`` (add, change, publish, bulk_delete, lock, unlock) on every page."""
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    for action in actions:
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=get_permission(apps, f"wagtailcore.{action}_page")
        )


def grant_collection_permissions(apps: Any, group: Any, names: Iterable[str]) -> None:
    """Let ``group`` do what ``names`` say with images, documents and collections in every collection."""
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    for name in names:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=get_permission(apps, name)
        )
