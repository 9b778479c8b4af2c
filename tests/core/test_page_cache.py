"""Kept pages: quick to repeat, never stale, never somebody else's."""

from time import time

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from nelis.core.middleware.page_cache import PageCacheMiddleware
from nelis.core.models import ContentVersion

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


class Counter:
    """A view that says how often it was asked."""

    def __init__(self, **headers):
        self.calls = 0
        self.headers = headers
        self.cookie = False
        self.status = 200

    def __call__(self, request):
        self.calls += 1
        response = HttpResponse(f"answer {self.calls}", headers=self.headers, status=self.status)
        if self.cookie:
            response.set_cookie("a", "b")
        return response


def ask(view, path="/somewhere/", **extra):
    return PageCacheMiddleware(view)(RequestFactory().get(path, **extra)).content.decode()


def test_a_repeated_request_is_answered_from_memory_with_one_query():
    view = Counter()
    assert ask(view) == "answer 1"
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ask(view) == "answer 1"
    assert len(queries) == 1
    assert view.calls == 1


def test_any_change_of_content_is_seen_at_once():
    view = Counter()
    ask(view)
    ContentVersion.bump()
    assert ask(view) == "answer 2"


def test_a_change_that_is_rolled_back_changes_nothing():
    ContentVersion.bump()
    view = Counter()
    ask(view)
    with pytest.raises(RuntimeError), transaction.atomic():
        ContentVersion.bump()
        raise RuntimeError
    assert ask(view) == "answer 1"


class Reader(Counter):
    """A view that reads the named parameters, in the ways there are."""

    def __init__(self, read):
        super().__init__()
        self.read = read

    def __call__(self, request):
        self.read(request.GET)
        return super().__call__(request)


@pytest.mark.parametrize(
    "read",
    [
        lambda query: query.get("page"),
        lambda query: query.getlist("page"),
        lambda query: "page" in query,
        lambda query: "page" in query and query["page"],
    ],
)
def test_only_parameters_that_are_read_count(read):
    view = Reader(read)
    assert ask(view, "/a/") == "answer 1"
    assert ask(view, "/a/?made-up=1") == "answer 1"
    assert ask(view, "/a/?page=2") == "answer 2"
    assert ask(view, "/a/?x=1&page=2&y=2") == "answer 2"
    assert ask(view, "/a/?page=2&page=3") == "answer 3"
    assert ask(view, "/a/?page=") == "answer 4"
    assert ask(view, "/a/?" + "x" * 1000) == "answer 1"


@pytest.mark.parametrize(
    "read", [dict, list, len, bool, lambda query: query.urlencode(), lambda query: query.copy(), lambda q: q.items()]
)
def test_whoever_reads_the_whole_query_gets_a_page_for_each(read):
    view = Reader(lambda query: list(read(query)) if callable(getattr(read(query), "__iter__", None)) else read(query))
    assert ask(view, "/a/?x=1") == "answer 1"
    assert ask(view, "/a/?x=2") == "answer 2"
    assert ask(view, "/a/?x=1") == "answer 1"


def test_a_parameter_that_is_read_only_beside_another_counts():
    view = Reader(lambda query: "rows" in query and query.get("format"))
    ask(view, "/a/?format=csv")
    assert ask(view, "/a/?format=pdf") == "answer 1"
    assert ask(view, "/a/?rows=1&format=csv") == "answer 2"
    assert ask(view, "/a/?rows=1&format=pdf") == "answer 3"
    assert ask(view, "/a/?rows=1&format=csv") == "answer 2"


def test_addresses_queries_hosts_and_encodings_are_kept_apart(settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    view = Reader(lambda query: query.get("page"))
    answers = {
        ask(view, "/a/", HTTP_HOST="one.example"),
        ask(view, "/a/?page=2", HTTP_HOST="one.example"),
        ask(view, "/b/", HTTP_HOST="one.example"),
        ask(view, "/a/", HTTP_HOST="two.example"),
        ask(view, "/a/", HTTP_HOST="one.example", HTTP_ACCEPT_ENCODING="gzip"),
    }
    assert len(answers) == 5


def test_a_signed_in_request_is_never_answered_from_memory_nor_kept(settings):
    view = Counter()
    ask(view)
    request = RequestFactory().get("/somewhere/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "someone"
    assert PageCacheMiddleware(view)(request).content == b"answer 2"
    assert ask(view) == "answer 1"


@pytest.mark.parametrize("control", ["private", "no-store", "max-age=0, private"])
def test_private_answers_are_not_kept(control):
    view = Counter(**{"Cache-Control": control})
    ask(view)
    assert ask(view) == "answer 2"


def test_answers_that_set_a_cookie_or_fail_are_not_kept():
    view = Counter()
    view.cookie = True
    ask(view)
    assert ask(view) == "answer 2"
    view.cookie, view.status = False, 404
    ask(view)
    assert ask(view) == "answer 4"


def test_over_long_addresses_are_not_kept():
    view = Reader(lambda query: query.get("q"))
    ask(view, "/a/?q=" + "x" * 400)
    assert ask(view, "/a/?q=" + "x" * 400) == "answer 2"


def test_posts_pass_through():
    view = Counter()
    middleware = PageCacheMiddleware(view)
    middleware(RequestFactory().post("/somewhere/"))
    assert middleware(RequestFactory().post("/somewhere/")).content == b"answer 2"


def test_the_admin_is_never_kept():
    view = Counter()
    ask(view, "/admin/login/")
    assert ask(view, "/admin/login/") == "answer 2"


def test_a_kept_answer_can_be_revalidated(client: Client, settings):
    first = client.get("/robots.txt")
    assert first.status_code == 200
    again = client.get("/robots.txt", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_equal_pages_have_equal_etags_however_often_they_are_made(client: Client, settings):
    """As in several processes: nothing is cached, and compression pads each response at random."""
    settings.PAGE_CACHE_SECONDS = 0
    plain = client.get("/search/")
    packed = [client.get("/search/", headers={"Accept-Encoding": "gzip"}) for _ in range(5)]
    assert {response["Content-Encoding"] for response in packed} == {"gzip"}
    assert len({response.content for response in packed}) > 1
    assert {response["ETag"] for response in packed} == {f"W/{plain['ETag']}"}
    again = client.get("/search/", headers={"Accept-Encoding": "gzip", "If-None-Match": packed[0]["ETag"]})
    assert again.status_code == 304


def test_the_web_server_in_front_may_keep_public_pages_for_this_second(client: Client):
    before = int(time())
    first = client.get("/robots.txt")
    again = client.get("/robots.txt", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    for response in (first, again):
        assert before <= int(response["X-Accel-Expires"].removeprefix("@")) <= time()


@pytest.mark.parametrize("path", ["/nowhere/", "/admin/login/", "/admin/"])
def test_the_web_server_in_front_keeps_nothing_else(client: Client, path):
    assert "X-Accel-Expires" not in client.get(path).headers
