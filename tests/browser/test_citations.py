"""A citation can be read without scripts, and copied with one click with them."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visitor
from tests.browser.waiting import click_through, evaluate, expect_absent, text_of

FIGURE = "/evidence/figures/f26/"
SECTOR = "/sectors/advanced-manufacturing/chemicals/"


def test_without_scripts_it_opens_and_reads(visitor: Visitor):
    with visitor.visit(SECTOR, scripts=False) as visit:
        visit.page.get_by_role("button", name="Cite SC1", exact=True).click()
        cited = visit.page.locator("#cite-SC1")
        expect(cited).to_be_visible()
        expect(cited).to_contain_text("In our words, from “Engagement Summit slides: advanced manufacturing”")
        expect(cited).to_contain_text("/evidence/findings/#SC1, accessed")
        expect_absent(visit.page.get_by_role("button", name="Copy", exact=True))
        cited.get_by_role("button", name="Close").click()
        expect(cited).to_be_hidden()


def test_with_scripts_it_is_copied_by_keyboard_and_says_so(visitor: Visitor):
    with visitor.visit(FIGURE) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        summary = visit.page.locator("summary", has_text="Cite F26")
        summary.focus()
        visit.page.keyboard.press("Enter")
        button = visit.page.get_by_role("button", name="Copy", exact=True)
        button.wait_for()
        # Those who hear the page are told where to listen before there is anything to hear.
        status = visit.page.locator("details.cite [role=status]")
        expect(status).to_have_text("")
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        expect(status).to_contain_text("Copied")
        copied = evaluate(visit.page, "navigator.clipboard.readText()")
        assert copied == text_of(visit.page.locator("details.cite p"))
        assert copied.startswith("105 chemicals enterprises.")
        assert visit.axe() == []
        assert visit.faults(visitor.site.url) == []
        # Folded and opened again, there is still one button.
        summary.click()
        summary.click()
        expect(button).to_have_count(1)


def test_where_copying_is_refused_the_text_is_selected(visitor: Visitor):
    with visitor.visit(FIGURE) as visit:
        evaluate(visit.page, "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
        visit.page.locator("summary", has_text="Cite F26").click()
        visit.page.get_by_role("button", name="Copy", exact=True).click()
        expect(visit.page.locator("[role=status]")).to_contain_text("Not copied")
        assert evaluate(visit.page, "getSelection().toString()").startswith("105 chemicals enterprises.")


@pytest.mark.parametrize("width", [320, 1280])
def test_open_citations_stay_on_the_page(visitor: Visitor, width: int):
    with visitor.visit(SECTOR, width) as visit:
        evaluate(visit.page, "document.querySelectorAll('details.cite').forEach((one) => { one.open = true })")
        assert evaluate(visit.page, "document.documentElement.scrollWidth") <= width
        visit.page.get_by_role("button", name="Cite SC2", exact=True).click()
        slip = visit.page.locator("#cite-SC2")
        expect(slip).to_be_in_viewport(ratio=0.99)
        assert evaluate(slip, "slip => slip.scrollWidth <= slip.clientWidth")
        assert visit.axe() == []


def test_journalist_quotes_a_figure_with_its_source(visitor: Visitor):
    """The journalist's journey: targets, more jobs, how it stood in October 2018, the figure, CSV, citation."""
    with visitor.visit("/targets/", scripts=False) as visit:
        page = visit.page
        click_through(page.locator("main a", has_text="More jobs").first)
        expect(page.locator(".say")).to_contain_text("82,900 of 100,000")
        figure = page.locator("main .fig", has_text="62,500")
        figure.locator("summary", has_text="Cite").click()
        for words in ("62,500", "As at 30 June 2018.", "/evidence/figures/"):
            expect(figure.locator("details p")).to_contain_text(words)
        click_through(page.locator(".known a", has_text="October 2018"))
        expect(page.locator(".say")).to_contain_text("62,500 of 100,000")
        expect(page.locator("main")).not_to_contain_text("82,900")
        row = page.locator(".said-t tr", has_text="62,500")
        expect(row).to_contain_text("October 2018")
        page.locator("summary", has_text="Cite this page").click()
        for words in ("As it stood in October 2018.", "Our targets", "/targets/more-jobs/as-at/2018-10/"):
            expect(page.locator("details.cite p").first).to_contain_text(words)
        with page.expect_download() as download:
            page.locator(".take a", has_text="CSV").click()
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "62,500" in text
