"""Whatever was an address once leads on: to the page that is there, to where it is now, or to why it is gone."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from nelis.core.models import BasePage
from nelis.evidence.models import EvidenceIndexPage
from nelis.home.models import EventIndexPage, EventPage, FrameworkPage, HomePage, NewsIndexPage, NewsPage, StandardPage
from nelis.progress.models import TargetIndexPage, TargetPage, TargetStatement
from sectors.models import (
    ExplorerPage,
    OrganisationIndexPage,
    PropositionIndexPage,
    PropositionPage,
    SectorPage,
    SubSectorPage,
)
from tests.admin.sample_site import PARENTS, SampleSite

pytestmark = pytest.mark.pg

#: Below a page of the type: addresses that are no pages of the tree.
ROUTES: dict[type[BasePage], tuple[str, ...]] = {
    PropositionPage: ("v1/", "history/", "compare/", "compare/?from=1&to=1", "v1/?format=json"),
    EvidenceIndexPage: ("s9/", "figures/f99/", "figures/", "S9/"),
    OrganisationIndexPage: ("the-body/", "?kind=lep"),
    EventPage: ("calendar.ics",),
    EventIndexPage: ("calendar.ics",),
    NewsIndexPage: ("atom/",),
    TargetIndexPage: ("T99/", "t99/", "T99/as-at/2018-06/"),
    TargetPage: ("as-at/", "as-at/2018-06/"),
}
#: Where the site has its lists, and code links to.
SLUGS = {
    EvidenceIndexPage: "evidence",
    EventIndexPage: "events",
    NewsIndexPage: "news",
    OrganisationIndexPage: "organisations",
    PropositionIndexPage: "propositions",
    TargetIndexPage: "targets",
}


@pytest.fixture(scope="module")
def site_made(made_once) -> Iterator[SampleSite]:
    def build() -> SampleSite:
        made = SampleSite.build()
        for page_type in PARENTS:
            if page_type not in made.pages:
                made.make(page_type)
        for page_type, slug in SLUGS.items():
            page = page_type.objects.get()
            page.slug = slug
            page.save()
        # Its page has an address for each month in which something became known.
        TargetStatement.objects.create(
            target=made.pages[TargetPage], source=made.source, measure="levels", value=3,
            period_end_from=date(2017, 12, 31), period_end_to=date(2017, 12, 31),
            published_on=date(2018, 6, 1), published_precision="month",
        )  # fmt: skip
        for page_type, page in made.pages.items():
            made.pages[page_type] = page_type.objects.get(pk=page.pk)
        return made

    with made_once(build) as made:
        yield made


@pytest.fixture
def site(site_made: SampleSite, db: None) -> SampleSite:
    """A published page of every type."""
    return deepcopy(site_made)


@pytest.fixture
def change(django_capture_on_commit_callbacks) -> Callable[..., BasePage]:
    """Publishes a page with other values: ``change(page, slug="new")``. Gives it as it is then."""

    def change(page: BasePage, **values: Any) -> BasePage:
        page = page.__class__.objects.get(pk=page.pk)
        for name, value in values.items():
            setattr(page, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        return page.__class__.objects.get(pk=page.pk)

    return change


@pytest.fixture
def move(django_capture_on_commit_callbacks) -> Callable[[BasePage, BasePage], None]:
    def move(page: BasePage, parent: BasePage) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            page.__class__.objects.get(pk=page.pk).move(Page.objects.get(pk=parent.pk), pos="last-child")

    return move


def known_addresses(client: Client, site: SampleSite) -> list[str]:
    """What a crawler knew: the sitemap, and the routes below pages."""
    listed = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    return [*listed, *(site.pages[page_type].url + route for page_type, below in ROUTES.items() for route in below)]


def final(client: Client, path: str) -> Any:
    """The answer after at most two redirects."""
    response = client.get(path)
    for _ in range(2):
        if response.status_code not in (301, 302):
            break
        response = client.get(response["Location"])
    return response


#: Those below which there is more than pages: the others are renamed by the slow tests.
QUICK = {*ROUTES, FrameworkPage, StandardPage}
PAGE_TYPES = [
    pytest.param(page_type, id=page_type.__name__, marks=() if page_type in QUICK else pytest.mark.slow)
    for page_type in PARENTS
    if page_type is not HomePage
]


@pytest.mark.parametrize("page_type", PAGE_TYPES)
def test_a_renamed_page_takes_all_below_it_along(client, site, change, page_type):
    page = site.pages[page_type]
    known = [path for path in known_addresses(client, site) if path.startswith(page.url)]
    assert page.url in known
    renamed = change(page, slug="renamed-page")
    assert client.get(f"{page.url}?kind=all")["Location"] == f"{renamed.url}?kind=all"
    dead = {path: status for path in known if (status := final(client, path).status_code) != 200}
    assert not dead


def test_every_type_with_addresses_below_it_is_tried():
    from nelis.core import page_views

    # The explorer's only route is its own address.
    assert set(page_views._routes) - {ExplorerPage} <= set(ROUTES)


def test_moved_twice_and_back_with_the_query(client, site, change):
    page = site.pages[PropositionPage]
    first = page.url
    second = change(page, slug="second").url
    third = change(page, slug="third").url
    for old in (first, second):
        response = client.get(f"{old}compare/?from=1&to=1")
        assert (response.status_code, response["Location"]) == (301, f"{third}compare/?from=1&to=1")
    change(page, slug=page.slug)
    assert client.get(f"{first}v1/").status_code == 200
    assert client.get(f"{third}v1/")["Location"] == f"{first}v1/"
    assert client.get(f"{first}v77/").status_code == 404


def test_a_renamed_parent_whose_child_moves_away(client, site, change, move):
    sector, sub_sector = site.pages[SectorPage], site.pages[SubSectorPage]
    child = sub_sector.url
    other = site.make(SectorPage, slug="other", code="other", title="Other")
    change(sector, slug="renamed")
    move(sub_sector, other)
    assert final(client, child).status_code == 200
    assert client.get(child)["Location"] == f"{other.url}{sub_sector.slug}/"
    assert final(client, f"/sectorindexpage/renamed/{sub_sector.slug}/").status_code in (200, 301)


def test_another_page_takes_the_address(client, site, change):
    home, page = site.pages[HomePage], site.pages[StandardPage]
    change(page, slug="moved-on")
    new = site.make(StandardPage, slug=page.slug, title="Another")
    assert new.url == page.url
    assert "Another" in client.get(page.url).content.decode()
    change(new, slug="gone-too")
    assert client.get(page.url)["Location"] == "/gone-too/"
    assert home.pk


def test_pages_that_exchange_their_addresses_end_no_reader_in_a_circle(client, site, change):
    one, other = site.pages[EventIndexPage], site.pages[NewsIndexPage]
    change(one, slug="between")
    change(other, slug=one.slug)
    change(one, slug=other.slug)
    assert client.get(one.url).status_code == 200
    assert client.get(other.url).status_code == 200
    assert client.get(f"{one.url}nothing/").status_code == 404


def test_a_form_that_was_open_is_posted_to_the_new_address(client, site, change):
    page = site.pages[PropositionPage]
    change(page, slug="renamed")
    response = client.post(f"{page.url}respond/?k=key", {"words": "typed"})
    assert (response.status_code, response["Location"]) == (308, "/propositions/renamed/respond/?k=key")


def test_news_whose_date_changes(client, site, change):
    page = site.pages[NewsPage]
    moved = change(page, date=date(2019, 2, 1))
    assert moved.url != page.url
    response = client.get(page.url)
    assert (response.status_code, response["Location"]) == (301, moved.url)


def test_a_draft_has_no_former_address(client, site):
    draft = StandardPage(title="Thought", slug="thought", summary="-", live=False)
    HomePage.objects.get(pk=site.pages[HomePage].pk).add_child(instance=draft)
    assert client.get("/thought/").status_code == 404


def test_editors_redirects_still_work(client, site):
    page = site.pages[StandardPage]
    Redirect.add_redirect("/paper", page)
    Redirect.add_redirect("/index.php?id=7&a=1", page, is_permanent=False)
    Redirect.add_redirect("/elsewhere", "https://example.org/there")
    assert client.get("/paper/?from=leaflet")["Location"] == f"{page.url}?from=leaflet"
    response = client.get("/index.php?a=1&id=7")
    assert (response.status_code, response["Location"]) == (302, page.url)
    assert client.get("/elsewhere/")["Location"] == "https://example.org/there"
    assert client.get("/elsewhere/below/").status_code == 404
