"""Answering on a phone, as people do it: from the code in the room to the receipt, with scripts off and on."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults, signed_in
from tests.browser.visits import HEIGHT, NARROW, WATCH, WIDE, Visit, Visitor
from tests.browser.waiting import box_of, click_through, evaluate, expect_absent, text_of, url_of, wait_until
from tools import test_site
from tools.test_site import Site


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because people answer on it."""
    with test_site.serve(tmp_path_factory.mktemp("answered")) as running:
        yield running


@pytest.fixture(scope="module")
def code(own_site: Site) -> str:
    """What is typed to come into the first session."""
    return run_on(own_site, feedback_data.open_demonstration_round)[0]


def responses(site: Site) -> list[list[object]]:
    found: list[list[object]] = run_on(site, feedback_data.list_responses)
    return found


def references_of(site: Site) -> list[object]:
    """The references of the responses that were sent."""
    return [reference for *_, reference in responses(site) if reference]


def phone(browser: Browser, *, scripts: bool) -> BrowserContext:
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": NARROW, "height": HEIGHT}, has_touch=True, locale="en-GB"
    )
    context.add_init_script(WATCH)
    return context


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, code: str) -> Iterator[Page]:
    """A phone that nobody has used before. Nothing is set on it, and nothing that a page does is stopped."""
    context = phone(browser, scripts=request.param)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    assert context.cookies() == []
    assert wrong == []
    if request.param:
        assert evaluate(opened, "window.__violations") == []
    context.close()


@pytest.fixture
def scripted(browser: Browser, code: str) -> Iterator[Page]:
    context = phone(browser, scripts=True)
    yield context.new_page()
    context.close()


def join(page: Page, site: Site, code: str) -> None:
    page.goto(f"{site.url}/join/")
    page.get_by_label("The code in the room").fill(code.lower())
    click_through(page.get_by_role("button", name="Join", exact=True))
    expect(page.locator("h1")).to_have_text("The propositions")


def go_on(page: Page, heading: str) -> None:
    click_through(page.get_by_role("button", name="Save and continue"))
    expect(page.locator("h1")).to_have_text(heading)


def rate(page: Page, stance: str = "Support") -> None:
    page.locator("fieldset.stance").first.get_by_label(stance, exact=True).check()


def to_the_check(page: Page, site: Site, code: str) -> None:
    join(page, site, code)
    rate(page)
    go_on(page, "This form")
    go_on(page, "About you")
    go_on(page, "Check your answers")


def send(page: Page) -> str:
    """Send it. Gives the reference."""
    click_through(page.get_by_role("button", name="Send my answers"))
    expect(page.locator("h1")).to_have_text("Your answers have arrived")
    return text_of(page.locator(".lede strong"))


def fits(page: Page) -> bool:
    """Whether nothing stands out sideways. Without scripts nobody can ask the page."""
    return box_of(page.locator("html"))["width"] <= NARROW


