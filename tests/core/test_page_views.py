"""Page contexts and routes that are registered from above the models."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from nelis.core import page_views


class Base:
    pass


class Special(Base):
    pass


@pytest.fixture(autouse=True)
def registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_views, "_context_functions", {})
    monkeypatch.setattr(page_views, "_routes", page_views.defaultdict(list))


def test_the_functions_of_base_classes_come_first():
    @page_views.page_context(Special)
    def special(page: Any, request: Any, context: dict[str, Any]) -> dict[str, Any]:
        return {"names": [*context["names"], "special"]}

    @page_views.page_context(Base)
    def base(page: Any, request: Any, context: dict[str, Any]) -> dict[str, Any]:
        return {"names": ["base"]}

    context: dict[str, Any] = {}
    page_views.add_page_context(Special(), None, context)
    assert context == {"names": ["base", "special"]}
    page_views.add_page_context(Base(), None, context)
    assert context == {"names": ["base"]}


def test_registered_routes_come_before_those_of_wagtail_and_get_the_page_first():
    class Routed(page_views.RoutedPageMixin):
        pass

    def view(page: Any, request: HttpRequest, slug: str) -> HttpResponse:
        return HttpResponse(f"{type(page).__name__} {slug}")

    page_views.register_routes(Routed, [path("<slug:slug>/", view, name="view")])
    assert [route.name for route in Routed.get_subpage_urls()] == ["view", "index_route"]
    match = Routed().resolve_subpage("/kites/")
    assert match.func(HttpRequest(), **match.kwargs).content == b"Routed kites"
