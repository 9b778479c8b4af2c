"""Wagtail's user management with our viewsets."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Replaces ``wagtail.users`` in INSTALLED_APPS."""

    user_viewset = "nelis.core.admin.accounts.UserViewSet"
    group_viewset = "nelis.core.admin.accounts.GroupViewSet"
