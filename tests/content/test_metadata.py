"""Every kind of public page tells search engines and link previews the same: title, description, address."""

import json
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page, Site

from sectors.models import PropositionPage

pytestmark = pytest.mark.django_db

BASE_URL = "https://strategy.example.org:8443"
#: What the sitemap leaves out and anybody may find. Of the pages below a proposition, one each.
OTHERS = (
    "/data-protection-complaint/",
    "/join/",
    "/search/",
    "/propositions/{slug}/v1/",
    "/propositions/{slug}/history/",
    "/propositions/{slug}/compare/?from=1&to=1",
)


@pytest.fixture(autouse=True)
def address(settings):
    """The address of the site; the table of sites and the host of the request say others."""
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = BASE_URL
    settings.ALLOWED_HOSTS = ["another.example.org"]


@pytest.fixture
def reader():
    return Client(SERVER_NAME="another.example.org")


def sitemap_paths(client):
    addresses = re.findall("<loc>(.*?)</loc>", client.get("/sitemap.xml").text)
    assert addresses
    assert {address.partition("/")[0] for address in addresses} == {"https:"}
    assert all(address.startswith(f"{BASE_URL}/") for address in addresses)
    return [address.removeprefix(BASE_URL) for address in addresses]


def one_of_each_kind(paths):
    """The first page of each type, and of what has pages without being one."""
    types = {page.url: page.specific_class for page in Page.objects.live()}
    kinds = {}
    for path in paths:
        kinds.setdefault(types.get(path) or tuple(path.split("/")[:-2]), path)
    return list(kinds.values())


def check(client, path):
    """That the page at ``path`` says one title, one description and one address, and the right one."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = BeautifulSoup(response.content, "html.parser")
    said = {tag.get("property") or tag.get("name"): tag["content"] for tag in page.find_all("meta", content=True)}
    assert page.find("link", rel="canonical")["href"] == said["og:url"] == f"{BASE_URL}{path}", path
    assert said["og:title"], path
    assert " ".join(page.title.text.split()).startswith(said["og:title"]), path
    assert said["description"] == said["og:description"] != "", path
    assert said["og:type"] in ("website", "article"), path
    assert said["og:image"].startswith(f"{BASE_URL}/static/img/share"), path
    assert len(page.find_all("meta", property="og:url")) == 1, path
    for data in page.find_all("script", type="application/ld+json"):
        assert json.loads(data.string)["url"] == f"{BASE_URL}{path}", path


def test_one_page_of_every_kind(loaded, reader):
    paths = one_of_each_kind(sitemap_paths(reader))
    proposition = PropositionPage.objects.first().slug
    for path in [*paths, *(path.format(slug=proposition) for path in OTHERS)]:
        check(reader, path)


@pytest.mark.slow
def test_every_page(loaded, reader):
    for path in sitemap_paths(reader):
        check(reader, path)


def test_no_other_address_is_named_anywhere(loaded, reader):
    """Neither the host of the request nor the one in the table of sites, in feeds and files either."""
    Site.objects.update(hostname="elsewhere.example.org", port=8080)
    files = ("/news/atom/", "/news/rss/", "/changes/atom/", "/bulletins/atom/", "/events/calendar.ics", "/robots.txt")
    for path in (*files, "/sitemap.xml", "/.well-known/security.txt", "/", "/evidence/", "/book/"):
        text = reader.get(path).text
        assert "another.example.org" not in text, path
        assert "elsewhere.example.org" not in text, path
        assert path in ("/",) or urlsplit(BASE_URL).netloc in text, path


def test_the_site_in_wagtails_table_follows(loaded):
    site = Site.objects.get()
    site.hostname, site.port = "elsewhere.example.org", 80
    site.save()
    site.refresh_from_db()
    assert (site.hostname, site.port) == ("strategy.example.org", 8443)
