"""Who may change which account or group: nobody gives what they don't hold, or touches what holds more than they do.

A privilege is a permission with the part of the site it is for. Superusers hold all of them.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission

__all__ = [
    *("Privilege", "beyond", "grantable_groups", "group_privileges", "may_grant", "may_manage", "refuse_change"),
    *("refuse_grant", "site_place"),
]

#: The primary key of a permission, and where it holds: below the page or collection with this path, on a site
#: (``site_place``), or "" for everything of a kind.
Privilege = tuple[int, str]
SITE = "site "


def site_place(key: int) -> str:
    """Name the site with this primary key as the place where a permission holds."""
    return f"{SITE}{key}"


def group_privileges(groups: Iterable[Group]) -> set[Privilege]:
    """Return what members of ``groups`` may do. Four queries."""
    groups = list(groups)
    on_models = Permission.objects.filter(group__in=groups).values_list("pk", flat=True)
    on_pages = GroupPagePermission.objects.filter(group__in=groups).values_list("permission", "page__path")
    on_files = GroupCollectionPermission.objects.filter(group__in=groups).values_list("permission", "collection__path")
    on_sites = GroupSitePermission.objects.filter(group__in=groups).values_list("permission", "site")
    return {
        *((permission, "") for permission in on_models),
        *on_pages,
        *on_files,
        *((permission, site_place(site)) for permission, site in on_sites),
    }


def account_privileges(account: Any) -> set[Privilege]:
    """Return what an account may do, also one that isn't active; a superuser may do more than this says."""
    own = account.user_permissions.values_list("pk", flat=True)
    return {*((permission, "") for permission in own), *group_privileges(account.groups.all())}


def beyond(actor: Any, wanted: Iterable[Privilege]) -> set[Privilege]:
    """Return those of ``wanted`` that ``actor`` doesn't hold."""
    if actor.is_superuser:
        return set()
    held = account_privileges(actor)
    return {
        (permission, place)
        for permission, place in wanted
        if not any((permission, wider) in held for wider in _including(place))
    }


def _including(place: str) -> list[str]:
    """Return ``place``, and the places that it is part of: all sites, or pages and collections above it."""
    if place.startswith(SITE):
        return [place, ""]
    return [place, *(place[:end] for end in range(1, len(place)))]


def may_manage(actor: Any, account: Any) -> bool:
    """Return whether ``actor`` may change or delete ``account``: it holds nothing that they don't."""
    if actor.is_superuser:
        return True
    return not account.is_superuser and not beyond(actor, account_privileges(account))


def may_grant(actor: Any, group: Group) -> bool:
    """Return whether ``actor`` may put people in ``group``, or change it: it gives nothing that they don't hold."""
    return not beyond(actor, group_privileges([group]))


def grantable_groups(actor: Any) -> QuerySet[Group]:
    """Return the groups that ``actor`` may put people in."""
    return Group.objects.filter(pk__in=[group.pk for group in Group.objects.all() if may_grant(actor, group)])


# --- Signal handlers -------------------------------------------------------------------------------
# The forms of accounts and groups ask first, and say so in words. These hold at every other address of the admin, ours
# or Wagtail's. Its requests are known by their log context: commands, migrations and signing in have none.


def refuse_change(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Refuse to save or delete an account or a group that holds more than the actor, and to make a superuser."""
    actor = get_active_log_context().user
    if actor is None or actor.is_superuser:
        return
    # As it is stored: what is about to be saved may say otherwise.
    stored = sender._default_manager.filter(pk=instance.pk).first()
    is_allowed = may_grant if sender is Group else may_manage
    if getattr(instance, "is_superuser", False) or (stored and not is_allowed(actor, stored)):
        raise PermissionDenied


def refuse_grant(sender: Any, instance: Any, action: str, model: Any, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Refuse to change the groups or permissions of what holds, or would hold, more than the actor."""
    actor = get_active_log_context().user
    if not action.startswith("pre_") or actor is None or actor.is_superuser:
        return
    rows = [instance, *model._default_manager.filter(pk__in=pk_set or ())]
    permissions = [(row.pk, "") for row in rows if isinstance(row, Permission)]
    is_allowed = (
        all(may_manage(actor, row) for row in rows if isinstance(row, get_user_model()))
        and all(may_grant(actor, row) for row in rows if isinstance(row, Group))
        and not beyond(actor, permissions)
    )
    if not is_allowed:
        raise PermissionDenied
