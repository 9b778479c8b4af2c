"""Error pages need no page, no database and no context processor, and have the right status."""

from collections.abc import Callable
from html.parser import HTMLParser
from unittest.mock import patch

import pytest
from django.db import InterfaceError, OperationalError
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from nelis.core.views import errors

VIEWS: list[tuple[Callable[[HttpRequest], HttpResponse], int, str]] = [
    (errors.bad_request, 400, "problem with the request"),
    (errors.permission_denied, 403, "do not have permission"),
    (errors.csrf_failure, 403, "not sent"),
    (errors.page_not_found, 404, "Page not found"),
    (errors.server_error, 500, "problem with the site"),
]


class Outline(HTMLParser):
    """Collects headings, inline script and style, and the values of inputs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.inline: list[str] = []
        self.values: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if tag in {"script", "style"} or "style" in given or any(a.startswith("on") for a in given):
            self.inline.append(tag)
        if tag == "input":
            self.values.append(given.get("value") or "")


# No `django_db` mark: pytest-django fails any test here that asks the database something.
@pytest.mark.parametrize(("view", "status", "words"), VIEWS, ids=[str(v[0].__name__) for v in VIEWS])
def test_status_look_and_no_database(
    rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse], status: int, words: str
) -> None:
    response = view(rf.get("/nowhere/"))
    html = response.content.decode()
    outline = Outline(html)
    assert response.status_code == status
    assert words in html
    assert "css/site.css" in html
    assert 'name="robots" content="noindex"' in html
    assert outline.headings[0] == "h1"
    assert outline.headings.count("h1") == 1
    assert not outline.inline


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/propositions/battery-hub/", "battery hub"),
        ("/a/b/driving_the%20electric--revolution", "driving the electric revolution"),
        ("/", ""),
        ("/%00%FF/", ""),
        ("/" + "x" * 5000, "x" * 60),
        ('/"><script>alert(1)</script>/', "script"),
    ],
)
def test_search_is_filled_with_the_words_of_the_address(rf: RequestFactory, path: str, words: str) -> None:
    request = rf.get("/")
    request.path = path
    html = errors.page_not_found(request).content.decode()
    # The first is the one in the masthead.
    assert Outline(html).values[-1] == words
    assert "<script" not in html


def test_a_broken_template_still_gives_a_page(rf: RequestFactory) -> None:
    with patch.object(errors, "render_to_string", side_effect=RuntimeError("broken")):
        response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "<h1>There is a problem with the site" in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("connection already closed")])
def test_while_the_database_is_away_a_form_comes_back(rf: RequestFactory, error: Exception) -> None:
    """With everything that was typed, but for passwords, and with a status that says it may pass."""
    typed = {"words": 'Wind\nand "kites" <b>', "topic": ["one", "two"], "password": "kept by nobody"}
    request = rf.post("/join/?code=AM", typed)
    try:
        raise error
    except type(error):
        response = errors.server_error(request)
    html = response.content.decode()
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "60", "no-store")
    assert 'action="/join/?code=AM"' in html
    for value in ("Wind\nand &quot;kites&quot; &lt;b&gt;", "one", "two"):
        assert f'value="{value}"' in html
    assert "kept by nobody" not in html


def test_a_reader_is_told_when_to_try_again(rf: RequestFactory) -> None:
    try:
        raise OperationalError
    except OperationalError:
        response = errors.server_error(rf.get("/"))
    assert response.status_code == 503
    assert "<form method" not in response.content.decode()


def test_any_other_failure_is_no_matter_of_waiting(rf: RequestFactory) -> None:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert errors.server_error(rf.post("/", {"words": "x"})).status_code == 500


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/_health/live/", "/_health/ready/", "/propositions/"])
def test_what_is_said_while_the_database_is_away(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    assert client.get("/_health/ready/").json() == {"status": "ready"}
    monkeypatch.setattr(CursorWrapper, "execute", raise_operational_error)
    response = client.get(path)
    assert response.status_code == (200 if path == "/_health/live/" else 503)


def raise_operational_error(*args: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")
