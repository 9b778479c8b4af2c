"""The main menu, all pages by group, the foot, and which link is marked as the reader's place."""

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory
from wagtail.models import Page, Site

from nelis.core.models import MenuItem, SiteSettings
from nelis.core.navigation import site_menus_for
from nelis.home.models import HomePage, StandardPage
from tests.home.builders import add

MAIN = [("Plans", "What is proposed", "/plans/"), ("Since", "What changed", "/plan/since/")]
GROUPS = [
    ("Since", "Since 2019", "/plan/since/"),
    ("Since", "News", "/news/"),
    ("Plans", "All plans", "/plans/"),
    ("Plans", "About this project", "/plan/"),
    ("Who decides", "Boards", "/plan/boards/"),
    ("Who decides", "Ask us", "/plans/#ask"),
]


@pytest.fixture
def site(db):
    home = add(Page.get_first_root_node(), HomePage, "start", hero_statement="A plan")
    Site.objects.all().delete()
    site = Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    rows = [
        *(MenuItem(menu="foot", label="Privacy", path="/privacy/"),),
        *(MenuItem(menu=menu, label=label, path=path) for menu, label, path in GROUPS),
        *(MenuItem(menu="main", label=label, question=question, path=path) for label, question, path in MAIN),
    ]
    settings = SiteSettings.objects.create(site=site)
    for number, row in enumerate(rows):
        row.settings, row.sort_order = settings, number
        row.save()
    return site


def menus(path="/"):
    return site_menus_for(RequestFactory().get(path, SERVER_NAME="testserver"))


def test_groups_stand_with_the_link_of_the_main_menu_they_are_named_after(site):
    found = menus()
    assert [(link.label, link.question) for link in found.main] == [row[:2] for row in MAIN]
    assert [link.label for link in found.foot] == ["Privacy"]
    groups = {group.title: [link.label for link in group.items] for group in found.groups}
    assert groups == {
        "Since": ["Since 2019", "News"],
        "Plans": ["All plans", "About this project"],
        "Who decides": ["Boards", "Ask us"],
    }
    assert [group.title for group in found.groups][-1] == "Who decides", "Those of the main menu come first."
    assert [group.link and group.link.url for group in found.groups] == ["/plan/since/", "/plans/", None]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", ""),
        ("/plans/", "Plans"),
        ("/plans/p1/v1/", "Plans"),
        ("/plan/", "Plans"),
        ("/plan/other/", "Plans"),
        ("/plan/since/", "Since"),
        ("/news/2019/a-piece/", "Since"),
        ("/plan/boards/", ""),
        ("/privacy/", ""),
    ],
)
def test_the_group_that_leads_nearest_is_the_readers_place(site, path, place):
    assert [link.label for link in menus(path).main if link.current] == ([place] if place else [])


def test_on_the_list_of_all_pages_only_the_page_itself_is_marked(site):
    def marked(path):
        return [link.label for group in menus(path).groups for link in group.items if link.current]

    assert marked("/plans/") == ["All plans"]
    assert marked("/plans/p1/") == []


def test_a_page_that_is_not_published_is_in_no_menu(site):
    page = add(site.root_page, StandardPage, "draft")
    for menu in ("main", "foot", "Drafts"):
        MenuItem.objects.create(settings=SiteSettings.objects.get(), menu=menu, label="Draft", page=page, sort_order=99)
    assert "Drafts" in {group.title for group in menus().groups}
    page.unpublish()
    found = menus()
    assert "Draft" not in {link.label for link in [*found.main, *found.foot]}
    assert "Drafts" not in {group.title for group in found.groups}


def test_a_reader_without_popovers_comes_to_all_pages_before_the_footer(site, client):
    soup = BeautifulSoup(client.get("/").content, "html.parser")
    sheet = soup.find(id="all-pages")
    assert sheet.find_previous("main")
    assert sheet.find_next("footer")
    assert soup.header.find("a", href="#all-pages")
    assert soup.header.find("button", popovertarget="all-pages")


def test_the_notice_stands_once_and_does_not_lead_to_its_own_page(site, client):
    page = add(site.root_page, StandardPage, "since", title="Since then")
    SiteSettings.objects.update(notice_title="A record", notice_text="It is old. See", notice_page=page)
    elsewhere, there = (BeautifulSoup(client.get(path).content, "html.parser") for path in ("/", "/since/"))
    for soup in (elsewhere, there):
        assert len(soup.select(".notice")) == 1
        assert soup.text.count("It is old.") == 1
    assert elsewhere.select_one(".notice a")["href"] == "/since/"
    assert not there.select(".notice a")
