"""Wagtail's management of users, with our forms."""

from wagtail.users.apps import WagtailUsersAppConfig

__all__ = ["UsersConfig"]


class UsersConfig(WagtailUsersAppConfig):
    """Takes the place of ``wagtail.users``."""

    user_viewset = "nelis.core.admin.users.UserViewSet"
