"""Grant permissions to groups in migrations, where they may not have been created yet.

Django and Wagtail create permissions after all migrations have run, so a migration that grants some must create them
first. Every function takes the migration's own ``apps``. Permissions are named as elsewhere in Django:
``"evidence.change_statistic"``.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

__all__ = ["ensure_permissions", "grant_collection_permissions", "grant_page_permissions", "grant_permissions"]

#: Wagtail adds these to Django's add, change, delete and view, for snippets that support them.
WAGTAIL_ACTIONS = ("publish", "lock", "unlock")


def ensure_permissions(apps: Any, labels: Iterable[str], using: str) -> None:
    """Create the permissions that Django would create after the migration for the apps in ``labels``."""
    for label in labels:
        create_permissions(installed.get_app_config(label), apps=apps, verbosity=0, using=using)


def get_permission(apps: Any, name: str) -> Any:
    """Return the permission ``name``; create it if it is one of Wagtail's and isn't there yet."""
    Permission = apps.get_model("auth", "Permission")
    label, codename = name.split(".")
    existing = Permission.objects.filter(content_type__app_label=label, codename=codename).first()
    if existing is not None:
        return existing
    action, _, model = codename.partition("_")
    if action not in WAGTAIL_ACTIONS:
        raise LookupError(f"There is no permission {name}.")
    content_type = apps.get_model("contenttypes", "ContentType").objects.get(app_label=label, model=model)
    verbose_name = installed.get_model(label, model)._meta.verbose_name_raw
    return Permission.objects.create(content_type=content_type, codename=codename, name=f"Can {action} {verbose_name}")


def grant_permissions(apps: Any, group: Any, names: Iterable[str]) -> None:
    """Grant the permissions ``names`` to ``group``."""
    group.permissions.add(*(get_permission(apps, name) for name in names))


def grant_page_permissions(apps: Any, group: Any, actions: Iterable[str]) -> None:
    """Grant ``actions`` (add, change, publish, bulk_delete, lock, unlock) on all pages to ``group``."""
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    for action in actions:
        GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=get_permission(apps, f"wagtailcore.{action}_page")
        )


def grant_collection_permissions(apps: Any, group: Any, names: Iterable[str]) -> None:
    """Grant the permissions ``names`` on images, documents and collections in all collections to ``group``."""
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    for name in names:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=get_permission(apps, name)
        )
