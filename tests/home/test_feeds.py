"""The news as RSS and Atom: valid, complete, and identified for good."""

from datetime import date, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from nelis.home.models import NewsPage

ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own answer


def atom(client):
    return parsed(client, "/news/atom/")


def rss(client):
    return parsed(client, "/news/rss/").find("channel")


def test_atom_has_all_that_the_format_requires(client, site):
    feed = atom(client)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert element.findtext(f"{ATOM}id")
        assert element.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    own = feed.find(f"{ATOM}link[@rel='self']").get("href")
    assert own == "http://testserver/news/atom/"
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/news/2018/12/first-news/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Somebody"


def test_rss_has_all_that_the_format_requires(client, site):
    channel = rss(client)
    assert channel.findtext("title")
    assert channel.findtext("description")
    assert channel.findtext("link") == "http://testserver/news/"
    assert channel.find(f"{ATOM}link").get("href") == "http://testserver/news/rss/"
    item = channel.find("item")
    assert item.findtext("link") == "http://testserver/news/2018/12/first-news/"
    assert parsedate_to_datetime(item.findtext("pubDate")).date() == date(2018, 12, 14)
    assert item.find("guid").get("isPermaLink") == "false"


@pytest.mark.parametrize(
    ("url", "kind"), [("/news/atom/", "application/atom+xml"), ("/news/rss/", "application/rss+xml")]
)
def test_content_types(client, site, url, kind):
    assert client.get(url)["Content-Type"] == f"{kind}; charset=utf-8"


def test_both_name_an_item_alike_and_for_good(client, site):
    before = rss(client).findtext("item/guid")
    assert atom(client).findtext(f"{ATOM}entry/{ATOM}id") == before
    site.item.title, site.item.slug, site.item.date = "Renamed", "renamed", date(2019, 2, 1)
    site.item.save_revision().publish()
    item = rss(client).find("item")
    assert item.findtext("link") == "http://testserver/news/2019/02/renamed/"
    assert item.findtext("guid") == before


def test_newest_first_thirty_at_most(client, site, add_page):
    for day in range(1, 32):
        add_page(site.news, NewsPage, f"news-{day}", date=date(2019, 1, day))
    titles = [item.findtext("title") for item in rss(client).findall("item")]
    assert len(titles) == 30
    assert titles[0] == "News 31"


def test_drafts_are_left_out(client, site):
    site.item.unpublish()
    assert rss(client).find("item") is None
    assert atom(client).findtext(f"{ATOM}updated")
    site.item.save_revision().publish()
    assert rss(client).find("item") is not None


def test_awkward_characters_are_kept_or_left_out_never_broken(client, site):
    site.item.title = "Cars & <b>vans</b>\x0b\uffff"
    site.item.summary = "Less than < more & so on\x01"
    site.item.save_revision().publish()
    for title, text in (
        (rss(client).findtext("item/title"), rss(client).findtext("item/description")),
        (atom(client).findtext(f"{ATOM}entry/{ATOM}title"), atom(client).findtext(f"{ATOM}entry/{ATOM}summary")),
    ):
        assert title == "Cars & <b>vans</b>"
        # Readers take this element for HTML.
        assert text == "Less than &lt; more &amp; so on"


def test_without_a_list_of_news_there_is_no_feed(client, site):
    site.news.delete()
    assert client.get("/news/atom/").status_code == 410
    assert client.get("/news/rss/").status_code == 410


def test_pages_name_the_feed(client, site):
    assert (
        '<link rel="alternate" type="application/atom+xml" title="News" href="/news/atom/">'
        in client.get("/search/").text
    )


def test_a_feed_without_items_is_the_same_all_day(client, site):
    site.item.delete()
    for url in ("/news/atom/", "/news/rss/", "/bulletins/atom/"):
        assert "00:00:00" in client.get(url).text
