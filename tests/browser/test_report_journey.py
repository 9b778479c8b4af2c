"""The report of a round, written and published on a phone without scripts: from the first theme to the public page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tests.browser.staff import signed_in
from tests.browser.visits import HEIGHT, NARROW
from tests.browser.waiting import click_through, evaluate, expect_absent
from tools import test_site
from tools.test_site import Site

QUOTED = "Kites of Exampleshire need wind"


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with test_site.serve(tmp_path_factory.mktemp("report")) as running:
        yield running


@pytest.fixture(scope="module")
def desk(own_site: Site) -> str:
    """The address of the desk for reporting back."""
    number = run_on(own_site, feedback_data.make_closed_round, f"{QUOTED} and a long tail.", QUOTED)
    return f"{own_site.url}/admin/feedback/{number}/report/"


def on_a_phone(browser: Browser, site: Site, name: str) -> Page:
    page = signed_in(browser, site, name, scripts=False)
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    return page


def sound(page: Page) -> None:
    """Nothing sticks out at the side. The rest is looked for where scripts run: axe is one."""
    for part in ("documentElement", "querySelector('main')"):
        assert evaluate(page, f"document.{part}.scrollWidth") <= NARROW, part


def test_from_the_first_theme_to_the_public_page(browser: Browser, own_site: Site, desk: str):
    officer = on_a_phone(browser, own_site, "officer")
    officer.goto(desk)
    expect(officer.locator("main")).to_contain_text("neither a theme nor an official response")
    sound(officer)
    click_through(officer.get_by_role("link", name="Add a theme"))
    sound(officer)
    officer.get_by_label("Title").fill("There is no wind")
    officer.get_by_label("Summary").fill("Many missed the wind.")
    officer.get_by_label("Wind", exact=True).check()
    click_through(officer.get_by_role("button", name="Save"))
    click_through(officer.get_by_role("link", name="Add an official response"))
    click_through(officer.get_by_role("button", name="Save"))
    expect(officer.locator("#problem")).to_contain_text("Write what was said")
    officer.get_by_label("You said").fill("The wind is missing.")
    officer.get_by_label("Noted", exact=True).check()
    officer.get_by_label("What we did, and why").fill("We wrote it down.")
    officer.get_by_label("There is no wind").check()
    click_through(officer.get_by_role("button", name="Save"))
    click_through(officer.get_by_role("link", name="Choose quotations"))
    expect(officer.locator(".report-words li")).to_have_count(1)
    sound(officer)
    officer.get_by_label("With the name").check()
    click_through(officer.get_by_role("button", name="Quote these words"))
    officer.goto(desk)
    sound(officer)
    click_through(officer.get_by_role("link", name="Preview the results page"))
    expect(officer.locator("main")).to_contain_text("A preview: this page is not public like this.")
    officer.goto(desk)
    expect(officer.locator("main")).to_contain_text("somebody else publishes it")
    expect_absent(officer.get_by_role("button", name="Report back"))
    officer.context.close()
    assert own_site.get("/feedback/kite-fair/results/")[0] == 404
    colleague = on_a_phone(browser, own_site, "colleague")
    colleague.goto(desk)
    click_through(colleague.get_by_role("button", name="Report back"))
    expect(colleague.locator("#state")).to_contain_text("Reported back")
    sound(colleague)
    colleague.context.close()
    status, page = own_site.get("/feedback/kite-fair/results/")
    assert status == 200
    for words in ("There is no wind", "We wrote it down.", f"“{QUOTED}”", "Wilma Weather"):
        assert words in page
