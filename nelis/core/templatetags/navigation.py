"""Tags for what surrounds every page: the menus and the settings an editor makes for the site.

All of them are empty where there is no request, as on the page for a server error, and cost one
query together.
"""

from typing import Any

from django import template

from nelis.core.models import SiteSettings
from nelis.core.navigation import MenuGroup, MenuLink, furniture_for

register = template.Library()


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[MenuLink]:
    """The links of the main menu: each with ``label``, ``url`` and ``current``."""
    request: Any = context.get("request")
    return furniture_for(request).main if request else []


@register.simple_tag(takes_context=True)
def footer_menu(context: template.Context) -> list[MenuGroup]:
    """The groups of links at the foot: each with ``title`` and ``items``."""
    request: Any = context.get("request")
    return furniture_for(request).footer if request else []


@register.simple_tag(takes_context=True)
def site_settings(context: template.Context) -> SiteSettings | None:
    """The settings of the site being visited; None outside a request."""
    request: Any = context.get("request")
    return furniture_for(request).settings if request else None
