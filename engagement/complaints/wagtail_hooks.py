"""Complaints in the admin: URLs, menu item and panel."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks

from engagement.complaints.admin import urls
from engagement.complaints.admin.views import ComplaintsPanel
from nelis.core.admin.views import PermissionMenuItem


# Wagtail keeps out whoever may not use the admin; each view checks its own permission.
@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Add the staff pages."""
    return [path("complaints/", include(urls))]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> PermissionMenuItem:
    """Add the menu item."""
    return PermissionMenuItem(
        "Complaints", "complaints_admin:complaints", "complaints.view_complaint", icon_name="comment", order=245
    )


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel to the first page."""
    panels.append(ComplaintsPanel(request))
