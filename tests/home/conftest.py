"""A small site with news and events."""

from datetime import date
from types import SimpleNamespace

import pytest
from wagtail.models import Page, Site

from nelis.core.search.index_sync import sync_suspended
from nelis.home.models import ContactPage, EventIndexPage, EventPage, HomePage, NewsIndexPage, NewsPage
from sectors.models import Organisation, OrganisationIndexPage


def add(parent, model, slug, **fields):
    fields = {"title": slug.replace("-", " ").capitalize(), "summary": f"Summary of {slug}."} | fields
    return parent.add_child(instance=model(slug=slug, **fields))


@pytest.fixture
def site(db):
    """Home, news, events, organisations and contact; addresses below /."""
    with sync_suspended():
        home = add(Page.get_first_root_node(), HomePage, "start", hero_statement="A plan to 2030")
        Site.objects.all().delete()
        Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
        news = add(home, NewsIndexPage, "news")
        item = add(news, NewsPage, "first-news", date=date(2018, 12, 14), author="Somebody")
        events = add(home, EventIndexPage, "events")
        event = add(events, EventPage, "summit", date=date(2019, 7, 16))
        vague = add(events, EventPage, "vague", date=date(2019, 1, 1), date_precision="range", date_text="early 2019")
        organisations = add(home, OrganisationIndexPage, "organisations")
        organisation = Organisation.objects.create(slug="nissan", name="Nissan", kind="company")
        contact = add(home, ContactPage, "contact")
    return SimpleNamespace(
        home=home,
        news=news,
        item=item,
        events=events,
        event=event,
        vague=vague,
        organisations=organisations,
        organisation=organisation,
        contact=contact,
    )


@pytest.fixture
def add_page():
    """Adds a published page: ``add_page(parent, model, slug, **fields)``."""
    return add
