"""Whatever is asked for, the answer is a page that helps, with the right status; never an error of ours."""

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nelis.core.models import BasePage
from nelis.core.search.urls import public_pages

pytestmark = pytest.mark.usefixtures("loaded")

HUGE = "9" * 5_000
QUERIES = {
    "NUL": "page=%00&q=%00&kind=%00",
    "broken encoding": "page=%ff&q=%ff%fe&kind=%80",
    "half an escape": "page=%&q=%f&%=%",
    "turned writing": "q=%E2%80%AEabc&kind=%E2%80%AE&page=%E2%80%8F1",
    "page zero": "page=0",
    "page below zero": "page=-1",
    "huge page": f"page={HUGE}",
    "a page in words": "page=last",
    "a page in another script": "page=%D9%A1",
    "superscript": "page=%C2%B2",
    "infinite page": "page=inf",
    "unknown values": "kind=nonsense&stage=nonsense&status=nonsense&track=nonsense&year=nonsense&sector=nonsense",
    "everything twice": "page=1&page=2&kind=a&kind=b&stage=&stage=",
    "lists and keys": "kind[]=a&kind[x]=b&page[]=1",
    "unknown names": "utm_source=x&fbclid=y&__proto__=z",
    "code": "q=%27%20OR%201=1--&kind=<script>alert(1)</script>&page={{7*7}}",
    "a megabyte": "q=" + "a" * 1_000_000 + "&kind=" + "b" * 1_000_000,
    "no structure": "????&&&==;;;",
}
PATHS = [
    "/nonsense/",
    "/nonsense",
    "/propositions/nonsense/",
    "/propositions/P7/",
    "/organisations/nonsense/",
    "/organisations/nissan/more/",
    "/organisations/%00/",
    "/news/2018/",
    "/news/2018/13/productivity-and-living-standards/",
    "/events/nonsense/calendar.ics",
    "/events/%00/calendar.ics",
    "/%ff%fe/",
    "/%00/",
    "/%00",
    "/propositions/%00/",
    "/%E2%80%AE/",
    "/%F0%9F%98%80/",
    "/%D9%A1/",
    "/%zz/",
    "/%",
    "/..%2f..%2fetc%2fpasswd",
    "/../../etc/passwd",
    "/.env",
    "/.git/config",
    "/index.php",
    "/wp-login.php",
    "//example.org/",
    "/" + "a/" * 500,
    "/" + "a" * 100_000 + "/",
    "/documents/99999999999999999999/x.pdf",
    "/documents/1/%00.pdf",
    "/media/documents/x.pdf",
    "/.well-known/nonsense",
]


@pytest.fixture
def reader():
    """Somebody whose requests bring our errors to light as the status they would have."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def one_of_each():
    """One address for each page type that has a page, and what isn't a page."""
    found = {}
    for page in public_pages().filter(depth__gt=1).order_by("path").specific():
        if isinstance(page, BasePage):
            found.setdefault(type(page).__name__, page.get_url_parts()[2])
    assert len(found) > 25
    return [*found.values(), "/organisations/nissan/", "/search/", "/news/atom/", "/events/calendar.ics"]


@pytest.fixture(scope="package")
def lists(content, django_db_blocker):
    """The addresses of the pages that read their query string."""
    with django_db_blocker.unblock():
        pages = [page.get_url_parts()[2] for page in public_pages().filter(depth__gt=1).order_by("path").specific()]
        return [url for url in [*pages, "/search/"] if "listing" in (Client().get(url).context or {})]


def failures(answers):
    return [f"{status} {what}" for status, what in answers]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_query_strings_on_every_list(reader, lists, query):
    answers = [(reader.get(f"{url}?{query}").status_code, url) for url in lists]
    assert not failures((status, url) for status, url in answers if status not in {200, 404})


@pytest.mark.parametrize("query", ["&".join(QUERIES.values()), QUERIES["a megabyte"]], ids=["all of them", "megabyte"])
def test_query_strings_on_every_page_type(reader, one_of_each, query):
    answers = [(reader.get(f"{url}?{query}").status_code, url) for url in one_of_each]
    assert not failures((status, url) for status, url in answers if status not in {200, 404})


