"""Everything works with scripts off."""

import re

import pytest

from tests.quality.kinds import addresses, page_types
from tests.quality.visits import NARROW, WIDE, Visitor


@pytest.mark.parametrize("kind", page_types())
def test_a_page_says_the_same(visitor: Visitor, kind: str):
    path = addresses(visitor.site, kind)[0].path
    texts = []
    for scripts in (True, False):
        with visitor.visit(path, NARROW, scripts=scripts) as visit:
            texts.append(words(visit.page.locator("main").inner_text()))
    assert texts[0] == texts[1]


def test_the_menu_leads_on(visitor: Visitor):
    with visitor.visit("/", NARROW, scripts=False) as visit:
        visit.page.get_by_role("button", name="Menu", exact=True).click()
        links = visit.page.locator("header nav a[href^='/']")
        hrefs = [links.nth(i).get_attribute("href") for i in range(links.count())]
        assert len(hrefs) >= 5
        links.last.click()
        assert visit.page.url.endswith(hrefs[-1])
        assert visit.page.locator("h1").count() == 1


def test_a_search_finds(visitor: Visitor):
    with visitor.visit("/search/", scripts=False) as visit:
        box = visit.page.locator("main input[name=q]")
        box.fill("P7")
        box.press("Enter")
        assert "q=P7" in visit.page.url
        assert visit.page.locator("main a[href^='/propositions/']").count() >= 1


def test_a_filter_narrows_a_list(visitor: Visitor):
    with visitor.visit("/propositions/", scripts=False) as visit:
        entries = visit.page.locator("main h2 a[href^='/propositions/'], main h3 a[href^='/propositions/']")
        everything = entries.count()
        assert everything == 11
        choice = visit.page.locator("main form input[type=checkbox]").first
        choice.check()
        visit.page.locator("main form button[type=submit]").click()
        assert f"{choice.get_attribute('name')}=" in visit.page.url
        assert 0 < entries.count() < everything


def test_a_folded_filter_opens_and_narrows(visitor: Visitor):
    with visitor.visit("/propositions/", WIDE, scripts=False) as visit:
        visit.page.locator("main form summary", has_text="Partner").click()
        visit.page.get_by_label("Newcastle University").check()
        visit.page.locator("main form button[type=submit]").click()
        assert "partner=newcastle-university" in visit.page.url
        assert visit.page.locator("main ol.big h2 a").all_inner_texts() == ["Driving the Electric Revolution"]


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
