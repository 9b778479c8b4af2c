"""Wagtail's user management with our viewset."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Replaces ``wagtail.users`` in INSTALLED_APPS."""

    user_viewset = "nelis.core.admin.viewsets.UserViewSet"
