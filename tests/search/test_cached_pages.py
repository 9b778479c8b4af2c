"""Kept pages and search together: what is published is seen on the very next request."""

import pytest
from django.core.cache import caches

pytestmark = pytest.mark.pg


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def test_results_follow_a_change_and_are_kept_until_then(client, site, committed, django_assert_num_queries):
    assert "What is produced." in client.get("/search/?q=gva").text
    with django_assert_num_queries(1):
        client.get("/search/?q=gva")
    with committed():
        site.term.definition = "Made over."
        site.term.save_revision().publish()
        # Between the change and its place in the index, somebody asks: that answer must not stay.
        client.get("/search/?q=gva")
    text = client.get("/search/?q=gva").text
    assert "Made over." in text
    assert "What is produced." not in text


def test_feeds_calendars_and_sitemap_follow_a_change(client, site, committed):
    before = client.get("/events/calendar.ics").text
    assert "Summit" in before
    with committed():
        site.event.title = "Gathering"
        site.event.save_revision().publish()
    assert "Gathering" in client.get("/events/calendar.ics").text
    assert "/sectors/manufacturing/" in client.get("/sitemap.xml").text
    with committed():
        site.sector.unpublish()
    assert "/sectors/manufacturing/" not in client.get("/sitemap.xml").text


def test_a_page_shows_a_change_of_what_stands_on_it(client, site, committed):
    assert "What is produced." in client.get("/glossary/").text
    with committed():
        site.term.unpublish()
    assert "What is produced." not in client.get("/glossary/").text


def test_errors_are_not_kept(client, site, committed):
    assert client.get("/events/new/").status_code == 404
    with committed():
        site.event.slug = "new"
        site.event.save_revision().publish()
    assert client.get("/events/new/").status_code == 200
