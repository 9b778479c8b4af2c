"""An analyst's whole import by keyboard: a file is refused, another asks, is approved, and withdrawn."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import figures_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults, signed_in
from tests.browser.visits import HEIGHT, NARROW, WIDE
from tests.browser.waiting import evaluate
from tools import test_site
from tools.test_site import Site


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because the journey changes it."""
    with test_site.serve(tmp_path_factory.mktemp("figures")) as running:
        run_on(running, figures_data.make_series)
        yield running


@pytest.fixture
def analyst(browser: Browser, own_site: Site) -> Iterator[Page]:
    page = signed_in(browser, own_site, "ann")
    yield page
    page.context.close()


def press(page: Page, name: str) -> None:
    """Reach a button or link by the keyboard, and press it."""
    control = (
        page.locator("main").get_by_role("button", name=name).or_(page.locator("main").get_by_role("link", name=name))
    )
    for _ in range(80):
        page.keyboard.press("Tab")
        if evaluate(control.first, "control => control === document.activeElement"):
            break
    expect(control.first).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, site: Site, path: Path, content: bytes) -> None:
    """Choose a file, and have it checked."""
    path.write_bytes(content)
    page.goto(f"{site.url}/admin/figures/")
    # What the browser's own dialogue does is no matter of the page.
    page.locator("#id_file").set_input_files(path)
    page.locator("#id_file").focus()
    press(page, "Check the file")


def check(page: Page) -> None:
    """Nothing is wrong with the page, wide or narrow."""
    assert page_faults(page) == []
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert evaluate(page, "document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})


def test_a_whole_import(analyst: Page, own_site: Site, tmp_path: Path) -> None:
    main = analyst.locator("main")
    analyst.goto(f"{own_site.url}/admin/figures/")
    expect(main).to_contain_text("Series that we keep")
    check(analyst)

    choose(analyst, own_site, tmp_path / "bad.csv", figures_data.REFUSED)
    expect(main.get_by_role("heading", name="Refused: 1 thing to put right")).to_be_visible()
    expect(main).to_contain_text("Row 2 of the file")
    check(analyst)

    choose(analyst, own_site, tmp_path / "later.csv", figures_data.LATER)
    expect(main).to_contain_text("Which indicator is “Boats afloat”?")
    check(analyst)
    analyst.locator("#id_figure-1").focus()
    analyst.keyboard.type("Kite rate")
    press(analyst, "Go on")

    expect(main.get_by_role("button", name="Approve 2 changes")).to_be_visible()
    expect(main.locator("table", has_text="Revised")).to_contain_text(re.compile(r"2021\s+61\s+61\.5"))
    check(analyst)
    analyst.locator("#id_label").focus()
    analyst.keyboard.press("Control+a")
    analyst.keyboard.type("Kites, May 2023")
    analyst.locator("#id_released_on").focus()
    analyst.keyboard.type("2023-05-01")
    analyst.keyboard.press("Escape")
    press(analyst, "Approve 2 changes")

    expect(analyst.locator(".messages")).to_contain_text("Imported: 1 new, 1 revised, 0 unchanged.")
    check(analyst)
    press(analyst, "Withdraw this release")
    analyst.get_by_label("Why").focus()
    analyst.keyboard.type("Boats are no kites.")
    press(analyst, "Withdraw it")
    expect(main).to_contain_text("Boats are no kites.")
