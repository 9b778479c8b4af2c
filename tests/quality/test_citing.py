"""A citation can be read without scripts, and copied with one click with them."""

import pytest

from tests.quality.visits import Visitor

FIGURE = "/evidence/figures/f26/"
SECTOR = "/sectors/advanced-manufacturing/chemicals/"


def test_without_scripts_it_opens_and_reads(visitor: Visitor):
    with visitor.visit(SECTOR, scripts=False) as visit:
        visit.page.locator("summary", has_text="Cite SC1").click()
        cited = visit.page.locator("li#SC1 details.cite")
        assert "In our words, from “Engagement Summit slides: advanced manufacturing”" in cited.inner_text()
        assert "/evidence/findings/#SC1, accessed" in cited.inner_text()
        assert visit.page.locator("details.cite button").count() == 0


def test_with_scripts_it_is_copied_by_keyboard_and_says_so(visitor: Visitor):
    with visitor.visit(FIGURE) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        summary = visit.page.locator("summary", has_text="Cite F26")
        summary.focus()
        visit.page.keyboard.press("Enter")
        button = visit.page.get_by_role("button", name="Copy", exact=True)
        button.wait_for()
        # Those who hear the page are told where to listen before there is anything to hear.
        assert visit.page.locator("details.cite [role=status]").inner_text() == ""
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        visit.page.locator("details.cite [role=status]", has_text="Copied").wait_for()
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert copied == visit.page.locator("details.cite p").inner_text()
        assert copied.startswith("105 chemicals enterprises.")
        assert visit.axe() == []
        assert visit.faults(visitor.site.url) == []
        # Folded and opened again, there is still one button.
        summary.click()
        summary.click()
        assert button.count() == 1


def test_where_copying_is_refused_the_text_is_selected(visitor: Visitor):
    with visitor.visit(FIGURE) as visit:
        visit.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
        visit.page.locator("summary", has_text="Cite F26").click()
        visit.page.get_by_role("button", name="Copy", exact=True).click()
        visit.page.locator("[role=status]", has_text="Not copied").wait_for()
        assert visit.page.evaluate("getSelection().toString()").startswith("105 chemicals enterprises.")


@pytest.mark.parametrize("width", [320, 1280])
def test_open_citations_stay_on_the_page(visitor: Visitor, width: int):
    with visitor.visit(SECTOR, width) as visit:
        visit.page.evaluate("document.querySelectorAll('details.cite').forEach((one) => { one.open = true })")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_journalist_quotes_a_figure_with_its_source(visitor: Visitor):
    """The journalist's journey, as far as the citation: targets, more jobs, the figure as at its date."""
    with visitor.visit("/targets/", scripts=False) as visit:
        visit.page.locator("main a", has_text="jobs").first.click()
        row = visit.page.locator("main table tr", has_text="62,500")
        row.locator("summary", has_text="Cite").click()
        said = row.locator("details p").inner_text()
        assert "62,500" in said
        assert "As at 30 June 2018." in said
        assert "/evidence/figures/" in said
