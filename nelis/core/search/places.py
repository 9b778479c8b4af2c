"""Where on the site a thing is found: the address that a search result leads to.

A model says so itself with ``get_search_url()``. Where only a page of a package above the model's own
knows, that package registers a finder here.
"""

from collections.abc import Callable
from typing import Any

from wagtail.models import Page

__all__ = ["address_of", "only_page", "page_address", "public_pages", "register"]

_finders: dict[str, Callable[[Any], str]] = {}


def register(label: str) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Decorator: this function gives the address of objects of the model ``label`` ("app.Model")."""

    def add(finder: Callable[[Any], str]) -> Callable[[Any], str]:
        _finders[label.lower()] = finder
        return finder

    return add


def address_of(thing: Any) -> str:
    """The path at which readers find ``thing``, perhaps with a fragment; empty when nowhere public."""
    if isinstance(thing, Page):
        return page_address(thing)
    if finder := _finders.get(thing._meta.label_lower):
        return finder(thing)
    return thing.get_search_url() if hasattr(thing, "get_search_url") else ""


def public_pages() -> Any:
    """Pages that anybody may read."""
    # An alias repeats another page, so finding both would be noise.
    return Page.objects.live().public().filter(alias_of__isnull=True)


def page_address(page: Page | None, anchor: str = "") -> str:
    """The path of ``page``, with ``anchor`` as its fragment; empty unless anybody may read it."""
    if page is None or not public_pages().filter(pk=page.pk).exists():
        return ""
    parts = page.get_url_parts()
    path = parts[2] if parts else None
    if not path:
        return ""
    return f"{path}#{anchor}" if anchor else str(path)


def only_page(page_type: type[Page], anchor: str = "") -> str:
    """The address on the public page of a type that the site has one of; empty without one."""
    page = page_type.objects.filter(pk__in=public_pages().values("pk")).order_by("path").first()
    return page_address(page, anchor)
