"""What a page's template gets, and which addresses there are below a page: registered by page type.

Page types are models and stay at the bottom of their app. The functions that query other models for a page stand
above the models, in the app's ``context`` and ``views``, and register here when ``AppConfig.ready`` imports them.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.urls import URLPattern
from wagtail.contrib.routable_page.models import RoutablePageMixin

from nelis.core.site_address import absolute_url

ContextFunction = Callable[[Any, Any, dict[str, Any]], dict[str, Any]]

_context_functions: dict[type, ContextFunction] = {}
_routes: dict[type, list[URLPattern]] = defaultdict(list)


def page_context(*models: type) -> Callable[[ContextFunction], ContextFunction]:
    """Decorator: the function ``(page, request, context)`` returns what to add to the context of pages of ``models``.

    It runs for their subclasses as well, before the functions of those, so ``context`` holds what base classes added.
    """

    def register(function: ContextFunction) -> ContextFunction:
        _context_functions.update(dict.fromkeys(models, function))
        return function

    return register


def add_page_context(page: Any, request: Any, context: dict[str, Any]) -> None:
    """Add to ``context`` what the functions for the type of ``page`` return, base classes first."""
    for model in reversed(type(page).__mro__):
        if function := _context_functions.get(model):
            context.update(function(page, request, context))


def register_routes(model: type, routes: Sequence[URLPattern]) -> None:
    """Serve ``routes`` (from ``django.urls.path``) below the address of pages of ``model``.

    Their views are called with the page first: ``view(page, request, …)``. The page needs ``RoutedPageMixin``.
    """
    _routes[model] += routes


class RoutedPageMixin(RoutablePageMixin):
    """A page with the routes that were registered for its type."""

    @classmethod
    def get_subpage_urls(cls) -> tuple[URLPattern, ...]:
        registered = [route for model in cls.__mro__ for route in _routes.get(model, ())]
        return (*registered, *super().get_subpage_urls())


def subpage_context(instance: Any, index: Any, request: Any) -> dict[str, Any]:
    """Breadcrumbs and canonical address of the page that a route of ``index`` serves for ``instance``."""
    return {
        "crumbs": [
            *({"title": "Home", "url": page.url} for page in index.breadcrumbs()),
            {"title": index.title, "url": index.get_url(request)},
        ],
        "canonical": absolute_url(instance.get_absolute_url()),
    }
