"""What the post room adds to the admin."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from engagement.post import files
from engagement.post.admin.decisions import ACTIONS
from engagement.post.admin.overview import warnings
from engagement.post.admin.views import VIEW, MailboxView, MailView, PostRoomView, mail_html
from nelis.core.admin.views import PermittedMenuItem


class MailboxMenuItem(PermittedMenuItem):
    """The way to the mailbox, where there is one."""

    def is_shown(self, request: HttpRequest) -> bool:
        return files.in_use() and super().is_shown(request)


class PostPanel(Component):
    """On the first page of the admin, when something about the mail needs looking after."""

    name = "post"
    order = 50
    template_name = "editing/post_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        found = warnings() if self.request.user.has_perm(VIEW) else []
        return {"warnings": found, "address": reverse("post_room")}


# Wagtail lets nobody past these addresses who may not use the admin; the pages ask for the permission.
@hooks.register("register_admin_urls")
def post_addresses() -> list[Any]:
    """The post room, and the mailbox where mail goes to files."""
    return [
        path("post-room/", PostRoomView.as_view(), name="post_room"),
        path("post-room/mailbox/", MailboxView.as_view(), name="post_mailbox"),
        path("post-room/mailbox/<slug:name>/", MailView.as_view(), name="post_mail"),
        path("post-room/mailbox/<slug:name>/html/", mail_html, name="post_mail_html"),
    ]


@hooks.register("register_admin_menu_item")
def post_menu_item() -> MenuItem:
    """In the menu."""
    return PermittedMenuItem("Post room", "post_room", VIEW, name="post-room", icon_name="mail", order=560)


@hooks.register("register_admin_menu_item")
def mailbox_menu_item() -> MenuItem:
    """The mailbox beside it."""
    return MailboxMenuItem("Mailbox", "post_mailbox", VIEW, name="mailbox", icon_name="folder-open-1", order=561)


@hooks.register("construct_homepage_panels")
def post_panel(request: HttpRequest, panels: list[Any]) -> None:
    """On the first page."""
    panels.append(PostPanel(request))


@hooks.register("register_log_actions")
def post_decisions(actions: Any) -> None:
    """What people decide about mails, in the words of the log."""
    for action, words in ACTIONS.values():
        actions.register_action(action, words, words)
