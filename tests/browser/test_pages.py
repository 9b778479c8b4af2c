"""What holds on every page, at phone and desk width: accessibility, fit, targets, keyboard, print, and no traces.

Each kind of page is visited once at each width, and everything is looked at in that visit.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_kinds import Address, addresses, kinds, page_types
from tests.browser.visits import HEIGHT, NARROW, WIDE, Visit, Visitor
from tests.browser.waiting import count_of, evaluate, text_of

#: axe takes longest, and pages of one kind are alike to it.
SAMPLE = 6
#: Long lists repeat themselves; this many steps of the Tab key pass every sort of thing on a page.
MOST_STEPS = 300
FROM_THE_TOP = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
#: A4 at 96 pixels an inch, less the margins of the print style sheet at their least.
PAPER_WIDTH = 680
#: The book is all of the site's strategy at once.
MOST_SHEETS = {"home.bookpage": 130}


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", kinds())
def test_a_page_of_the_kind(visitor: Visitor, kind: str, width: int):
    address = addresses(visitor.site, kind)[0]
    with visitor.visit(address.path, width, html=address.html) as visit:
        text = text_of(visit.page.locator("main"))
        problems = [
            *faults_of(visit, address, visitor.site.url),
            *keyboard_faults(visit),
            # Last, because axe sets styles of its own and the others set some, too.
            *visit.axe(),
            *spacing_faults(visit),
        ]
        if kind in page_types() and width == WIDE:
            problems += print_faults(visit, kind)
    if kind in page_types() and width == NARROW:
        with visitor.visit(address.path, width, scripts=False) as visit:
            if text_of(visit.page.locator("main")) != text:
                problems.append("says something else without scripts")
    assert not problems, report({address.path: problems})


@pytest.mark.slow
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", kinds())
def test_every_other_page_of_the_kind(visitor: Visitor, kind: str, width: int):
    problems = {}
    for number, address in enumerate(addresses(visitor.site, kind)[1:], start=1):
        with visitor.visit(address.path, width, html=address.html) as visit:
            found = faults_of(visit, address, visitor.site.url)
            if number < SAMPLE:
                found += visit.axe()
        if found:
            problems[address.path] = found
    assert not problems, report(problems)


def test_the_first_step_skips_to_the_content(visitor: Visitor):
    with visitor.visit("/") as visit:
        visit.page.keyboard.press("Tab")
        first = visit.probe("focus")
        assert first["href"] == "#main"
        assert evaluate(visit.page, "document.activeElement.getBoundingClientRect().top >= 0")
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Tab")
        assert evaluate(visit.page, "document.activeElement.closest('main') !== null")


def faults_of(visit: Visit, address: Address, origin: str) -> list[str]:
    """What is wrong with an open page as it stands: its status, its fit, and what it does to a reader's browser."""
    wrong_status = [f"status {visit.status}"] if visit.status != address.status else []
    return [
        *wrong_status,
        *(f"overflow: {found}" for found in visit.probe("overflow")),
        *(f"clipped: {found}" for found in visit.probe("clipped")),
        *(f"small target: {found}" for found in visit.probe("targets")),
        *visit.faults(origin),
    ]


def keyboard_faults(visit: Visit) -> list[str]:
    """By Tab alone everything is reached, the focus always shows, and nothing lies over it."""
    expected = min(visit.probe("reachable"), MOST_STEPS)
    # From the top, even where the page has set the focus itself, as one with errors does.
    evaluate(visit.page, FROM_THE_TOP)
    steps, wrong = 0, []
    for _ in range(MOST_STEPS):
        visit.page.keyboard.press("Tab")
        focus = visit.probe("focus")
        if focus is None or focus["again"]:
            break
        steps += not focus["within"]
        wrong += [f"focus: {focus['name']} {fault}" for fault in focus["wrong"]]
    return wrong if steps >= expected else [*wrong, f"Tab reached {steps} of {expected} things"]


def spacing_faults(visit: Visit) -> list[str]:
    """Nothing overflows or is cut off with the text spacing of a reader's own style sheet."""
    visit.probe("spacing")
    return [f"with more spacing: {found}" for probe in ("overflow", "clipped") for found in visit.probe(probe)]


def print_faults(visit: Visit, kind: str) -> list[str]:
    """On paper it is a proper document, without what only makes sense on a screen."""
    page = visit.page
    evaluate(page, "document.adoptedStyleSheets = [], null")
    page.set_viewport_size({"width": PAPER_WIDTH, "height": HEIGHT})
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    on_paper = page.locator("header nav, .skip, main form").filter(visible=True)
    shown = [evaluate(on_paper.first, "e => e.outerHTML.slice(0, 200)")] if count_of(on_paper) else []
    return [
        *(f"on paper: {found}" for found in shown),
        *(f"on paper: overflow: {found}" for found in visit.probe("overflow")),
        *sheet_faults(page, MOST_SHEETS.get(kind, 30)),
    ]


def sheet_faults(page: Page, most: int) -> list[str]:
    """What is wrong with the PDF a browser makes of the page."""
    document = page.pdf(format="A4")
    sheets = len(re.findall(rb"/Type\s*/Page\b", document))
    return [] if document.startswith(b"%PDF-") and 1 <= sheets <= most else [f"on paper: {sheets} sheets"]


def report(problems: dict[str, list[str]]) -> str:
    """The problems, page by page."""
    return "\n" + "\n".join(
        f"{path}\n" + "\n".join(f"    {line}" for line in found) for path, found in problems.items()
    )
