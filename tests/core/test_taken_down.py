"""What was taken down says so at its address: since when, why, and where to go on. Nothing of it is a bare 404."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from nelis.core.models import ChangeEntry
from nelis.evidence.models import Source, Statistic
from nelis.home.models import EventIndexPage, EventPage, HomePage, StandardPage
from sectors.models import Organisation, PropositionPage, SectorPage, SubSectorPage
from tests.admin.sample_site import PARENTS
from tests.core.test_former_addresses import ROUTES, change, move, site, site_made  # noqa: F401

pytestmark = pytest.mark.pg

PAGE_TYPES = [
    pytest.param(page_type, id=page_type.__name__, marks=() if page_type in ROUTES else pytest.mark.slow)
    for page_type in PARENTS
    if page_type is not HomePage
]


def gone(client, path, *words):
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 410, path
    assert response["Cache-Control"] == "no-cache"
    assert 'name="robots" content="noindex"' in html
    assert f"{timezone.localdate():%Y-%m-%d}" in html
    for word in words:
        assert word in html
    return html


def fresh(page):
    return page.__class__.objects.get(pk=page.pk)


@pytest.mark.parametrize("page_type", PAGE_TYPES)
def test_every_type_and_all_below_it(client, site, page_type):  # noqa: F811
    page = site.pages[page_type]
    below = [child.url for child in page.get_descendants().live()]
    fresh(page).unpublish()
    for route in ("", *ROUTES.get(page_type, ()), "anything/"):
        # The events are still there, and with them their calendar.
        stays = page_type is EventIndexPage and route == "calendar.ics"
        assert client.get(page.url + route).status_code == (200 if stays else 410), route
    assert [client.get(path).status_code for path in below] == [200] * len(below)
    for child in page.get_descendants().live():
        child.specific.unpublish()
    assert [client.get(path).status_code for path in below] == [410] * len(below)


def test_it_says_when_why_and_where_to_go_on(client, site):  # noqa: F811
    page = site.pages[SubSectorPage]
    fresh(page).unpublish()
    ChangeEntry.objects.filter(kind="withdrawn").update(note="It named <b>somebody</b>.")
    html = gone(client, page.url, "It named &lt;b&gt;somebody&lt;/b&gt;.", f'href="{site.pages[SectorPage].url}"')
    assert page.title not in html
    assert "About subsectorpage" not in html


def test_what_was_below_a_page_that_is_gone(client, site):  # noqa: F811
    """Both below one that is unpublished and one that is deleted."""
    event = site.pages[EventPage]
    fresh(event).delete()
    gone(client, event.url)
    gone(client, f"{event.url}calendar.ics")
    assert client.get(f"{site.pages[EventIndexPage].url}never/").status_code == 404


def test_published_again_it_is_there_again(client, site, change):  # noqa: F811
    page = site.pages[StandardPage]
    fresh(page).unpublish()
    gone(client, page.url)
    change(page)
    assert client.get(page.url).status_code == 200


def test_renamed_then_taken_down_then_deleted(client, site, change):  # noqa: F811
    page = site.pages[PropositionPage]
    change(page, slug="second")
    fresh(page).unpublish()
    gone(client, page.url)
    gone(client, f"{page.url}v1/")
    other = site.make(StandardPage, slug="first-name", title="Other")
    renamed = change(other, slug="second-name")
    fresh(other).delete()
    gone(client, renamed.url)
    answer = client.get(other.url, follow=True)
    assert answer.status_code == 410


def test_moved_while_it_was_down_and_published_there(client, site, change, move):  # noqa: F811
    page, other = site.pages[SubSectorPage], site.make(SectorPage, slug="other", code="other", title="Other")
    fresh(page).unpublish()
    move(page, other)
    gone(client, page.url)
    published = change(page)
    assert client.get(page.url)["Location"] == published.url


def test_a_child_that_moved_away_from_a_page_that_is_gone(client, site, move):  # noqa: F811
    child, sector = site.pages[SubSectorPage], site.pages[SectorPage]
    other = site.make(SectorPage, slug="other", code="other", title="Other")
    move(child, other)
    fresh(sector).unpublish()
    assert client.get(child.url)["Location"] == fresh(child).url


def test_a_page_that_was_published_until_a_day(client, site):  # noqa: F811
    page = fresh(site.pages[StandardPage])
    page.unpublish(set_expired=True)
    gone(client, page.url, "It was published until that day.")


def test_a_deleted_page_that_the_log_knows_nothing_of(client, site):  # noqa: F811
    page = fresh(site.pages[StandardPage])
    page.unpublish()
    ChangeEntry.objects.filter(kind="withdrawn").delete()
    assert client.get(page.url).status_code == 410
    page.delete()
    assert client.get(page.url).status_code == 410


def test_a_redirect_to_a_page_that_is_taken_down(client, site):  # noqa: F811
    page = site.pages[StandardPage]
    Redirect.add_redirect("/paper", page)
    fresh(page).unpublish()
    assert client.get("/paper/", follow=True).status_code == 410
    fresh(page).delete()
    assert client.get("/paper/", follow=True).status_code == 410


@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_publications_figures_and_organisations(client, site, how):  # noqa: F811
    """They are no pages of the tree, and cited like pages."""
    free = Source.objects.create(ref="free", title="Free", kind="report")
    figure = Statistic.objects.create(key="free", label="x", value=1, geography=site.area, source=site.source)
    body = Organisation.objects.create(slug="free", name="Free", kind="lep")
    for thing in (free, figure, body):
        path = thing.get_absolute_url()
        assert client.get(path).status_code == 200
        getattr(thing, how)()
        html = gone(client, path)
        assert "It was removed from this site on" in html
        assert client.get(path.replace("free", "never")).status_code == 404


def test_it_isnt_kept_as_a_page(client, site, settings, change):  # noqa: F811
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    page = site.pages[StandardPage]
    assert client.get(page.url).status_code == 200
    fresh(page).unpublish()
    gone(client, page.url)
    change(page)
    assert client.get(page.url).status_code == 200
    caches["pages"].clear()


def test_the_number_of_queries(client, site, django_assert_max_num_queries):  # noqa: F811
    fresh(site.pages[SubSectorPage]).unpublish()
    with django_assert_max_num_queries(24):
        gone(client, site.pages[SubSectorPage].url)
    with django_assert_max_num_queries(12):
        assert client.get("/sectorindexpage/never/was/there/").status_code == 404


def test_an_old_entry_about_another_page(client, site):  # noqa: F811
    """The last thing that stood there counts."""
    page = site.pages[StandardPage]
    fresh(page).delete()
    ChangeEntry.objects.filter(kind="withdrawn").update(note="The first.", at=timezone.now() - timedelta(days=9))
    second = site.make(StandardPage, slug=page.slug)
    second.delete()
    ChangeEntry.objects.filter(kind="withdrawn", note="").update(note="The second.")
    gone(client, page.url, "The second.")
    assert not Page.objects.filter(slug=page.slug).exists()
