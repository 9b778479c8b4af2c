"""Whole journeys, as people make them: by links from page to page, with scripts off."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.staff import demonstration_editor
from tests.browser.visits import NARROW, Visitor
from tests.browser.waiting import click_through, expect_absent
from tools import test_site
from tools.test_site import Site

P8 = "Battery innovation hub"


def test_a_firm_finds_what_concerns_it(visitor: Visitor):
    """A small chemicals firm on a phone: from the home page to a finding, its source, and what it led to."""
    with visitor.visit("/", NARROW, scripts=False) as visit:
        page = visit.page
        page.get_by_role("button", name="Menu", exact=True).click()
        click_through(page.locator("#all-pages h3 a", has_text="Sectors"))
        click_through(page.locator("main a", has_text="Advanced manufacturing").first)
        click_through(page.locator("main a[href$='/chemicals/']").first)
        expect(page.locator("h1")).to_have_text("Chemicals")
        page.get_by_role("button", name="Cite SC1", exact=True).click()
        slip = page.locator("#cite-SC1")
        expect(slip).to_contain_text("Engagement Summit slides")
        slip.get_by_role("button", name="Close").click()
        click_through(page.locator("main a[href*='/propositions/']", has_text=P8).first)
        expect(page.locator("h1")).to_have_text(P8)
        section = page.locator("section", has=page.locator("#evidence"))
        section.locator("summary", has_text="Reasons for these links").click()
        against = section.locator("details li", has=page.locator("a.ref", has_text=re.compile("^W2$")))
        expect(against).to_contain_text("Counts against it")
        click_through(against.locator("a", has_text="Engagement Summit"))
        expect(page).to_have_url(re.compile("/evidence/"))
        expect(page.locator("main a", has_text="W2").first).to_be_visible()


@pytest.mark.slow
def test_an_official_explores_what_is_stated(visitor: Visitor):
    """Propositions by Grand Challenges, what sources state alone, and the table as a file."""
    with visitor.visit("/", scripts=False) as visit:
        visit.page.get_by_role("button", name="All pages", exact=True).click()
        click_through(visit.page.locator("#all-pages a", has_text="Explorer"))
        rings = visit.page.locator("table.matrix a.cell")
        expect(rings).to_have_count(13)
        visit.page.get_by_label("Links").select_option("stated")
        click_through(visit.page.get_by_role("button", name="Show", exact=True))
        expect(visit.page).to_have_url(re.compile("basis=stated"))
        expect_absent(rings)
        with visit.page.expect_download() as started:
            visit.page.locator("main a", has_text="CSV").click()
        assert started.value.suggested_filename == "proposition-by-challenge.csv"


@pytest.mark.slow
def test_an_academic_finds_the_gap(visitor: Visitor):
    """From the evidence to a constraint that nothing answers, and to what would close that gap."""
    with visitor.visit("/", scripts=False) as visit:
        page = visit.page
        click_through(page.locator("header nav a", has_text="Evidence").first)
        click_through(page.locator("main a", has_text="Findings").first)
        page.get_by_role("checkbox", name="No proposition responds").check()
        click_through(page.get_by_role("button", name="Show findings"))
        expect(page.locator("#C3")).to_contain_text("No proposition responds")
        expect(page.locator("#C5")).to_have_count(1)
        expect_absent(page.locator("#C1"))
        click_through(page.locator("header nav a", has_text="Evidence").first)
        click_through(page.locator("main a", has_text="Gaps").first)
        section = page.locator("section", has=page.locator("#unanswered-constraints"))
        expect(section).to_contain_text("A proposition that addresses it, or a published reason not to.")
        expect(section.locator("li .ref")).to_have_text(["C3", "C5"])
        click_through(section.locator("a", has_text="Access to skills").or_(section.locator("li a").first).first)
        expect(page).to_have_url(re.compile("#C3$"))


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with test_site.serve(tmp_path_factory.mktemp("corrected")) as running:
        yield running


@pytest.fixture(scope="module")
def showing(own_site: Site) -> list[str]:
    """Every page that gave the figure before."""
    return [page.path for page in own_site.pages if re.search(r"\b7,000\b", own_site.get(page.path)[1])]


@pytest.fixture(scope="module")
def corrected(own_site: Site, showing: list[str], browser: Browser) -> Site:
    """The site after an editor changed the figure. Wagtail's own forms need scripts; nothing else here does."""
    page = demonstration_editor(browser, own_site)
    page.goto(f"{own_site.url}/admin/snippets/evidence/statistic/?q=F08")
    click_through(page.locator("main a", has_text="F08").first)
    page.locator("#id_value").fill("7001")
    publish = page.locator("button[name=action-publish]")
    page.locator("footer").get_by_role("button", name="More actions").click()
    click_through(publish)
    # Nothing is published without a word, and what was typed is still there.
    expect(page.locator("body")).to_contain_text("Choose how readers are told of this change.")
    expect(page.locator("#id_value")).to_have_value("7001")
    page.get_by_role("tab", name=re.compile("What changed")).click()
    page.get_by_label("A correction: something published was wrong").check()
    page.locator("#id_change_note").fill("A trial of a correction.")
    page.locator("footer").get_by_role("button", name="More actions").click()
    click_through(publish)
    expect(page).to_have_url(re.compile(r"/admin/snippets/evidence/statistic/$"))
    page.context.close()
    return own_site


def test_a_corrected_figure_is_right_on_every_page_and_in_the_book(corrected: Site, showing: list[str]):
    assert len(showing) >= 4
    assert "/book/" in showing
    for path in showing:
        status, text = corrected.get(path)
        assert status == 200
        assert "7,001" in text, path
        assert "5,000" in text, path


@pytest.mark.slow
def test_a_corrected_figure_is_told_in_the_list_of_changes(corrected: Site, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{corrected.url}/")
    page.get_by_role("button", name="All pages", exact=True).click()
    click_through(page.locator("#all-pages a", has_text="Changes to this site"))
    first = page.locator("main li[id^=change-]").first
    expect(first).to_contain_text("Correction")
    expect(first).to_contain_text("A trial of a correction.")
    first.locator("summary").click()
    expect(first.get_by_text("7,000").first).to_be_visible()
    expect(first.get_by_text("7,001").first).to_be_visible()
    context.close()
