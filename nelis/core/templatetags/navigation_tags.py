"""Template tags for what surrounds every page: the site's name, menus and settings.

They are builtins: templates use them without ``{% load %}``.
"""

from typing import Any

from django import template
from django.conf import settings

from nelis.core.models import SiteSettings
from nelis.core.navigation import MenuGroup, MenuLink, site_menus_for

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """Return the name of the site. Needs no request."""
    return settings.SITE_NAME


@register.simple_tag
def site_name_parts() -> tuple[str, ...]:
    """Return the lines of the site's name in the masthead."""
    return settings.SITE_NAME_PARTS


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[MenuLink]:
    """Return the items of the main menu; none outside a request."""
    request: Any = context.get("request")
    return site_menus_for(request).main if request else []


@register.simple_tag(takes_context=True)
def footer_menu(context: template.Context) -> list[MenuGroup]:
    """Return the groups of links in the footer; none outside a request."""
    request: Any = context.get("request")
    return site_menus_for(request).footer if request else []


@register.simple_tag(takes_context=True)
def site_settings(context: template.Context) -> SiteSettings | None:
    """Return the site's settings; None outside a request or before any were saved."""
    request: Any = context.get("request")
    return site_menus_for(request).settings if request else None
