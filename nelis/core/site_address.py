"""The address of the site: ``BASE_URL`` from the environment, and no other.

A request's host, the table of sites and the address of a proxy are no truths beside it. Canonical links, link previews,
feeds, the sitemap, calendars and emails all take it from here.
"""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from wagtail.models import Site

__all__ = ["absolute_url", "follow_base_url", "site_host", "split_base_url"]

DEFAULT_PORTS = {"http": 80, "https": 443}


def absolute_url(path: str) -> str:
    """Return the full address of a path on this site; an address that is one already stays as it is."""
    return f"{settings.BASE_URL}{path}" if path.startswith("/") else path


def split_base_url() -> SplitResult:
    """Return ``BASE_URL`` in its parts."""
    return urlsplit(settings.BASE_URL)


def site_host() -> str:
    """Return the host in ``BASE_URL``, without a port."""
    return split_base_url().hostname or "localhost"


def follow_base_url(sender: type[Site], instance: Site, **kwargs: Any) -> None:
    """Give the default site in Wagtail's table the host and port of ``BASE_URL``. For the signal before it is saved."""
    if instance.is_default_site:
        parts = split_base_url()
        instance.hostname, instance.port = site_host(), parts.port or DEFAULT_PORTS.get(parts.scheme, 80)
