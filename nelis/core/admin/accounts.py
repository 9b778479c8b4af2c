"""Accounts and groups in the admin: Wagtail's views, with our rule of who may change whom (``privileges.py``)."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.settings.forms import SitePermissionForm
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.forms import GroupForm
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction

from nelis.core.privileges import Privilege, beyond, grantable_groups, may_grant, may_manage, site_place

__all__ = ["BULK_ACTIONS", "GroupViewSet", "UserViewSet"]


class AccountPermissionPolicy(ModelPermissionPolicy):
    """Permissions on accounts: a change of one needs at least what it holds."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action) and (action == "view" or may_manage(user, instance))


class AccountFormMixin:
    """Offer the groups that the actor may give; only superusers make superusers."""

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
            form.fields["groups"].queryset = grantable_groups(self.request.user)
        return form


class AccountMixin:
    """Refuse to open an account that holds more than the actor. ``permission_required`` names the action."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view: Any = self
        # With a new password or email address for a higher account, anybody could sign in to it.
        if not view.user_has_permission_for_instance(view.permission_required, view.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # as above


class UserCreateView(AccountFormMixin, users.CreateView):
    """Create an account."""


class UserEditView(AccountMixin, AccountFormMixin, users.EditView):
    """Edit an account."""


class UserDeleteView(AccountMixin, users.DeleteView):
    """Delete an account."""


class UserViewSet(users.UserViewSet):
    """Accounts. Wagtail lets whoever may change them make superusers, and reset a superuser's password."""

    add_view_class = UserCreateView
    edit_view_class = UserEditView
    delete_view_class = UserDeleteView
    # Wagtail's copy saves over the account that it copies.
    copy_view_enabled = False

    @property
    def permission_policy(self) -> AccountPermissionPolicy:
        return AccountPermissionPolicy(self.model)


class BulkAccountMixin:
    """Leave out the accounts that the actor may not change; Wagtail's page names them."""

    request: HttpRequest

    def check_perm(self, obj: Any) -> bool:
        allowed: bool = super().check_perm(obj)  # type: ignore[misc]  # a mixin: the bulk action has it
        return allowed and may_manage(self.request.user, obj)


class AssignGroup(BulkAccountMixin, AssignRoleBulkAction):
    """Put accounts in a group that the actor may give."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.fields["role"].queryset = grantable_groups(self.request.user)
        return form


class SetActive(BulkAccountMixin, SetActiveStateBulkAction):
    """Lock accounts out, or let them in again."""


class DeleteAccounts(BulkAccountMixin, DeleteBulkAction):
    """Delete accounts."""


#: Each takes the place of Wagtail's of the same name.
BULK_ACTIONS = (AssignGroup, SetActive, DeleteAccounts)


class UninterruptedGroupForm(GroupForm):
    """Wagtail's form, which takes permissions that it doesn't offer away and gives them back, without that moment."""

    def clean_permissions(self) -> QuerySet[Permission]:
        chosen = Q(pk__in=self.cleaned_data["permissions"])
        if self.instance.pk:
            chosen |= Q(pk__in=self.instance.permissions.exclude(pk__in=self.registered_permissions))
        return Permission.objects.filter(chosen)


class GroupMixin:
    """Refuse to give a group what the actor doesn't hold, in the form or its panels of pages, files and sites."""

    request: HttpRequest
    permission_panel_forms: list[Any]

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]  # a mixin: the view has it
            return False
        refused = beyond(self.request.user, self.wanted_privileges(form))
        if refused:
            names = Permission.objects.filter(pk__in=[permission for permission, _ in refused]).order_by("name")
            words = ", ".join(names.values_list("name", flat=True))
            form.add_error(None, f"You can’t give a group what you may not do yourself: {words}.")
            view: Any = self
            view.produced_error_message = view.get_error_message()
        return not refused

    def wanted_privileges(self, form: Any) -> Iterable[Privilege]:
        """Say what the group would hold once the form is saved."""
        yield from ((permission.pk, "") for permission in form.cleaned_data["permissions"])
        for panel in self.permission_panel_forms:
            if isinstance(panel, SitePermissionForm):
                yield from ((panel.permission.pk, site_place(site.pk)) for site in panel.cleaned_data["sites"])
                continue
            for row in panel.forms:
                # An empty row says nothing.
                if row.cleaned_data and row not in panel.deleted_forms:
                    place = row.cleaned_data.get("page") or row.cleaned_data["collection"]
                    yield from ((permission.pk, place.path) for permission in row.cleaned_data["permissions"])


class ExistingGroupMixin:
    """Refuse to open a group that holds more than the actor."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view: Any = self
        if not may_grant(request.user, view.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it


class GroupCreateView(GroupMixin, groups.CreateView):
    """Create a group."""


class GroupEditView(ExistingGroupMixin, GroupMixin, groups.EditView):
    """Say what members of a group may do."""


class GroupDeleteView(ExistingGroupMixin, groups.DeleteView):
    """Delete a group."""


class GroupViewSet(groups.GroupViewSet):
    """Groups. Wagtail lets whoever may change them give any permission, to a group of their own too."""

    model = Group
    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    delete_view_class = GroupDeleteView

    def get_form_class(self, for_update: bool = False) -> type[GroupForm]:
        return UninterruptedGroupForm
