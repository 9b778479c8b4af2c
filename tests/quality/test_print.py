"""Every page prints: a proper document, without what only makes sense on a screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.quality.kinds import addresses, page_types
from tests.quality.reading import ask, number_of
from tests.quality.visits import Visitor

# A4 at 96 pixels an inch, less the margins of the print style sheet at their least.
PAPER_WIDTH = 680
#: The book is all of the site's strategy at once.
MOST_SHEETS = {"home.bookpage": 130}


@pytest.mark.parametrize("kind", page_types())
def test_it_prints(visitor: Visitor, kind: str):
    with visitor.visit(addresses(visitor.site, kind)[0].path, PAPER_WIDTH) as visit:
        visit.page.emulate_media(media="print")
        expect(visit.page.locator("h1")).to_be_visible()
        on_paper = visit.page.locator("header nav, .skip, main form").filter(visible=True)
        assert number_of(on_paper) == 0, ask(on_paper.first, "e => e.outerHTML.slice(0, 200)")
        assert visit.probe("overflow") == []
        document = visit.page.pdf(format="A4")
        assert document.startswith(b"%PDF-")
        sheets = len(re.findall(rb"/Type\s*/Page\b", document))
        assert 1 <= sheets <= MOST_SHEETS.get(kind, 30)
