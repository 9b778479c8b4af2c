"""What the mailing list adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.snippets.models import register_snippet

from engagement.mailing_list.admin import urls
from engagement.mailing_list.admin.overview import CircuitBreakerPanel
from engagement.mailing_list.admin.topics import TopicViewSet
from nelis.core.admin.views import PermissionMenuItem

register_snippet(TopicViewSet)


# Wagtail lets nobody past these addresses who may not use the admin; each view asks for more.
@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """The staff pages."""
    return [path("mailing-list/", include(urls))]


@hooks.register("register_admin_menu_item")
def menu_item() -> SubmenuMenuItem:
    """The way there, for those who may see people's data."""
    lines = (
        ("Overview", "overview", "view_subscription", "mail"),
        ("Subscriptions", "subscriptions", "view_subscription", "group"),
        ("Add by hand", "add", "add_subscription", "plus"),
        ("Import subscribers", "import", "add_importbatch", "upload"),
        ("Suppressed addresses", "suppressions", "view_suppression", "lock"),
    )
    items = [
        PermissionMenuItem(label, f"mailing_list_admin:{name}", f"mailing_list.{asked}", icon_name=icon, order=order)
        for order, (label, name, asked, icon) in enumerate(lines)
    ]
    return SubmenuMenuItem("Mailing list", Menu(items=items), icon_name="mail", order=240, name="mailing-list")


@hooks.register("construct_homepage_panels")
def panel(request: HttpRequest, panels: list[Any]) -> None:
    """On the first page."""
    panels.append(CircuitBreakerPanel(request))
