"""The mailing list in the admin: URLs, menu, panel, and topics as snippets."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.snippets.models import register_snippet

from engagement.mailing_list.admin import urls
from engagement.mailing_list.admin.overview import CircuitBreakerPanel
from engagement.mailing_list.models import Topic
from nelis.core.admin.views import PermissionMenuItem
from nelis.core.admin.viewsets import SiteViewSet, column


class TopicViewSet(SiteViewSet):
    """Topics, as snippets."""

    model = Topic
    icon = "mail"
    menu_label = "Mailing list topics"
    list_select_related = ("page",)
    list_display = [
        "name",
        column("Group", "get_group_display", sort_key="group"),
        column("About", "page"),
        column("Can be chosen", lambda topic: "Yes" if topic.is_open else "No", sort_key="is_open"),
    ]
    list_filter = ["group", "is_open"]
    search_fields = ["name", "slug", "hint"]
    inspect_view_fields = ["name", "slug", "group", "hint", "page", "order", "is_open"]


register_snippet(TopicViewSet)


# Wagtail keeps out whoever may not use the admin; each view checks its own permission.
@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Add the staff pages."""
    return [path("mailing-list/", include(urls))]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> SubmenuMenuItem:
    """Add the menu. Each item shows for those who may open its page."""
    pages = (
        ("Overview", "overview", "view_subscription", "mail"),
        ("Subscriptions", "subscriptions", "view_subscription", "group"),
        ("Add by hand", "add", "add_subscription", "plus"),
        ("Import subscribers", "import", "add_importbatch", "upload"),
        ("Suppressed addresses", "suppressions", "view_suppression", "lock"),
    )
    items = [
        PermissionMenuItem(
            label, f"mailing_list_admin:{name}", f"mailing_list.{permission}", icon_name=icon, order=order
        )
        for order, (label, name, permission, icon) in enumerate(pages)
    ]
    return SubmenuMenuItem("Mailing list", Menu(items=items), icon_name="mail", order=240, name="mailing-list")


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel to the first page."""
    panels.append(CircuitBreakerPanel(request))
