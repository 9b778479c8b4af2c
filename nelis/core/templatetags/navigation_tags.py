"""Tags for what surrounds every page: the site's name, menus, notice and the words at the foot.

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
    """The name of the site, from the settings. Needs no request."""
    return settings.SITE_NAME


@register.simple_tag
def site_name_parts() -> tuple[str, ...]:
    """The name of the site in the parts that the masthead sets on lines of their own."""
    return settings.SITE_NAME_PARTS


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
