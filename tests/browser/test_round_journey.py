"""A whole round in a browser, from opening it to “you said, we did”, at the width of a phone, with scripts off and on.

An engagement officer closes the round, changes P7 in the editor, which a reviewer approves, and writes the response; a
colleague publishes that, and the public comparison of P7's versions leads to it.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults, signed_in
from tests.browser.visits import NARROW, WIDE, Visitor
from tests.browser.waiting import attribute_of, click_through, expect_absent, source_of, text_of, url_of
from tools import test_site
from tools.test_site import Site

pytestmark = pytest.mark.slow

P7 = "/propositions/driving-the-electric-revolution/"
ROUND = "/feedback/kite-fair/"
QUOTED = "Kites of Exampleshire need wind"
WORDS = f"{QUOTED} and a long tail."
WIND = "There will be wind for the kites of Exampleshire."


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with test_site.serve(tmp_path_factory.mktemp("round")) as running:
        yield running


@pytest.fixture(scope="module")
def officer(browser: Browser, own_site: Site) -> Iterator[Page]:
    run_on(own_site, feedback_data.hire_for_round)
    page = signed_in(browser, own_site, "officer")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def desk(own_site: Site, officer: Page) -> str:
    """The officer builds the round: one session, which rates P7. The path of its desk."""
    officer.goto(f"{own_site.url}/admin/snippets/feedback/feedbackround/add/", wait_until="networkidle")
    officer.locator("#id_title").fill("The kite fair of Exampleshire")
    officer.locator("#id_slug").fill("kite-fair")
    officer.locator("#id_intro").fill("What should fly?")
    officer.locator("#id_privacy_text").fill("Two people read it.")
    officer.locator("#id_publish_policy").select_option("quotes")
    officer.locator("#id_sessions-ADD").click()
    officer.locator("#id_sessions-0-title").fill("Kites")
    officer.locator("#id_sessions-0-propositions-ADD").click()
    field = officer.locator("#id_sessions-0-propositions-0-proposition-chooser")
    field.get_by_role("button", name="Choose a page").click()
    modal = officer.locator(".modal-content")
    modal.locator("input[name=q]").fill("Driving the Electric")
    modal.locator("a.choose-page", has_text="Driving the Electric Revolution").click()
    expect(field).to_contain_text("Driving the Electric Revolution")
    click_through(officer.get_by_role("button", name="Save"))
    expect(officer).to_have_url(re.compile(r"/admin/feedback/\d+/$"))
    return url_of(officer).removeprefix(own_site.url)


def respond(browser: Browser, site: Site, *, scripts: bool, comment: str, name: str) -> str:
    """Answer on a phone, from the round's own page to the receipt. The reference."""
    context = browser.new_context(viewport={"width": NARROW, "height": 640}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(site.url + ROUND)
    click_through(page.get_by_role("link", name="Begin"))
    page.get_by_label("Support", exact=True).check()
    page.get_by_label("Your comment on P7").fill(comment)
    click_through(page.locator("main form button[type=submit]").first)
    page.locator("[name=name]").fill(name)
    page.locator("[name=may_quote]").check()
    click_through(page.locator("main form button[type=submit]").first)
    click_through(page.locator("main form button[type=submit]").first)
    expect(page.locator("h1")).to_have_text("Your answers have arrived")
    reference = text_of(page.locator(".lede strong"))
    context.close()
    return reference


@pytest.fixture(scope="module")
def reference(browser: Browser, own_site: Site, officer: Page, desk: str) -> str:
    """The officer opens the round; people answer, one of them without scripts."""
    officer.goto(own_site.url + desk)
    click_through(officer.get_by_role("button", name="Open the round"))
    expect(officer.locator("#state")).to_contain_text("Open")
    respond(browser, own_site, scripts=True, comment="Something else.", name="Ada Example")
    found = respond(browser, own_site, scripts=False, comment=WORDS, name="Wilma Weather")
    run_on(own_site, feedback_data.add_other_answers)
    return found


def code_the_words(site: Site, officer: Page, desk: str, reference: str) -> None:
    """A code for what was said, on the words that say it; the response is found by its receipt."""
    officer.goto(f"{site.url}{desk}codes/")
    officer.locator("#id_name").fill("Wind")
    click_through(officer.get_by_role("button", name="Add code"))
    officer.goto(f"{site.url}{desk}responses/")
    click_through(officer.get_by_role("link", name=reference))
    officer.locator("#id_words").fill(QUOTED)
    officer.get_by_role("checkbox", name="Wind").check()
    click_through(officer.get_by_role("button", name="Apply codes"))
    expect(officer.locator(".said mark").first).to_have_text(QUOTED)
    click_through(officer.get_by_role("button", name="I’m done with it").first)


def change_p7(browser: Browser, site: Site, officer: Page) -> None:
    """P7 gets a new version because of what was said: the officer writes it, and somebody else approves both steps."""
    number = next(page.number for page in site.pages if page.path == P7)
    editor = f"{site.url}/admin/pages/{number}/edit/"
    officer.goto(editor, wait_until="networkidle")
    officer.locator("[data-contentpath=what_we_propose] [contenteditable=true]").click()
    for key in ("Control+End", "Enter"):
        officer.keyboard.press(key)
    officer.keyboard.type(WIND)
    # The editor of rich text hands on what was typed a moment later.
    expect(officer.locator("[name=what_we_propose]")).to_have_value(re.compile(re.escape(WIND)))
    officer.get_by_role("tab", name=re.compile("What changed")).click()
    officer.get_by_label("A change of substance").check()
    officer.locator("#id_change_note").fill("The kite fair missed the wind.")
    officer.locator("footer").get_by_role("button", name="More actions").click()
    click_through(officer.get_by_role("button", name="Submit to Figures checked, then published"))
    expect(officer.locator(".messages")).to_contain_text("has been submitted for moderation")
    reviewer = signed_in(browser, site, "reviewer")
    for _ in ("the figures", "the whole"):
        assert WIND not in site.get(P7)[1]
        reviewer.goto(editor, wait_until="networkidle")
        expect(reviewer.locator("[data-contentpath=what_we_propose]")).to_contain_text(WIND)
        reviewer.locator("footer").get_by_role("button", name="More actions").click()
        click_through(reviewer.get_by_role("button", name="Approve", exact=True))
    assert WIND in site.get(P7)[1]
    reviewer.context.close()


@pytest.fixture(scope="module")
def reported(browser: Browser, own_site: Site, officer: Page, desk: str, reference: str) -> Page:
    """J7: the officer closes the round and writes what came of it; a colleague publishes that."""
    officer.goto(own_site.url + desk)
    click_through(officer.get_by_role("button", name="Close the round"))
    code_the_words(own_site, officer, desk, reference)
    change_p7(browser, own_site, officer)
    officer.goto(own_site.url + desk)
    click_through(officer.get_by_role("link", name="Report back"))
    expect(officer.locator("main")).to_contain_text("neither a theme nor an official response")
    click_through(officer.get_by_role("link", name="Add a theme"))
    officer.get_by_label("Title").fill("There is no wind")
    officer.get_by_label("Summary").fill("Many missed the wind.")
    officer.get_by_label("Wind", exact=True).check()
    assert page_faults(officer, ".staff-form") == []
    click_through(officer.get_by_role("button", name="Save"))
    click_through(officer.get_by_role("link", name="Add an official response"))
    click_through(officer.get_by_role("button", name="Save"))
    expect(officer.locator("#problem")).to_contain_text("Write what was said")
    assert page_faults(officer, ".staff-form") == []
    officer.get_by_label("You said").fill("The wind is missing.")
    officer.get_by_label("Changed", exact=True).check()
    officer.get_by_label("What we did, and why").fill("We added wind to what is proposed.")
    officer.get_by_label("There is no wind").check()
    # No other proposition has a second version.
    second = officer.locator("option", has_text="Version 2")
    chosen = officer.locator("select").filter(has=second)
    expect(officer.locator(f"label[for={attribute_of(chosen, 'id')}]")).to_contain_text("P7")
    chosen.select_option(attribute_of(second, "value"))
    click_through(officer.get_by_role("button", name="Save"))
    click_through(officer.get_by_role("link", name="Choose quotations"))
    expect(officer.locator(".report-words li")).to_have_count(1)
    officer.get_by_label("With the name").check()
    assert page_faults(officer, ".report-desk") == []
    click_through(officer.get_by_role("button", name="Quote these words"))
    officer.goto(f"{own_site.url}{desk}report/")
    assert page_faults(officer, ".report-desk") == []
    click_through(officer.get_by_role("link", name="Preview the results page"))
    expect(officer.locator("main")).to_contain_text("A preview: this page is not public like this.")
    officer.go_back()
    expect(officer.locator("main")).to_contain_text("somebody else publishes it")
    expect_absent(officer.get_by_role("button", name="Report back"))
    colleague = signed_in(browser, own_site, "colleague")
    colleague.goto(f"{own_site.url}{desk}report/")
    click_through(colleague.get_by_role("button", name="Report back"))
    expect(colleague.locator("#state")).to_contain_text("Reported back")
    colleague.context.close()
    run_on(own_site, feedback_data.draw_charts)
    return officer


@pytest.fixture(scope="module")
def reader(browser: Browser, own_site: Site, reported: Page) -> Visitor:
    return Visitor(browser, own_site)


@pytest.mark.parametrize("scripts", [False, True])
def test_the_comparison_of_versions_leads_to_the_response(reader: Visitor, scripts: bool):
    with reader.visit(f"{P7}compare/?from=1&to=2", NARROW, scripts=scripts) as visit:
        came = visit.page.locator(".came-of")
        expect(came).to_contain_text("Version 2 came of feedback.")
        expect(came).to_contain_text("The wind is missing.")
        expect(visit.page.locator("main")).to_contain_text(WIND)
        click_through(came.get_by_role("link"))
        expect(visit.page).to_have_url(re.compile(rf"{ROUND}results/#r\d+$"))
        official = visit.page.locator("article.official")
        expect(official).to_contain_text("We added wind to what is proposed.")
        click_through(official.get_by_role("link", name="see what changed"))
        expect(visit.page).to_have_url(re.compile(r"compare/\?from=1&to=2$"))


def test_every_way_back_from_p7(reader: Visitor):
    for path in (P7, f"{P7}v2/", f"{P7}history/"):
        with reader.visit(path, NARROW, scripts=False) as visit:
            expect(visit.page.locator(f'main a[href^="{ROUND}results/#r"]'), path).to_have_count(1)
    with reader.visit(f"{P7}v1/", NARROW, scripts=False) as visit:
        expect_absent(visit.page.locator(".came-of"))


def test_beside_p7_stand_support_and_words(reader: Visitor):
    with reader.visit(P7, NARROW, scripts=False) as visit:
        section = visit.page.locator("section", has=visit.page.locator("#said-of-it")).last
        expect(section).to_contain_text("Given to version 1")
        expect(section).to_contain_text(f"“{QUOTED}”")
        expect(section).to_contain_text("Wilma Weather")


@pytest.mark.parametrize("scripts", [False, True])
def test_the_receipt_shows_what_came_of_it_and_no_words(reader: Visitor, reference: str, scripts: bool):
    with reader.visit(ROUND, NARROW, scripts=scripts) as visit:
        page = visit.page
        click_through(page.get_by_role("link", name="See what came of my answers"))
        page.get_by_label("Your reference").fill("0000-0000")
        click_through(page.get_by_role("button", name="Show what came of them"))
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        expect(page).to_have_title(re.compile("^Error: "))
        page.get_by_label("Your reference").fill(reference.lower())
        click_through(page.get_by_role("button", name="Show what came of them"))
        expect(page.locator("main")).to_contain_text("There is no wind")
        expect(page.locator("main")).to_contain_text("We added wind to what is proposed.")
        assert WORDS not in source_of(page)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("path", [f"{ROUND}results/", f"{ROUND}data/", P7, f"{P7}compare/", f"{P7}history/", ROUND])
def test_the_pages_are_sound(reader: Visitor, own_site: Site, path: str, width: int):
    with reader.visit(path, width) as visit:
        assert visit.status == 200
        assert visit.faults(own_site.url) == []
        assert visit.probe("overflow") == []
        assert visit.axe() == []


def test_figures_are_drawn_and_as_a_table(reader: Visitor):
    with reader.visit(f"{ROUND}results/", WIDE, scripts=False) as visit:
        support = visit.page.locator(".support-table")
        expect(support.locator("svg").first).to_be_visible()
        expect(support.locator("tbody tr").first.locator(".num")).to_have_text(["57% 8", "0% 0", "0% 0", "43% 6", "14"])
        whole = visit.page.locator("details.chart").first
        whole.locator("summary").click()
        # All who support it; strong support, which can’t be told apart; neither; and so on.
        row = whole.locator("tbody tr").first
        expect(row.locator("td")).to_have_text(["8", "hidden", "0", "6", "hidden", "0", "14"])
    status, text = visit_file(reader, "counts.csv")
    assert status == 200
    assert '"people","stance","P7"' in text


def visit_file(reader: Visitor, name: str) -> tuple[int, str]:
    return reader.site.get(f"{ROUND}data/{name}")


def test_the_report_is_taken_back_and_put_back(reader: Visitor, own_site: Site, reported: Page, desk: str):
    reported.goto(f"{own_site.url}{desk}report/")
    reported.get_by_text("Withdraw the report").click()
    reported.get_by_label("Why, in a few words").fill("A name was in it.")
    click_through(reported.get_by_role("button", name="Take it off the site"))
    expect(reported.locator("#state")).to_contain_text("Closed")
    assert own_site.get(f"{ROUND}results/")[0] == 404
    with reader.visit(P7, NARROW, scripts=False) as visit:
        expect_absent(visit.page.locator("#said-of-it"))
    click_through(reported.get_by_role("button", name="Report back"))
    expect(reported.locator("#state")).to_contain_text("Reported back")
    assert own_site.get(f"{ROUND}results/")[0] == 200
