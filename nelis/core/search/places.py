"""Where on the site a thing is found: the address that a search result leads to.

A page is its own address. For everything else, the app that knows registers a finder in its module
``search_places``, which is loaded when the site starts. So a term of this package can be found on a page
of a package above it.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from wagtail.models import Page

__all__ = ["address_of", "finds", "only_page", "page_address", "public_pages"]

Finder = Callable[[Any], str]

_finders: dict[str, Finder] = {}


def finds(label: str) -> Callable[[Finder], Finder]:
    """Decorator: this function gives the address of an object of the model ``label`` ("app.Model")."""

    def add(finder: Finder) -> Finder:
        _finders[label.lower()] = finder
        return finder

    return add


def address_of(thing: Any) -> str:
    """The path at which readers find ``thing``, perhaps with a fragment; empty when nowhere public."""
    if isinstance(thing, Page):
        return page_address(thing)
    finder = _finders.get(thing._meta.label_lower)
    return finder(thing) if finder else ""


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


def only_page(label: str, anchor: str = "") -> str:
    """The address on the public page of the type ``label``, of which a site has one; empty without one."""
    model = apps.get_model(label)
    page = model.objects.filter(pk__in=public_pages().values("pk")).order_by("path").first()
    return page_address(page, anchor)
