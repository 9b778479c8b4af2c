"""sitemap.xml, robots.txt and security.txt."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from nelis.core.models import SiteSettings

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client):
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    tree = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    return {url.findtext("s:loc", namespaces=NAMES): url.findtext("s:lastmod", namespaces=NAMES) for url in tree}


def test_the_sitemap_holds_all_public_addresses_and_no_other(client, site):
    site.item.save_revision().publish()
    site.event.unpublish()
    site.vague.unpublish()
    found = addresses(client)
    assert set(found) == {
        f"http://testserver{path}"
        for path in (
            "/",
            "/news/",
            "/news/2018/12/first-news/",
            "/events/",
            "/organisations/",
            "/organisations/nissan/",
            "/contact/",
            "/mailing-list/",
            "/bulletins/",
            "/feedback/",
            "/data/",
            "/api/",
        )
    }
    assert found["http://testserver/news/2018/12/first-news/"] == str(timezone.localdate())
    site.organisations.unpublish()
    assert "http://testserver/organisations/nissan/" not in addresses(client)


def test_the_sitemap_asks_no_more_for_more_pages(client, site, add_page):
    from nelis.home.models import StandardPage

    addresses(client)
    with CaptureQueriesContext(connection) as few:
        addresses(client)
    for number in range(10):
        add_page(site.home, StandardPage, f"page-{number}")
    with CaptureQueriesContext(connection) as many:
        addresses(client)
    assert len(many) == len(few) <= 15


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "9" * 5000, "%00"])
def test_pages_of_the_sitemap_that_do_not_exist(client, site, page):
    assert client.get(f"/sitemap.xml?p={page}").status_code == 404


def test_robots(client, site):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert "User-agent: *" in lines
    assert "Disallow: /admin/" in lines
    assert "Disallow: /search/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def fields(client):
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.text.splitlines())


def test_security_txt(client, site):
    found = fields(client)
    assert set(found) == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert found["Contact"] == "http://testserver/contact/"
    assert found["Canonical"] == "http://testserver/.well-known/security.txt"
    expires = datetime.fromisoformat(found["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
        ("mailto:a@example.org\nExpires: 2099-01-01T00:00:00Z", "mailto:a@example.org Expires: 2099-01-01T00:00:00Z"),
    ],
)
def test_the_contact_from_the_settings_comes_first(client, site, given, shown):
    SiteSettings.objects.create(site=Site.objects.get(), security_contact=given)
    assert fields(client)["Contact"] == shown


def test_without_any_contact_there_is_no_such_file(client, site):
    site.contact.unpublish()
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt", "/events/calendar.ics"])
def test_only_reading(client, site, path):
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
