"""Where a search result leads: the public URL of an object, and the sections of the site that no object stands for.

A page has its own URL. For other models, the app that shows them registers a URL resolver in its module
``search_urls``, which is imported when the site starts. So a glossary term of this package can be found on a page of
a package above it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse
from wagtail.models import Page

from nelis.core.page_addresses import page_path

UrlResolver = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the site that is a view, such as the sign-up: what it is called, what it is for, and its view."""

    view_name: str
    title: str
    summary: str

    @property
    def url(self) -> str:
        return reverse(self.view_name)


_sections: dict[str, Section] = {}

_resolvers: dict[str, UrlResolver] = {}
#: The paths of pages by primary key or model label, inside ``cached_page_paths``.
_paths: ContextVar[dict[Any, str] | None] = ContextVar("search_paths", default=None)


@contextmanager
def cached_page_paths() -> Iterator[None]:
    """Look up the path of each page only once. For work on many objects within a transaction."""
    token = _paths.set({})
    try:
        yield
    finally:
        _paths.reset(token)


def url_resolver(label: str) -> Callable[[UrlResolver], UrlResolver]:
    """Register the decorated function as the URL resolver of the model ``label`` ("app.Model")."""

    def register(resolver: UrlResolver) -> UrlResolver:
        _resolvers[label.lower()] = resolver
        return resolver

    return register


def register_section(view_name: str, title: str, summary: str) -> None:
    """Let search find the page of the view ``view_name``, which takes no arguments, by ``title`` and ``summary``."""
    _sections[view_name] = Section(view_name, title, summary)


def sections() -> list[Section]:
    """Return the registered sections."""
    return list(_sections.values())


def public_url(obj: Any) -> str:
    """Return the path at which readers find ``obj``, perhaps with a fragment; empty when it isn't public."""
    if isinstance(obj, Page):
        return public_page_url(obj)
    resolver = _resolvers.get(obj._meta.label_lower)
    return resolver(obj) if resolver else ""


def public_pages() -> Any:
    """Return the pages that anybody may read."""
    # An alias repeats another page: only one of them is found.
    return Page.objects.live().filter(alias_of__isnull=True)


def public_page_url(page: Page | None, anchor: str = "") -> str:
    """Return the path of ``page`` with ``anchor`` as its fragment; empty unless anybody may read it."""
    if page is None:
        return ""
    return _with_anchor(_cached(page.pk, lambda: _path(page)), anchor)


def single_page_url(label: str, anchor: str = "") -> str:
    """Return the URL of the public page of the type ``label``, of which a site has one; empty without one."""
    return _with_anchor(_cached(label, lambda: _single_page_path(label)), anchor)


def _path(page: Page) -> str:
    return page_path(page) if public_pages().filter(pk=page.pk).exists() else ""


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
