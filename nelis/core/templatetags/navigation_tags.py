"""Template tags for what surrounds every page: the site's name, menus and settings.

They are builtins: templates use them without ``{% load %}``.
"""

from typing import Any

from django import template
from django.conf import settings

from nelis.core.models import SiteSettings
from nelis.core.navigation import SiteMenus, site_menus_for

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """Return the name of the site. Needs no request."""
    return settings.SITE_NAME


@register.simple_tag
def environment_name() -> str:
    """Return what this installation is called in the admin, such as “Trial”; empty for none."""
    return str(settings.ENVIRONMENT_NAME)


@register.simple_tag
def site_name_parts() -> tuple[str, ...]:
    """Return the lines of the site's name in the masthead."""
    return settings.SITE_NAME_PARTS


@register.simple_tag(takes_context=True)
def site_menus(context: template.Context) -> SiteMenus:
    """Return the menus: ``main``, ``groups`` and ``foot``; empty ones outside a request."""
    request: Any = context.get("request")
    return site_menus_for(request) if request else SiteMenus()


@register.simple_tag(takes_context=True)
def site_settings(context: template.Context) -> SiteSettings | None:
    """Return the site's settings; None outside a request or before any were saved."""
    return site_menus(context).settings
