"""Where on the site a thing is found: the address that a search result leads to.

A page is its own address. For everything else, the app that knows registers a finder in its module
``search_urls``, which is loaded when the site starts. So a term of this package can be found on a page
of a package above it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from wagtail.models import Page

__all__ = ["cached_page_paths", "public_page_url", "public_pages", "public_url", "single_page_url", "url_resolver"]

UrlResolver = Callable[[Any], str]

_resolvers: dict[str, UrlResolver] = {}
#: Paths of pages by what they were asked by, while many are asked for at once.
_paths: ContextVar[dict[Any, str] | None] = ContextVar("search_paths", default=None)


@contextmanager
def cached_page_paths() -> Iterator[None]:
    """Asks the database only once about each page. For work on many things within a transaction."""
    token = _paths.set({})
    try:
        yield
    finally:
        _paths.reset(token)


def url_resolver(label: str) -> Callable[[UrlResolver], UrlResolver]:
    """Decorator: this function gives the address of an object of the model ``label`` ("app.Model")."""

    def add(finder: UrlResolver) -> UrlResolver:
        _resolvers[label.lower()] = finder
        return finder

    return add


def public_url(thing: Any) -> str:
    """The path at which readers find ``thing``, perhaps with a fragment; empty when nowhere public."""
    if isinstance(thing, Page):
        return public_page_url(thing)
    finder = _resolvers.get(thing._meta.label_lower)
    return finder(thing) if finder else ""


def public_pages() -> Any:
    """Pages that anybody may read."""
    # An alias repeats another page, so finding both would be noise.
    return Page.objects.live().public().filter(alias_of__isnull=True)


def public_page_url(page: Page | None, anchor: str = "") -> str:
    """The path of ``page``, with ``anchor`` as its fragment; empty unless anybody may read it."""
    if page is None:
        return ""
    return _with_anchor(_cached(page.pk, lambda: _path(page)), anchor)


def single_page_url(label: str, anchor: str = "") -> str:
    """The address on the public page of the type ``label``, of which a site has one; empty without one."""
    return _with_anchor(_cached(label, lambda: _single_page_path(label)), anchor)


def _path(page: Page) -> str:
    if not public_pages().filter(pk=page.pk).exists():
        return ""
    parts = page.get_url_parts()
    return (parts[2] or "") if parts else ""


def _single_page_path(label: str) -> str:
    pages = apps.get_model(label).objects.filter(pk__in=public_pages().values("pk"))
    page = pages.order_by("path").first()
    return _path(page) if page else ""


def _cached(key: Any, look_up: Callable[[], str]) -> str:
    paths = _paths.get()
    if paths is None:
        return look_up()
    if key not in paths:
        paths[key] = look_up()
    return paths[key]


def _with_anchor(path: str, anchor: str) -> str:
    return f"{path}#{anchor}" if path and anchor else path
