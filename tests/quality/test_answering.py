"""Answering on a phone, as people do it: from the code in the room to the receipt, with scripts off and on."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.quality import members
from tests.quality.visits import AXE, AXE_OPTIONS, HEIGHT, NARROW, WATCH, WIDE, Visitor
from tools import served
from tools.served import Site

# Run on the site's own data: the demonstration, without answers; prints the code of its first session.
MAKE = """
import json
from engagement.feedback.demonstration import open_demonstration
made = open_demonstration(0)
print(json.dumps([one.code for one in made.sessions.all()]))
"""
# How many responses there are, by state and mode.
COUNT = """
import json
from engagement.feedback.models import Response
print(json.dumps([[one.state, one.mode, one.people, one.reference] for one in Response.objects.order_by("pk")]))
"""


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because people answer on it."""
    with served.serve(tmp_path_factory.mktemp("answered")) as running:
        yield running


@pytest.fixture(scope="module")
def code(own_site: Site) -> str:
    """What is typed to come into the first session."""
    return json.loads(shell(own_site, MAKE))[0]


def shell(site: Site, script: str) -> str:
    return members.manage(site, "shell", "--no-imports", "--command", script).splitlines()[-1]


def responses(site: Site) -> list[list[object]]:
    return json.loads(shell(site, COUNT))


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
        assert opened.evaluate("window.__violations") == []
    context.close()


@pytest.fixture
def scripted(browser: Browser, code: str) -> Iterator[Page]:
    context = phone(browser, scripts=True)
    yield context.new_page()
    context.close()


def join(page: Page, site: Site, code: str) -> None:
    page.goto(f"{site.url}/join/")
    page.get_by_label("The code in the room").fill(code.lower())
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.locator("h1")).to_have_text("The propositions")


def go_on(page: Page, heading: str) -> None:
    page.get_by_role("button", name="Save and continue").click()
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
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("h1")).to_have_text("Your answers have arrived")
    return page.locator(".lede strong").inner_text()


def until(page: Page, truth: str) -> None:
    """Wait for something to be true in the page. Playwright's own way is stopped by the policy of our pages."""
    for _ in range(100):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It never came true: {truth}")


def fits(page: Page) -> bool:
    """Whether nothing stands out sideways. Without scripts nobody can ask the page."""
    box = page.locator("html").bounding_box()
    return box is not None and box["width"] <= NARROW


def test_from_the_code_to_the_receipt_and_back_again(page: Page, own_site: Site, code: str):
    join(page, own_site, code)
    rate(page)
    page.locator("main textarea").last.fill("w" * 501)
    page.get_by_role("button", name="Save and continue").click()
    # Too long: said on top and beside it, and nothing is lost.
    expect(page.locator(".errs h2")).to_have_text("There is a problem")
    expect(page).to_have_title(re.compile("^Error: "))
    page.locator(".errs a").click()
    page.keyboard.press("End")
    area = page.locator("main textarea").last
    assert area.input_value() == "w" * 501
    expect(page.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
    area.fill("Kites, and <b>bells</b>.")
    assert fits(page)
    go_on(page, "This form")
    page.get_by_label("On a phone").check()
    go_on(page, "About you")
    page.get_by_label("You may write to me about my answers").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".errs")).to_contain_text("Enter your email address")
    page.get_by_label("Email address").fill("anna@example.org")
    go_on(page, "Check your answers")
    for words in ("Support", "Kites, and <b>bells</b>.", "On a phone", "anna@example.org"):
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("link", name="Change the answers on This form").click()
    page.get_by_label("On paper").check()
    go_on(page, "About you")
    go_on(page, "Check your answers")
    expect(page.locator("main")).to_contain_text("On paper")
    before = len([one for one in responses(own_site) if one[3]])
    reference = send(page)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
    assert len([one for one in responses(own_site) if one[3]]) == before + 1
    # What was sent can be changed …
    page.get_by_role("link", name="Change my answers").click()
    rate(page, "Oppose")
    go_on(page, "This form")
    go_on(page, "About you")
    go_on(page, "Check your answers")
    expect(page.locator("main")).to_contain_text(f"What you sent under {reference} has been changed")
    page.get_by_role("button", name="Done").click()
    assert page.locator(".lede strong").inner_text() == reference
    # … and withdrawn.
    page.get_by_role("link", name="Withdraw my answers").click()
    page.get_by_role("button", name="Withdraw my answers").click()
    expect(page.locator("h1")).to_have_text("Your answers are withdrawn")
    assert ["withdrawn", "person", 1, reference] in responses(own_site)


