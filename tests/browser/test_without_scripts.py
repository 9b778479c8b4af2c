"""Menu, search and filters work with scripts off. That every page says the same without them: ``test_pages``."""

import re

from playwright.sync_api import expect

from tests.browser.visits import NARROW, WIDE, Visitor
from tests.browser.waiting import attribute_of, click_through, count_of, navigating


def test_the_menu_leads_on(visitor: Visitor):
    with visitor.visit("/", NARROW, scripts=False) as visit:
        visit.page.get_by_role("button", name="Menu", exact=True).click()
        links = visit.page.locator("#all-pages a[href^='/']")
        assert count_of(links) >= 30
        last = attribute_of(links.last, "href")
        click_through(links.last)
        expect(visit.page).to_have_url(visitor.site.url + last)
        expect(visit.page.locator("h1")).to_have_count(1)


def test_a_search_finds(visitor: Visitor):
    with visitor.visit("/search/", scripts=False) as visit:
        box = visit.page.locator("main input[name=q]")
        box.fill("P7")
        with navigating(visit.page):
            box.press("Enter")
        expect(visit.page).to_have_url(re.compile("q=P7"))
        expect(visit.page.locator("main a[href^='/propositions/']").first).to_be_visible()


def test_a_filter_narrows_a_list(visitor: Visitor):
    with visitor.visit("/propositions/", scripts=False) as visit:
        entries = visit.page.locator("main h2 a[href^='/propositions/'], main h3 a[href^='/propositions/']")
        expect(entries).to_have_count(11)
        choice = visit.page.locator("main form input[type=checkbox]").first
        choice.check()
        click_through(visit.page.locator("main form button[type=submit]"))
        expect(visit.page).to_have_url(re.compile(f"{attribute_of(choice, 'name')}="))
        assert 0 < count_of(entries) < 11


def test_a_folded_filter_opens_and_narrows(visitor: Visitor):
    with visitor.visit("/propositions/", WIDE, scripts=False) as visit:
        visit.page.locator("main form summary", has_text="Partner").click()
        visit.page.get_by_label("Newcastle University").check()
        click_through(visit.page.locator("main form button[type=submit]"))
        expect(visit.page).to_have_url(re.compile("partner=newcastle-university"))
        expect(visit.page.locator("main ol.big h2 a")).to_have_text(["Driving the Electric Revolution"])
