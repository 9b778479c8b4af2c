"""What complaints add to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks

from engagement.complaints.admin import urls
from engagement.complaints.admin.views import ComplaintsPanel
from nelis.core.admin.views import PermissionMenuItem


# Wagtail lets nobody past these addresses who may not use the admin; each view asks for more.
@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """The staff pages."""
    return [path("complaints/", include(urls))]


@hooks.register("register_admin_menu_item")
def menu_item() -> PermissionMenuItem:
    """The way there."""
    return PermissionMenuItem(
        "Complaints", "complaints_admin:complaints", "complaints.view_complaint", icon_name="comment", order=245
    )


@hooks.register("construct_homepage_panels")
def panel(request: HttpRequest, panels: list[Any]) -> None:
    """On the first page."""
    panels.append(ComplaintsPanel(request))