def test_saving_and_coming_back_on_another_device(page: Page, own_site: Site, code: str, browser: Browser):
    join(page, own_site, code)
    rate(page)
    page.locator("main textarea").last.fill("Half of it.")
    page.get_by_role("button", name="Save and come back later").click()
    kept = page.locator(".lede strong").inner_text()
    other = phone(browser, scripts=False)
    there = other.new_page()
    there.goto(f"{own_site.url}/feedback/demonstration/")
    there.get_by_role("link", name="Come back to my answers").click()
    there.get_by_label("Your code").fill("0000 0000 0000")
    there.get_by_role("button", name="Go on").click()
    expect(there.locator(".errs")).to_contain_text("No answers are kept under that code")
    there.get_by_label("Your code").fill(kept.lower().replace("-", " "))
    there.get_by_role("button", name="Go on").click()
    assert there.locator("main textarea").last.input_value() == "Half of it."
    expect(there.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
    other.close()


def test_two_tabs_are_one_response_and_one_receipt(page: Page, own_site: Site, code: str):
    to_the_check(page, own_site, code)
    count = len(responses(own_site))
    other = page.context.new_page()
    other.goto(page.url)
    references = {send(page), send(other)}
    assert len(references) == 1
    assert len(responses(own_site)) == count
    assert sum(one[3] in references for one in responses(own_site)) == 1


def test_a_table_is_recorded_by_one_phone(page: Page, own_site: Site, code: str):
    page.goto(f"{own_site.url}/join/")
    page.get_by_label("The code in the room").fill(code)
    page.get_by_label("For your table").check()
    page.get_by_role("button", name="Join", exact=True).click()
    page.get_by_label("How many people are at the table").fill("eight")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".errs")).to_contain_text("Enter a whole number")
    page.get_by_label("How many people are at the table").fill("8")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("You write for a table of 8 people")
    rate(page)
    go_on(page, "This form")
    go_on(page, "About you")
    go_on(page, "Check your answers")
    reference = send(page)
    expect(page.locator("main")).to_contain_text("A table of 8 people, counted apart")
    assert ["submitted", "table", 8, reference] in responses(own_site)


def test_a_proposition_is_responded_to_from_its_page(page: Page, own_site: Site):
    page.goto(f"{own_site.url}/propositions/battery-innovation-hub/")
    page.get_by_role("link", name="Respond to P8").first.click()
    expect(page.locator("h1")).to_have_text("What do you think of P8?")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".errs")).to_contain_text("Choose how far you support P8")
    rate(page, "Strongly support")
    page.get_by_label("What is missing (P8)").fill("A place to test.")
    go_on(page, "About you")
    go_on(page, "Check your answers")
    expect(page.locator("main")).to_contain_text("What is missing: A place to test.")
    send(page)
    page.get_by_role("link", name="Back to P8").click()
    expect(page.locator("h1")).to_have_text("Battery innovation hub")


def test_a_code_that_leads_nowhere(page: Page, own_site: Site):
    page.goto(f"{own_site.url}/join/")
    page.get_by_label("The code in the room").fill("QQ0000")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page).to_have_title(re.compile("^Error: "))
    assert page.get_by_label("The code in the room").input_value() == "QQ0000"


# Run on the site's own data: the page of somebody from whose network too much came, with what they typed.
CROWDED = """
import json
from django.test import Client
from django.test.utils import override_settings
from engagement.feedback import limits
from engagement.feedback.keys import new_client_key
from engagement.feedback.models import FeedbackRound, Response
limits.PER_NETWORK = 0
long = FeedbackRound.objects.get(slug="demonstration").newest_form().form.pages[0].items[0].key
url = f"/feedback/demonstration/answer/1/?k={new_client_key()}"
before = Response.objects.count()
with override_settings(CLIENT_ADDRESS_HEADER="REMOTE_ADDR", ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
    answer = Client().post(url, {"form": "1", "code": "AA0000", long: "Words that wait."})
assert (answer.status_code, Response.objects.count()) == (429, before)
print(json.dumps(answer.content.decode()))
"""


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_who_comes_when_it_is_crowded_can_read_why(browser: Browser, own_site: Site, code: str, width: int):
    html = json.loads(shell(own_site, CROWDED))
    with Visitor(browser, own_site).visit("/crowded/", width, html=html) as visit:
        expect(visit.page).to_have_title(re.compile("^Error: "))
        expect(visit.page.get_by_role("alert")).to_contain_text("Too many new responses")
        assert visit.page.locator("main textarea").last.input_value() == "Words that wait."
        assert visit.page.get_by_label("The code in the room").input_value() == "AA0000"
        assert visit.axe() == []
        assert visit.faults(own_site.url) == []
        assert visit.probe("overflow") == []


