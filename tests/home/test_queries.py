"""Every page type of the site's own asks the database a fixed number of times, fifteen at most."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.search.index_sync import sync_suspended
from nelis.home.models import HomePage
from tests.home.builders import BUILDERS, add, change_entries, furnish, menus

# The same queries are asked whichever database answers.
pytestmark = pytest.mark.once
MOST = 15


@pytest.fixture
def root(db):
    """A home page at the root of the site, with menus and a notice."""
    with quickly():
        home = add(Page.get_first_root_node(), HomePage, "start", hero_statement="A plan to 2030")
        Site.objects.all().delete()
        menus(Site.objects.create(hostname="testserver", root_page=home, is_default_site=True))
    return home


@contextmanager
def quickly():
    """Make pages without keeping the indexes, which no page here is found by."""
    with sync_suspended(), disable_reference_index_auto_update():
        yield


def queries(client, page):
    """What a request for ``page`` asks, on a second visit: the first one fills Django's own caches."""
    url = page.get_url()
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in asked], response.content.decode()


@pytest.mark.parametrize(("few_things", "many_things"), [(2, 10), pytest.param(5, 50, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", BUILDERS)
def test_the_number_of_queries_does_not_grow(kind, few_things, many_things, root, client):
    build = BUILDERS[kind]
    with quickly():
        few = build(root, few_things)
    asked_few, html_few = queries(client, few)
    with quickly():
        many = build(root, many_things)
    asked_many, html_many = queries(client, many)
    assert len(html_many) > len(html_few), "More things make a longer page."
    assert len(asked_many) == len(asked_few), "\n".join(asked_many)
    assert len(asked_many) <= MOST, "\n".join(asked_many)


def test_a_home_page_with_everything_stays_within_the_limit(root, client):
    """Figures, disputed ones too, text with links, and everything the front shows."""
    with quickly():
        BUILDERS["home"](root, 3)
        home = furnish(Page.objects.get(pk=root.pk).specific, 3)
        change_entries(home, 3)
    asked, html = queries(client, root)
    assert "Part 2" in html
    assert "3 changes" in html
    # The latest changes, what they are about, the versions they made and where the others are listed; the open rounds;
    # what was stated on the targets, and their charts.
    assert len(asked) <= MOST + 7, "\n".join(asked)
