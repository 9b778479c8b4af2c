"""Whole journeys, as people make them: by links from page to page, with scripts off."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.quality.visits import HEIGHT, NARROW, WIDE, Visitor, sign_in
from tools import served
from tools.served import Site

P8 = "Battery innovation hub"


def said(page: Page) -> str:
    """The words of the main part."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_a_firm_finds_what_concerns_it(visitor: Visitor):
    """A small chemicals firm on a phone: from the home page to a finding, its source, and what it led to."""
    with visitor.visit("/", NARROW, scripts=False) as visit:
        page = visit.page
        page.get_by_role("button", name="Menu", exact=True).click()
        page.locator("header nav a", has_text="Sectors").first.click()
        page.locator("main a", has_text="Advanced manufacturing").first.click()
        page.locator("main a[href$='/chemicals/']").first.click()
        expect(page.locator("h1")).to_have_text("Chemicals")
        finding = page.locator("#SC1")
        finding.locator("summary", has_text="Cite").click()
        expect(finding.locator("details p")).to_contain_text("Engagement Summit slides")
        page.locator("main a[href*='/propositions/']", has_text=P8).first.click()
        expect(page.locator("h1")).to_have_text(P8)
        section = page.locator("section", has=page.locator("#evidence"))
        section.locator("summary", has_text="Why we see these lines").click()
        against = section.locator("details li", has=page.locator("a.ref", has_text=re.compile("^W2$")))
        assert "Counts against it" in against.inner_text()
        against.locator("a", has_text="Engagement Summit").click()
        assert "/evidence/" in page.url
        assert page.locator("main a", has_text="W2").count() >= 1


def test_an_official_explores_what_is_stated(visitor: Visitor):
    """Propositions by Grand Challenges, what sources state alone, and the table as a file."""
    with visitor.visit("/", scripts=False) as visit:
        visit.page.locator("footer a", has_text="Explorer").click()
        rings = visit.page.locator("table.matrix a.cell")
        assert rings.count() == 13
        visit.page.get_by_label("Links").select_option("stated")
        visit.page.get_by_role("button", name="Show", exact=True).click()
        assert "basis=stated" in visit.page.url
        assert rings.count() == 0
        with visit.page.expect_download() as started:
            visit.page.locator("main a", has_text="CSV").click()
        assert started.value.suggested_filename == "proposition-by-challenge.csv"


def test_an_academic_finds_the_gap(visitor: Visitor):
    """From the evidence to a constraint that nothing answers, and to what would close that gap."""
    with visitor.visit("/", scripts=False) as visit:
        page = visit.page
        page.locator("header nav a", has_text="Evidence").first.click()
        page.locator("main a", has_text="Findings").first.click()
        page.get_by_label("Nothing yet").check()
        page.get_by_role("button", name="Show findings").click()
        assert "Led to nothing yet" in page.locator("#C3").inner_text()
        assert page.locator("#C5").count() == 1
        assert page.locator("#C1").count() == 0
        page.locator("header nav a", has_text="Evidence").first.click()
        page.locator("main a", has_text="Gaps").first.click()
        section = page.locator("section", has=page.locator("#unanswered-constraints"))
        assert "A proposition that addresses it, or a published reason not to." in section.inner_text()
        assert section.locator("li .ref").all_inner_texts() == ["C3", "C5"]
        section.locator("a", has_text="Access to skills").or_(section.locator("li a").first).first.click()
        assert page.url.endswith("#C3")


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with served.serve(tmp_path_factory.mktemp("corrected")) as running:
        yield running


@pytest.fixture(scope="module")
def showing(own_site: Site) -> list[str]:
    """Every page that gave the figure before."""
    return [page.path for page in own_site.pages if "7,000" in own_site.get(page.path)[1]]


@pytest.fixture(scope="module")
def corrected(own_site: Site, showing: list[str], browser: Browser) -> Site:
    """The site after an editor changed the figure. Wagtail's own forms need scripts; nothing else here does."""
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT})
    page = context.new_page()
    sign_in(page, own_site)
    page.goto(f"{own_site.url}/admin/snippets/evidence/statistic/?q=F08")
    page.locator("main a", has_text="F08").first.click()
    page.locator("#id_value").fill("7001")
    publish = page.locator("button[name=action-publish]")
    page.locator("footer").get_by_role("button", name="More actions").click()
    publish.click()
    # Nothing is published without a word, and what was typed is still there.
    expect(page.locator("body")).to_contain_text("Choose how readers are told of this change.")
    assert page.locator("#id_value").input_value() == "7001"
    page.get_by_role("tab", name=re.compile("What changed")).click()
    page.get_by_label("A correction: something published was wrong").check()
    page.locator("#id_change_note").fill("A trial of a correction.")
    page.locator("footer").get_by_role("button", name="More actions").click()
    publish.click()
    page.wait_for_url(re.compile(r"/admin/snippets/evidence/statistic/"))
    context.close()
    return own_site


def test_a_corrected_figure_is_right_on_every_page_and_in_the_book(corrected: Site, showing: list[str]):
    assert len(showing) >= 4
    assert "/book/" in showing
    for path in showing:
        status, text = corrected.get(path)
        assert status == 200
        assert "7,001" in text, path
        assert "5,000" in text, path


def test_a_corrected_figure_is_told_in_the_list_of_changes(corrected: Site, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{corrected.url}/")
    page.locator("footer a", has_text="Changes").click()
    first = page.locator("main li[id^=change-]").first
    assert "Correction" in first.inner_text()
    assert "A trial of a correction." in first.inner_text()
    first.locator("summary").click()
    assert "7,000" in first.inner_text()
    assert "7,001" in first.inner_text()
    context.close()
