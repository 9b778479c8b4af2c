"""Tags for what surrounds every page: menus, notice and the words at the foot."""

from typing import Any

from django import template

from nelis.core.models import SiteSettings
from nelis.core.navigation import MenuGroup, MenuLink, site_menus_for

register = template.Library()


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[MenuLink]:
    """The items of the main menu; empty outside a request."""
    request: Any = context.get("request")
    return site_menus_for(request).main if request else []


@register.simple_tag(takes_context=True)
def footer_menu(context: template.Context) -> list[MenuGroup]:
    """The groups of links at the foot; empty outside a request."""
    request: Any = context.get("request")
    return site_menus_for(request).footer if request else []


@register.simple_tag(takes_context=True)
def site_settings(context: template.Context) -> SiteSettings | None:
    """What an editor set for the site; None outside a request or before anything was set."""
    request: Any = context.get("request")
    return site_menus_for(request).settings if request else None
