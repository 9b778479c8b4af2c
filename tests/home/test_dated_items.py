"""News, events and changes in one order of time."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils.html import strip_tags
from wagtail.models import Site

from nelis.core.models import ChangeEntry, SiteSettings
from nelis.home.dated_items import DatedItem, by_year, latest_items, news_and_events
from nelis.home.models import EventPage
from sectors.models import ChangesPage


def change(page, day, kind="content", **fields):
    """An entry about ``page``, of noon on ``day``."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return ChangeEntry.objects.create(
        at=at,
        kind=kind,
        content_type=ContentType.objects.get_for_model(page),
        object_id=page.pk,
        subject_kind="Page",
        **({"title": page.title} | fields),
    )


def item(day):
    return DatedItem("news", "news", "News", "Title", "/x/", "then", day, day)


def words(client, url, query=None):
    """What the list says, in one line of text."""
    html = client.get(url, query).content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(strip_tags(html).split())


@pytest.mark.pg
def test_news_events_and_changes_stand_in_one_order(site, client):
    change(site.contact, date(2019, 5, 1), note="A new address.")
    text = words(client, "/news/")
    order = [text.index(title) for title in ("Summit", "Contact", "Vague", "First news")]
    assert order == sorted(order)
    assert "Change: changed" in text
    assert "A new address." in text
    assert [text.index(year) for year in ("2019", "2018")] == sorted(text.index(year) for year in ("2019", "2018"))


def test_a_date_of_our_reading_stands_in_the_middle_of_its_range(site, add_page):
    add_page(
        site.events,
        EventPage,
        "between",
        date=date(2018, 7, 1),
        end_date=date(2019, 1, 31),
        date_precision="range",
        date_text="Between July 2018 and January 2019",
    )
    found = {item.title: item for item in news_and_events()}
    assert found["Between"].position == date(2018, 10, 16)
    assert found["Between"].date is None


def test_a_day_of_many_changes_is_one_item(site, client, add_page):
    add_page(site.home, ChangesPage, "changes")
    for number in range(7):
        change(site.contact, date(2020, 3, 2), title=f"Thing {number}")
    html = client.get("/news/", {"kind": "change"}).content.decode()
    assert "7 changes" in html
    assert 'href="/changes/?since=2020-03-02"' in html
    assert "Thing 6" in html
    assert "Thing 2" not in html
    assert "and 3 more" in html


def test_the_kinds_can_be_chosen(site, client):
    change(site.contact, date(2019, 5, 1))
    assert "Summit" not in words(client, "/news/", {"kind": "change"})
    assert "Contact" not in words(client, "/news/", {"kind": "event"})
    both = words(client, "/news/", {"kind": ["news", "event"]})
    assert "First news" in both
    assert "Summit" in both


@pytest.mark.parametrize("kind", ["minor", "first"])
def test_what_readers_are_not_told_of_is_no_item(site, client, kind):
    change(site.contact, date(2018, 2, 1), kind=kind, title="A comma")
    assert "A comma" not in words(client, "/news/")


def test_a_stretch_of_years_without_anything_leads_to_the_page_that_knows_more(site, client):
    settings = SiteSettings.for_site(Site.objects.get())
    settings.notice_page = site.contact
    settings.save()
    change(site.contact, date(2024, 2, 1))
    html = client.get("/news/").content.decode()
    stretch = html.split('class="stretch"')[-1].split("</li>")[0]
    assert "Nothing between July 2019 and February 2024" in " ".join(stretch.split())
    assert 'href="/contact/"' in stretch
    # What a filter leaves out is no such stretch.
    assert "Nothing between" not in client.get("/news/", {"kind": ["news", "change"]}).content.decode()


@pytest.mark.parametrize(
    ("days", "until", "stretches"),
    [
        ([date(2021, 1, 1), date(2019, 12, 31)], None, [None, (date(2019, 12, 31), date(2021, 1, 1))]),
        ([date(2020, 1, 1), date(2019, 12, 31)], None, [None, None]),
        ([date(2019, 7, 16)], date(2026, 1, 1), [(date(2019, 7, 16), None)]),
        ([date(2019, 7, 16)], date(2020, 1, 1), [None]),
        ([], date(2020, 1, 1), []),
    ],
)
def test_only_a_whole_year_without_anything_is_a_stretch(days, until, stretches):
    assert [year.gap for year in by_year([item(day) for day in days], until)] == stretches


def test_the_latest_are_those_known_to_the_day(site):
    change(site.contact, date(2020, 5, 1))
    latest = latest_items(news_and_events(), 2)
    assert [entry.title for entry in latest] == ["Contact", "Summit"]
    assert "Vague" not in [entry.title for entry in latest_items(news_and_events(), 9)]
