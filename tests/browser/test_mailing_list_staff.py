"""Complaints from both sides, and the staff pages of the mailing list, in a browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import email_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults, signed_in
from tests.browser.visits import HEIGHT, NARROW, WIDE, Visitor
from tests.browser.waiting import click_through, evaluate, text_of, url_of
from tools import test_site
from tools.test_site import Site

FILE = (
    "address;name;organisation;topics;frequency;consent_date;consent_evidence\r\n"
    "new@example.org;;;chemicals|p8;weekly;25/05/2018;Folder M12\r\n"
)


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because these journeys change it."""
    with test_site.serve(tmp_path_factory.mktemp("staff")) as running:
        run_on(running, email_data.make_list_for_staff)
        yield running


@pytest.fixture(scope="module")
def reader(browser: Browser, own_site: Site) -> Visitor:
    return Visitor(browser, own_site)


@pytest.fixture(scope="module")
def officer(browser: Browser, own_site: Site) -> Iterator[Page]:
    page = signed_in(browser, own_site, "officer")
    yield page
    page.context.close()


def test_a_complaint_from_the_form_to_the_answer(reader: Visitor, own_site: Site, officer: Page):
    with reader.visit("/privacy/", NARROW, scripts=False) as visit:
        page = visit.page
        click_through(page.locator("main a[href='/data-protection-complaint/']").first)
        expect(page.locator("h1")).to_have_text("Complain about how we handle personal data")
        page.get_by_label("Email address").first.fill("kite")
        click_through(page.get_by_role("button", name="Send the complaint"))
        expect(page).to_have_title(re.compile("^Error: "))
        summary = page.locator(".errs")
        expect(summary.locator("h2")).to_have_text("There is a problem")
        summary.locator("a", has_text="Say what is wrong").click()
        page.keyboard.type("You wrote to me though I left.")
        page.locator("main").get_by_label("Email address").fill("anna@example.org")
        click_through(page.get_by_role("button", name="Send the complaint"))
        expect(page.locator("h1")).to_have_text("We have your complaint")
        reference = re.search(r"DP-[A-Z0-9]{6}", text_of(page.locator("main")))[0]
        assert visit.faults(own_site.url) == []
        assert visit.probe("overflow") == []
        answered = url_of(page).removeprefix(own_site.url)
    with reader.visit(answered, WIDE) as visit:
        assert visit.axe() == []
    officer.goto(f"{own_site.url}/admin/")
    panel = officer.locator(
        "#panel-complaints-section, #complaints, section", has_text="Complaints to acknowledge"
    ).last
    expect(panel).to_contain_text("30 days")
    click_through(officer.get_by_role("link", name=reference))
    expect(officer.locator("main")).to_contain_text("You wrote to me though I left.")
    click_through(officer.get_by_role("link", name="Acknowledge"))
    click_through(officer.get_by_role("button", name="Acknowledge"))
    expect(officer.locator("main")).to_contain_text("Acknowledged in time")
    click_through(officer.get_by_role("link", name="Answer"))
    officer.get_by_label("Answer").fill("We are sorry. It is put right.")
    click_through(officer.get_by_role("button", name="Answer and close"))
    expect(officer.locator("main")).to_contain_text("We are sorry. It is put right.")


@pytest.mark.slow
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize(
    "path",
    [
        "mailing-list/",
        "mailing-list/subscriptions/",
        "mailing-list/subscriptions/1/",
        "mailing-list/subscriptions/1/pause/",
        "mailing-list/subscriptions/1/erase/",
        "mailing-list/subscriptions/add/",
        "mailing-list/import/",
        "mailing-list/suppressed/",
        "complaints/",
        "complaints/set-apart/",
    ],
)
def test_staff_pages(own_site: Site, officer: Page, path: str, width: int):
    officer.set_viewport_size({"width": width, "height": HEIGHT})
    response = officer.goto(f"{own_site.url}/admin/{path}", wait_until="networkidle")
    assert response is not None
    assert response.status == 200
    assert page_faults(officer) == []
    assert evaluate(officer, "document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_the_chart_is_shown_in_the_width_there_is(own_site: Site, officer: Page):
    # Other journeys here add people, in whatever order they come; a chart is drawn after that, by a worker.
    run_on(own_site, email_data.draw_list_charts)
    for width, shown, hidden in ((WIDE, ".wide", ".narrow"), (NARROW, ".narrow", ".wide")):
        officer.set_viewport_size({"width": width, "height": HEIGHT})
        officer.goto(f"{own_site.url}/admin/mailing-list/")
        chart = officer.locator("figure.chart").first
        expect(chart.locator(shown)).to_be_visible()
        expect(chart.locator(hidden)).to_be_hidden()
        letters = chart.locator(f"{shown} text").first
        # The size on the screen, after the drawing was fitted to its place.
        size = evaluate(letters, "one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a")
        assert size >= 12
    officer.set_viewport_size({"width": WIDE, "height": HEIGHT})


@pytest.mark.slow
def test_a_list_is_brought_in(own_site: Site, officer: Page):
    officer.goto(f"{own_site.url}/admin/mailing-list/import/")
    officer.locator("#id_file").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    click_through(officer.get_by_role("button", name="Check the file"))
    expect(officer.get_by_role("button", name="Add 1 person")).to_be_visible()
    assert page_faults(officer) == []
    click_through(officer.get_by_role("button", name="Add 1 person"))
    expect(officer.locator(".messages")).to_contain_text("Imported: 1 added, 0 left out.")
    officer.goto(f"{own_site.url}/admin/mailing-list/subscriptions/?q=new%40example.org")
    click_through(officer.get_by_role("link", name="new@example.org"))
    expect(officer.locator("main")).to_contain_text("2018-05-25: Folder M12")


@pytest.mark.slow
def test_the_breaker_is_reset(own_site: Site, officer: Page):
    officer.goto(f"{own_site.url}/admin/mailing-list/")
    click_through(officer.get_by_role("button", name="Let confirmations go out again"))
    expect(officer.locator(".messages")).to_contain_text("Confirmations go out again.")
