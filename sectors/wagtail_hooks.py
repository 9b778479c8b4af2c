"""What the strategy adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from sectors.admin import DirectoryGroup
from sectors.admin.gaps import URL_NAME, GapsMenuItem, GapsPanel, GapsView

register_snippet(DirectoryGroup)


# Wagtail lets nobody past these addresses who may not use the admin.
@hooks.register("register_admin_urls")
def register_gaps_url() -> list[Any]:
    """The work queue."""
    return [path("gaps/", GapsView.as_view(), name=URL_NAME)]


@hooks.register("register_admin_menu_item")
def register_gaps_menu_item() -> GapsMenuItem:
    """In the menu, after what the gaps are closed with."""
    return GapsMenuItem()


@hooks.register("construct_homepage_panels")
def add_gaps_panel(request: HttpRequest, panels: list[Any]) -> None:
    """On the first page."""
    panels.append(GapsPanel(request))