@pytest.mark.parametrize("query", ["page=999", f"page={HUGE}", "page=%00"])
def test_every_list_says_which_page_is_no_page_of_it(reader, lists, query):
    assert len(lists) >= 5
    for url in lists:
        response = reader.get(f"{url}?{query}")
        assert response.status_code == 404, url
        assert "<h1>" in response.text
        assert response.context["listing"].invalid_page


def test_every_list_says_which_choice_it_does_not_know(reader, lists):
    seen = 0
    for url in lists:
        for facet in reader.get(url).context["listing"].facets:
            seen += 1
            response = reader.get(url, {facet.name: "nonsense<b>"})
            assert response.status_code == 404, f"{url}?{facet.name}"
            assert "nonsense&lt;b&gt;" in response.text
    assert seen >= 8


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
def test_addresses_that_lead_nowhere(reader, path):
    # Two slashes at the beginning would be a host to the test's client, as they are to a browser.
    response = reader.get("/", PATH_INFO=path) if path.startswith("//") else reader.get(path)
    if response.status_code in {301, 302}:
        # A missing slash, or blanks: the address it leads to is no page either.
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith("//")
        response = reader.get(response["Location"])
    assert response.status_code == 404
    assert "Page not found" in response.text
    assert 'action="/search/"' in response.text


def test_a_renamed_page_leads_to_its_new_address(reader):
    from wagtail.contrib.redirects.models import Redirect

    Redirect.add_redirect("/old-address/", "/propositions/", is_permanent=True)
    response = reader.get("/old-address/")
    assert (response.status_code, response["Location"]) == (301, "/propositions/")


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"a": "b"}},
        {"data": b"\x00\xff" * 1000, "content_type": "application/octet-stream"},
        {"data": b"{", "content_type": "application/json"},
        {"data": b"a=" + b"x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"},
        {"data": b"&".join(b"a=1" for _ in range(5_000)), "content_type": "application/x-www-form-urlencoded"},
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"x", "content_type": "multipart/form-data"},
        {"data": b"a=\xff%ff%00", "content_type": "application/x-www-form-urlencoded; charset=utf-16"},
        {"data": {"file": SimpleUploadedFile("\x00../../x", b"x")}},
    ],
    ids=["form", "bytes", "json", "megabytes", "many fields", "broken parts", "no boundary", "odd charset", "file"],
)
def test_nobody_can_post_to_a_page(reader, one_of_each, body):
    for url in one_of_each:
        # Bytes go as they are; the test's client would insist on encoding them.
        send = reader.post if isinstance(body["data"], dict) else partial(reader.generic, "POST")
        assert send(url, **body).status_code in {400, 403, 405}, url


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "\u00e9"])
def test_other_methods(reader, one_of_each, method):
    answers = [(reader.generic(method, url).status_code, url) for url in one_of_each]
    assert not failures((status, url) for status, url in answers if status not in {200, 400, 403, 405})


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_HOST", "example.org"),
        ("HTTP_HOST", "exa mple"),
        ("HTTP_HOST", "testserver:99999999"),
        ("HTTP_HOST", "\x00"),
        ("HTTP_HOST", "x" * 10_000),
        ("HTTP_COOKIE", "sessionid=\x00; csrftoken=" + "x" * 10_000),
        ("HTTP_COOKIE", ";;;===\xff"),
        ("HTTP_ACCEPT_LANGUAGE", "xx;q=nonsense," * 500),
        ("HTTP_ACCEPT_ENCODING", "nonsense;q=9"),
        ("HTTP_IF_MODIFIED_SINCE", "the day before yesterday"),
        ("HTTP_IF_NONE_MATCH", '"' * 1_000),
        ("HTTP_RANGE", "bytes=9-1,nonsense"),
        ("HTTP_REFERER", "\x00\xff"),
        ("HTTP_X_FORWARDED_HOST", "example.org"),
        ("CONTENT_LENGTH", "-1"),
        ("CONTENT_LENGTH", "nonsense"),
    ],
)
def test_headers(reader, header, value):
    for url in ("/", "/propositions/", "/search/?q=a", "/nonsense/", "/news/atom/"):
        response = reader.get(url, **{header: value})
        assert response.status_code in {200, 304, 400, 404}, url
        assert "example.org" not in response.text
