"""The addresses of the admin that need no object, such as lists, choosers and reports, from the URL configuration."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

#: Breaks on purpose, and ends the session of whoever looks.
LEFT_OUT = {"wagtailadmin_error_test", "wagtailadmin_logout"}


def admin_addresses() -> dict[str, Any]:
    """Each address with its view: the class of one, or a function."""
    found = {}
    for name, view in sorted(_views(get_resolver().url_patterns, []), key=lambda named: named[0]):
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if url.startswith("/admin/") and name not in LEFT_OUT:
            found[url] = getattr(view, "view_class", view)
    return found


def _views(patterns: list[Any], namespaces: list[str]) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(
                pattern.url_patterns, [*namespaces, pattern.namespace] if pattern.namespace else namespaces
            )
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join([*namespaces, pattern.name]), pattern.callback
