"""Long pages stay as short as they were made, and what people come for stands near their top."""

import pytest

from tests.browser.visits import Visitor
from tests.browser.waiting import evaluate

SECTOR = "/sectors/advanced-manufacturing/"
DESK, PHONE = (1280, 800), (360, 740)
#: The most screens that a page may take, on a desk and on a phone.
MOST = {
    SECTOR: (11, 18),
    "/evidence/findings/": (8.5, 12.5),
}


@pytest.mark.parametrize("path", MOST)
def test_a_page_takes_no_more_screens_than_it_may(visitor: Visitor, path: str):
    for size, most in zip((DESK, PHONE), MOST[path], strict=True):
        with visitor.visit(path, size[0]) as visit:
            visit.page.set_viewport_size({"width": size[0], "height": size[1]})
            screens = evaluate(visit.page, "document.documentElement.scrollHeight / innerHeight")
            assert screens <= most, f"{screens:.1f} screens at {size[0]} pixels"


def test_a_sector_starts_with_its_propositions(visitor: Visitor):
    with visitor.visit(SECTOR, DESK[0]) as visit:
        visit.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        end = "document.querySelector('section[aria-labelledby=propositions]').getBoundingClientRect().bottom"
        assert evaluate(visit.page, f"({end} + scrollY) / innerHeight") <= 2.5
        # The line of contents says how much there is of each part, and leads there.
        for link in visit.page.locator(".holds a").all():
            assert evaluate(link, "link => document.querySelector(link.hash) !== null")