class TestDraft:
    """What is typed stays in the browser until it has arrived, and nothing else ever does."""

    def stored(self, page: Page) -> int:
        return page.evaluate("localStorage.length")

    def typed(self, page: Page, words: str) -> None:
        page.locator("main textarea").last.press_sequentially(words)
        until(page, "localStorage.length > 0")

    def test_somebody_who_looks_stores_nothing(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        scripted.wait_for_timeout(500)
        assert self.stored(scripted) == 0

    def test_a_page_that_was_not_sent_comes_back(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        rate(scripted)
        self.typed(scripted, "Half a word")
        scripted.reload()
        assert scripted.locator("main textarea").last.input_value() == "Half a word"
        expect(scripted.locator("fieldset.stance").first.get_by_label("Support", exact=True)).to_be_checked()
        note = scripted.get_by_role("status")
        expect(note).to_contain_text("What you typed here before is back")
        scripted.evaluate(AXE.read_text())
        assert scripted.evaluate("options => axe.run(document, options)", AXE_OPTIONS)["violations"] == []
        note.get_by_role("button", name="Remove it").click()
        assert scripted.locator("main textarea").last.input_value() == ""
        assert scripted.locator("main :checked").count() == 0
        assert self.stored(scripted) == 0

    def test_leaving_in_the_middle_of_a_word_is_enough(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = scripted.url
        scripted.locator("main textarea").last.press_sequentially("Ha")
        scripted.goto(f"{own_site.url}/contact/")
        scripted.goto(here)
        assert scripted.locator("main textarea").last.input_value() == "Ha"

    def test_a_connection_that_breaks_off_loses_nothing(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = scripted.url
        self.typed(scripted, "Over bad Wi-Fi")
        scripted.route("**/answer/**", lambda route: route.abort())
        scripted.get_by_role("button", name="Save and continue").click()
        scripted.unroute_all()
        scripted.goto(here)
        assert scripted.locator("main textarea").last.input_value() == "Over bad Wi-Fi"

    def test_it_is_gone_with_the_receipt(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        rate(scripted)
        self.typed(scripted, "Something")
        go_on(scripted, "This form")
        self.typed(scripted, "Something else")
        go_on(scripted, "About you")
        go_on(scripted, "Check your answers")
        assert self.stored(scripted) == 2
        send(scripted)
        assert self.stored(scripted) == 0

    def test_what_was_saved_in_another_tab_is_not_overwritten(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = scripted.url
        self.typed(scripted, "Older")
        other = scripted.context.new_page()
        other.goto(here)
        other.locator("main textarea").last.fill("Newer")
        go_on(other, "This form")
        scripted.goto(here)
        assert scripted.locator("main textarea").last.input_value() == "Newer"
        expect(scripted.get_by_role("status")).to_have_count(0)
        assert self.stored(scripted) == 0

    def test_what_came_back_with_an_error_comes_back_again(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        here = scripted.url
        scripted.locator("main textarea").last.fill("w" * 501)
        until(scripted, "localStorage.length > 0")
        scripted.get_by_role("button", name="Save and continue").click()
        expect(scripted.locator(".errs")).to_be_visible()
        scripted.locator("main textarea").last.fill("w" * 502)
        until(scripted, "JSON.stringify(localStorage).includes('w'.repeat(502))")
        scripted.goto(here)
        assert scripted.locator("main textarea").last.input_value() == "w" * 502

    def test_who_a_person_is_is_never_stored(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        go_on(scripted, "This form")
        go_on(scripted, "About you")
        scripted.get_by_label("Email address").fill("anna@example.org")
        scripted.wait_for_timeout(500)
        assert self.stored(scripted) == 0

    def test_old_ones_are_thrown_away(self, scripted: Page, own_site: Site, code: str):
        join(scripted, own_site, code)
        scripted.evaluate(
            """() => {
              const old = Date.now() - 15 * 86400000;
              localStorage.setItem("draft:other:key:page", JSON.stringify({ at: old, held: "[]", values: "[]" }));
              localStorage.setItem("draft:broken", "{");
              localStorage.setItem("another", "stays");
            }"""
        )
        scripted.reload()
        assert scripted.evaluate("Object.keys(localStorage)") == ["another"]


# Run on the site's own data: an officer; prints the number of the round.
STAFF = """
from django.contrib.auth.models import Group
from engagement.feedback.models import FeedbackRound
from nelis.core.models import User
officer = User.objects.create_user("officer", "officer@example.org", "a long password")
officer.groups.add(Group.objects.get(name="Engagement officer"))
print(FeedbackRound.objects.get(slug="demonstration").pk)
"""


@pytest.fixture(scope="module")
def officer(browser: Browser, own_site: Site, code: str) -> Iterator[tuple[Page, str]]:
    desk = f"{own_site.url}/admin/feedback/{shell(own_site, STAFF)}/"
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, locale="en-GB")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{own_site.url}/admin/")
    page.locator("#id_username").fill("officer")
    page.locator("#id_password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{own_site.url}/admin/")
    yield page, desk
    context.close()


class TestStaff:
    """Posters, and forms on paper, in the admin."""

    def faults(self, page: Page) -> list[str]:
        """What axe finds in the main part, what the policy stopped, and what stands out sideways."""
        page.evaluate(AXE.read_text())
        found = page.evaluate("options => axe.run(document.querySelector('main'), options)", AXE_OPTIONS)["violations"]
        sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [
            *page.evaluate("window.__violations || []"),
            *(f"{one['id']} at {one['nodes'][0]['target']}" for one in found),
            *(["sideways"] if sideways else []),
        ]

    def test_a_sheet_is_typed_in_and_put_right(self, officer: tuple[Page, str], own_site: Site):
        page, desk = officer
        page.goto(desk)
        page.get_by_role("link", name="Paper forms").click()
        page.get_by_role("link", name="Type in a sheet").click()
        page.get_by_role("button", name="Keep the sheet").click()
        expect(page.locator("#problem")).to_contain_text("Say where the sheet came from")
        assert self.faults(page) == []
        page.get_by_role("link", name="Say where the sheet came from").click()
        page.keyboard.type("Table 4, sheet 12")
        page.get_by_label("Oppose", exact=True).first.check()
        page.get_by_label("Your comment on P1").fill("Too long a tail.")
        page.get_by_role("button", name="Keep the sheet").click()
        expect(page.locator("body")).to_contain_text("Write that on the sheet")
        assert self.faults(page) == []
        page.get_by_role("link", name=re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}$")).first.click()
        assert page.get_by_label("Your comment on P1").input_value() == "Too long a tail."
        page.get_by_label("Your comment on P1").fill("Too short a tail.")
        page.get_by_role("button", name="Keep the sheet").click()
        assert [one[:2] for one in responses(own_site)].count(["submitted", "paper"]) == 1

    def test_posters_are_printed(self, officer: tuple[Page, str], code: str):
        page, desk = officer
        page.goto(desk)
        page.get_by_role("link", name="Posters for the room").click()
        expect(page.locator("#how")).to_be_visible()
        assert self.faults(page) == []
        with page.expect_download() as started:
            page.get_by_role("link", name=re.compile(r"\(SVG\)")).first.click()
        assert started.value.suggested_filename == f"join-{code}.svg"
        page.get_by_role("link", name="All posters, to print").click()
        expect(page.locator(".poster")).to_have_count(2)
        assert self.faults(page) == []
        page.emulate_media(media="print")
        for poster in page.locator(".poster").all():
            height = poster.bounding_box()["height"]
            # A sheet of A4 at 96 dots an inch is 1123 high, and nothing of a poster may be cut off.
            assert height <= 1123
            assert poster.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
        page.emulate_media(media="screen")

    @pytest.mark.parametrize("path", ["posters/", "posters/print/", "paper/", "paper/new/", "paper/blank/"])
    def test_on_a_narrow_screen(self, officer: tuple[Page, str], path: str):
        page, desk = officer
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        page.goto(desk + path)
        assert self.faults(page) == []
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