def test_from_the_code_to_the_receipt_and_back_again(page: Page, own_site: Site, code: str):
    join(page, own_site, code)
    rate(page)
    page.locator("main textarea").last.fill("w" * 501)
    click_through(page.get_by_role("button", name="Save and continue"))
    # Too long: said on top and beside it, and nothing is lost.
    expect(page.locator(".errs h2")).to_have_text("There is a problem")
    expect(page).to_have_title(re.compile("^Error: "))
    page.locator(".errs a").click()
    page.keyboard.press("End")
    area = page.locator("main textarea").last
    expect(area).to_have_value("w" * 501)
    expect(page.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
    area.fill("Kites, and <b>bells</b>.")
    assert fits(page)
    go_on(page, "This form")
    page.get_by_label("On a phone").check()
    go_on(page, "About you")
    page.get_by_label("You may write to me about my answers").check()
    click_through(page.get_by_role("button", name="Save and continue"))
    expect(page.locator(".errs")).to_contain_text("Enter your email address")
    page.get_by_label("Email address").fill("anna@example.org")
    go_on(page, "Check your answers")
    for words in ("Support", "Kites, and <b>bells</b>.", "On a phone", "anna@example.org"):
        expect(page.locator("main")).to_contain_text(words)
    click_through(page.get_by_role("link", name="Change the answers on This form"))
    page.get_by_label("On paper").check()
    go_on(page, "About you")
    go_on(page, "Check your answers")
    expect(page.locator("main")).to_contain_text("On paper")
    before = len(references_of(own_site))
    reference = send(page)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
    assert len(references_of(own_site)) == before + 1
    # What was sent can be changed …
    click_through(page.get_by_role("link", name="Change my answers"))
    rate(page, "Oppose")
    go_on(page, "This form")
    go_on(page, "About you")
    go_on(page, "Check your answers")
    expect(page.locator("main")).to_contain_text(f"What you sent under {reference} has been changed")
    click_through(page.get_by_role("button", name="Done"))
    expect(page.locator(".lede strong")).to_have_text(reference)
    # … and withdrawn.
    click_through(page.get_by_role("link", name="Withdraw my answers"))
    click_through(page.get_by_role("button", name="Withdraw my answers"))
    expect(page.locator("h1")).to_have_text("Your answers are withdrawn")
    assert ["withdrawn", "person", 1, reference] in responses(own_site)


@pytest.mark.slow
def test_saving_and_coming_back_on_another_device(page: Page, own_site: Site, code: str, browser: Browser):
    join(page, own_site, code)
    rate(page)
    page.locator("main textarea").last.fill("Half of it.")
    click_through(page.get_by_role("button", name="Save and come back later"))
    kept = text_of(page.locator(".lede strong"))
    other = phone(browser, scripts=False)
    there = other.new_page()
    there.goto(f"{own_site.url}/feedback/demonstration/")
    click_through(there.get_by_role("link", name="Come back to my answers"))
    there.get_by_label("Your code").fill("0000 0000 0000")
    click_through(there.get_by_role("button", name="Go on"))
    expect(there.locator(".errs")).to_contain_text("No answers are kept under that code")
    there.get_by_label("Your code").fill(kept.lower().replace("-", " "))
    click_through(there.get_by_role("button", name="Go on"))
    expect(there.locator("main textarea").last).to_have_value("Half of it.")
    expect(there.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
    other.close()


@pytest.mark.slow
def test_two_tabs_are_one_response_and_one_receipt(page: Page, own_site: Site, code: str):
    to_the_check(page, own_site, code)
    count = len(responses(own_site))
    other = page.context.new_page()
    other.goto(url_of(page))
    references = {send(page), send(other)}
    assert len(references) == 1
    assert len(responses(own_site)) == count
    assert len(references & set(references_of(own_site))) == 1


def test_an_older_tab_shows_both_answers_and_asks(page: Page, own_site: Site, code: str):
    join(page, own_site, code)
    older, here = page.context.new_page(), url_of(page)
    older.goto(here)
    rate(page)
    page.locator("main textarea").last.fill("Newer")
    go_on(page, "This form")
    older.locator("main textarea").last.fill("Older")
    click_through(older.get_by_role("button", name="Save and continue"))
    expect(older.locator(".errs h2")).to_have_text("There is a problem")
    expect(older.locator("main textarea").last).to_have_value("Older")
    older.locator(".errs a").click()
    expect(older.get_by_text("Saved in another tab or on another device")).to_be_visible()
    expect(older.get_by_text("Newer", exact=True)).to_be_visible()
    # What was changed in one tab alone is there already.
    expect(older.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
    assert fits(older)
    older.get_by_label("Keep that, and not what stands here").check()
    go_on(older, "This form")
    older.goto(here)
    expect(older.locator("main textarea").last).to_have_value("Newer")


def test_words_are_counted_and_the_end_is_announced_once_nobody_types(scripted: Page, own_site: Site, code: str):
    join(scripted, own_site, code)
    expect_absent(scripted.locator(".counter"))
    area = scripted.locator("main textarea").last
    area.fill("Kites 🪁 fly")
    counter, status = scripted.locator(".counter"), scripted.locator("main .field p[role=status]")
    expect(counter).to_have_text("3 words, 489 characters left")
    # Read out are the letters that are left near the end, and not with each one that is typed.
    expect(status).to_have_text("")
    area.fill("w" * 480)
    expect(counter).to_have_text("1 word, 20 characters left")
    expect(status).to_have_text("20 characters left")
    area.fill("w" * 501)
    expect(status).to_have_text("1 character too many")
    # Nothing is cut off that is typed or pasted.
    expect(area).to_have_value("w" * 501)
    assert fits(scripted)


@pytest.mark.slow
def test_a_table_is_recorded_by_one_phone(page: Page, own_site: Site, code: str):
    page.goto(f"{own_site.url}/join/")
    page.get_by_label("The code in the room").fill(code)
    page.get_by_label("For your table").check()
    click_through(page.get_by_role("button", name="Join", exact=True))
    page.get_by_label("How many people are at the table").fill("eight")
    click_through(page.get_by_role("button", name="Continue"))
    expect(page.locator(".errs")).to_contain_text("Enter a whole number")
    page.get_by_label("How many people are at the table").fill("8")
    click_through(page.get_by_role("button", name="Continue"))
    expect(page.locator("main")).to_contain_text("You write for a table of 8 people")
    rate(page)
    go_on(page, "This form")
    go_on(page, "About you")
    go_on(page, "Check your answers")
    reference = send(page)
    expect(page.locator("main")).to_contain_text("A table of 8 people, counted apart")
    assert ["submitted", "table", 8, reference] in responses(own_site)


@pytest.mark.slow
def test_a_proposition_is_responded_to_from_its_page(page: Page, own_site: Site):
    page.goto(f"{own_site.url}/propositions/battery-innovation-hub/")
    click_through(page.get_by_role("link", name="Respond to P8").first)
    expect(page.locator("h1")).to_have_text("What do you think of P8?")
    click_through(page.get_by_role("button", name="Save and continue"))
    expect(page.locator(".errs")).to_contain_text("Choose how far you support P8")
    rate(page, "Strongly support")
    page.get_by_label("What is missing (P8)").fill("A place to test.")
    go_on(page, "About you")
    go_on(page, "Check your answers")
    expect(page.locator("main")).to_contain_text("What is missing: A place to test.")
    send(page)
    click_through(page.get_by_role("link", name="Back to P8"))
    expect(page.locator("h1")).to_have_text("Battery innovation hub")


@pytest.mark.slow
def test_a_code_that_leads_nowhere(page: Page, own_site: Site):
    page.goto(f"{own_site.url}/join/")
    page.get_by_label("The code in the room").fill("QQ0000")
    click_through(page.get_by_role("button", name="Join", exact=True))
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("The code in the room")).to_have_value("QQ0000")


@pytest.mark.slow
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_who_comes_when_it_is_crowded_can_read_why(browser: Browser, own_site: Site, code: str, width: int):
    html = run_on(own_site, feedback_data.answer_page_when_crowded)
    with Visitor(browser, own_site).visit("/crowded/", width, html=html) as visit:
        expect(visit.page).to_have_title(re.compile("^Error: "))
        expect(visit.page.get_by_role("alert")).to_contain_text("Too many new responses")
        expect(visit.page.locator("main textarea").last).to_have_value("Words that wait.")
        expect(visit.page.get_by_label("The code in the room")).to_have_value("AA0000")
        assert visit.axe() == []
        assert visit.faults(own_site.url) == []
        assert visit.probe("overflow") == []


@pytest.mark.slow
class TestDraft:
    """What is typed stays in the browser until it has arrived, and nothing else ever does."""

    def stored(self, page: Page) -> int:
        return evaluate(page, "localStorage.length")

    def typed(self, page: Page, words: str, drafts: int = 1) -> None:
        """Type words, and wait until there are so many drafts, and these words among them."""
        page.locator("main textarea").last.press_sequentially(words)
        wait_until(
            page, f"localStorage.length === {drafts} && JSON.stringify(localStorage).includes({json.dumps(words)})"
        )

    def test_somebody_who_looks_stores_nothing(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        assert self.stored(scripted) == 0

    def test_a_page_that_was_not_sent_comes_back(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        rate(scripted)
        self.typed(scripted, "Half a word")
        scripted.reload()
        expect(scripted.locator("main textarea").last).to_have_value("Half a word")
        expect(scripted.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
        note = scripted.get_by_role("status")
        expect(note).to_contain_text("What you typed here before is back")
        assert Visit(scripted).axe() == []
        note.get_by_role("button", name="Remove it").click()
        expect(scripted.locator("main textarea").last).to_have_value("")
        expect_absent(scripted.locator("main :checked"))
        assert self.stored(scripted) == 0

    def test_leaving_in_the_middle_of_a_word_is_enough(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = url_of(scripted)
        scripted.locator("main textarea").last.press_sequentially("Ha")
        scripted.goto(f"{own_site.url}/contact/")
        scripted.goto(here)
        expect(scripted.locator("main textarea").last).to_have_value("Ha")

    def test_a_connection_that_breaks_off_loses_nothing(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = url_of(scripted)
        self.typed(scripted, "Over bad Wi-Fi")
        scripted.route("**/answer/**", lambda route: route.abort())
        scripted.get_by_role("button", name="Save and continue").click()
        # The browser's own page says that there is no connection.
        expect(scripted).to_have_url(re.compile("^chrome-error:"))
        scripted.unroute_all()
        scripted.goto(here)
        expect(scripted.locator("main textarea").last).to_have_value("Over bad Wi-Fi")

    def test_it_is_gone_with_the_receipt(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        rate(scripted)
        self.typed(scripted, "Something")
        go_on(scripted, "This form")
        self.typed(scripted, "Something else", drafts=2)
        go_on(scripted, "About you")
        go_on(scripted, "Check your answers")
        assert self.stored(scripted) == 2
        send(scripted)
        assert self.stored(scripted) == 0

    def test_what_was_saved_in_another_tab_is_not_overwritten(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = url_of(scripted)
        self.typed(scripted, "Older")
        other = scripted.context.new_page()
        other.goto(here)
        other.locator("main textarea").last.fill("Newer")
        go_on(other, "This form")
        scripted.goto(here)
        expect(scripted.locator("main textarea").last).to_have_value("Newer")
        expect_absent(scripted.get_by_role("status"))
        assert self.stored(scripted) == 0

    def test_what_came_back_with_an_error_comes_back_again(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = url_of(scripted)
        scripted.locator("main textarea").last.fill("w" * 501)
        wait_until(scripted, "localStorage.length > 0")
        click_through(scripted.get_by_role("button", name="Save and continue"))
        expect(scripted.locator(".errs")).to_be_visible()
        scripted.locator("main textarea").last.fill("w" * 502)
        wait_until(scripted, "JSON.stringify(localStorage).includes('w'.repeat(502))")
        scripted.goto(here)
        expect(scripted.locator("main textarea").last).to_have_value("w" * 502)

    def test_who_a_person_is_is_never_stored(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        go_on(scripted, "This form")
        go_on(scripted, "About you")
        scripted.get_by_label("Email address").fill("anna@example.org")
        assert self.stored(scripted) == 0

    def test_old_ones_are_thrown_away(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        evaluate(
            scripted,
            """() => {
              const old = Date.now() - 15 * 86400000;
              localStorage.setItem("draft:other:key:page", JSON.stringify({ at: old, held: "[]", values: "[]" }));
              localStorage.setItem("draft:broken", "{");
              localStorage.setItem("another", "stays");
            }""",
        )
        scripted.reload()
        assert evaluate(scripted, "Object.keys(localStorage)") == ["another"]


@pytest.fixture(scope="module")
def officer(browser: Browser, own_site: Site, code: str) -> Iterator[tuple[Page, str]]:
    desk = f"{own_site.url}/admin/feedback/{run_on(own_site, feedback_data.hire_for_demonstration)}/"
    page = signed_in(browser, own_site, "officer")
    yield page, desk
    page.context.close()


@pytest.mark.slow
class TestStaff:
    """Posters, and forms on paper, in the admin."""

    def faults(self, page: Page) -> list[str]:
        """What is wrong with the main part, and what stands out sideways."""
        sideways = evaluate(page, "document.documentElement.scrollWidth > innerWidth")
        return [*page_faults(page), *(["sideways"] if sideways else [])]

    def test_a_sheet_is_typed_in_and_put_right(self, officer: tuple[Page, str], own_site: Site):
        page, desk = officer
        page.goto(desk)
        click_through(page.get_by_role("link", name="Paper forms"))
        click_through(page.get_by_role("link", name="Type in a sheet"))
        click_through(page.get_by_role("button", name="Save the sheet"))
        expect(page.locator("#problem")).to_contain_text("Say where the sheet came from")
        assert self.faults(page) == []
        page.get_by_role("link", name="Say where the sheet came from").click()
        page.keyboard.type("Table 4, sheet 12")
        page.get_by_label("Oppose", exact=True).first.check()
        page.get_by_label("Your comment on P1").fill("Too long a tail.")
        click_through(page.get_by_role("button", name="Save the sheet"))
        expect(page.locator("body")).to_contain_text("Write that on the sheet")
        assert self.faults(page) == []
        click_through(page.get_by_role("link", name=re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}$")).first)
        expect(page.get_by_label("Your comment on P1")).to_have_value("Too long a tail.")
        page.get_by_label("Your comment on P1").fill("Too short a tail.")
        click_through(page.get_by_role("button", name="Save the sheet"))
        assert sum(response[:2] == ["submitted", "paper"] for response in responses(own_site)) == 1

    def test_posters_are_printed(self, officer: tuple[Page, str], code: str):
        page, desk = officer
        page.goto(desk)
        click_through(page.get_by_role("link", name="Posters for the room"))
        expect(page.locator("#how")).to_be_visible()
        assert self.faults(page) == []
        with page.expect_download() as started:
            page.get_by_role("link", name=re.compile(r"\(SVG\)")).first.click()
        assert started.value.suggested_filename == f"join-{code}.svg"
        click_through(page.get_by_role("link", name="All posters, to print"))
        expect(page.locator(".poster")).to_have_count(2)
        assert self.faults(page) == []
        page.emulate_media(media="print")
        for number in range(2):
            poster = page.locator(".poster").nth(number)
            # A sheet of A4 at 96 dots an inch is 1123 high, and nothing of a poster may be cut off.
            assert box_of(poster)["height"] <= 1123
            assert evaluate(poster, "one => one.scrollHeight <= one.clientHeight + 1")
        page.emulate_media(media="screen")

    @pytest.mark.parametrize("path", ["posters/", "posters/print/", "paper/", "paper/new/", "paper/blank/"])
    def test_on_a_narrow_screen(self, officer: tuple[Page, str], path: str):
        page, desk = officer
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        page.goto(desk + path)
        assert self.faults(page) == []
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
