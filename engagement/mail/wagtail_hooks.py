"""Email delivery in the admin: menu items, URLs, the panel of warnings, log actions."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from engagement.mail import file_backend
from engagement.mail.admin.decisions import ACTIONS
from engagement.mail.admin.overview import warnings
from engagement.mail.admin.views import (
    VIEW_PERMISSION,
    EmailDeliveryView,
    SentEmailListView,
    SentEmailView,
    sent_email_html,
)
from nelis.core.admin.views import PermissionMenuItem


class SentEmailMenuItem(PermissionMenuItem):
    """Shown only where emails go to files."""

    def is_shown(self, request: HttpRequest) -> bool:
        return file_backend.is_in_use() and super().is_shown(request)


class MailWarningsPanel(Component):
    """On the home page of the admin, when email delivery needs looking after."""

    name = "mail"
    order = 50
    template_name = "admin/mail/delivery_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_view = self.request.user.has_perm(VIEW_PERMISSION)
        return {"warnings": warnings() if may_view else [], "url": reverse("email_delivery")}


# Wagtail lets nobody past these URLs who may not use the admin; the views ask for the permission.
@hooks.register("register_admin_urls")
def register_admin_urls() -> list[Any]:
    """The pages of ``admin/views.py``."""
    return [
        path("email-delivery/", EmailDeliveryView.as_view(), name="email_delivery"),
        path("email-delivery/sent/", SentEmailListView.as_view(), name="sent_email_list"),
        path("email-delivery/sent/<slug:name>/", SentEmailView.as_view(), name="sent_email"),
        path("email-delivery/sent/<slug:name>/html/", sent_email_html, name="sent_email_html"),
    ]


@hooks.register("register_admin_menu_item")
def email_delivery_menu_item() -> MenuItem:
    """“Email delivery” in the menu."""
    return PermissionMenuItem(
        "Email delivery", "email_delivery", VIEW_PERMISSION, name="email-delivery", icon_name="mail", order=560
    )


@hooks.register("register_admin_menu_item")
def sent_email_menu_item() -> MenuItem:
    """“Sent email (test)” in the menu."""
    return SentEmailMenuItem(
        "Sent email (test)",
        "sent_email_list",
        VIEW_PERMISSION,
        name="sent-email",
        icon_name="folder-open-1",
        order=561,
    )


@hooks.register("construct_homepage_panels")
def add_warnings_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel of warnings."""
    panels.append(MailWarningsPanel(request))


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """The decisions of people about emails."""
    for action, label in ACTIONS.values():
        actions.register_action(action, label, label)
