"""The subscriber's tasks, from page to mail and back, with scripts off. Mail is what the worker wrote to its files."""

import email
import email.policy
import json
import re
import statistics
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import email_data, subscriber_pages
from tests.browser.site_commands import post_form, run_on, send_emails, sent_emails
from tests.browser.visits import NARROW, WIDE, Visitor
from tests.browser.waiting import click_through, evaluate, expect_absent, navigating, source_of
from tools import test_site
from tools.test_site import Site

ADDRESS = "chemicals.firm@example.org"


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because these journeys change it."""
    with test_site.serve(tmp_path_factory.mktemp("joined")) as running:
        yield running


@pytest.fixture(scope="module")
def reader(browser: Browser, own_site: Site) -> Visitor:
    return Visitor(browser, own_site)


def last_mail(site: Site, to: str = ADDRESS) -> email.message.EmailMessage:
    """Send what waits, and give the newest mail to an address."""
    send_emails(site)
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in sent_emails(site)]
    return [mail for mail in mails if mail["To"] == to][-1]


def link_in(site: Site, name: str, to: str = ADDRESS) -> str:
    """The path of the link of that name in the newest mail, as its plain text has it."""
    text = last_mail(site, to).get_body(("plain",)).get_content()
    return re.search(rf"https?://[^/\s]+(/mailing-list/{name}/\?t=[\w-]+)", text)[1]


def tab_to(page: Page, found: str) -> None:
    """Go on by keyboard until the focus is on what the selector names."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if evaluate(page, "selector => document.activeElement.matches(selector)", found):
            return
    raise AssertionError(f"Tab never reached {found}")


def enter(page: Page) -> None:
    """Press what has the focus, and wait for the page it leads to."""
    with navigating(page):
        page.keyboard.press("Enter")


def let_time_pass(page: Page, site: Site) -> None:
    """The form says that it was shown a while ago: nobody reads it faster than it allows."""
    token = run_on(site, email_data.old_form_token)
    evaluate(page.locator("main [name=form_token]"), "(field, token) => { field.value = token; }", token)


def respond_to_p8(page: Page) -> None:
    """From its page to the receipt and back, by keyboard."""
    tab_to(page, "main a[href$='/respond/']")
    enter(page)
    page.wait_for_url("**/respond/?k=*")
    tab_to(page, "main input[type=radio]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("main :checked")).to_have_attribute("value", "support")
    tab_to(page, "textarea[name$='-ask_government']")
    page.keyboard.type("Money for test beds.")
    for heading in ("About you", "Check your answers", "Your answers have arrived"):
        tab_to(page, "main button[type=submit]")
        enter(page)
        expect(page.locator("h1")).to_have_text(heading)
    tab_to(page, "main a[href='/propositions/battery-innovation-hub/']")
    enter(page)
    page.wait_for_url("**/propositions/battery-innovation-hub/")


def test_a_firm_follows_its_branch_by_keyboard(reader: Visitor, own_site: Site):
    """J1 and J8: from home to the finding, the proposition and the mailing list, by keyboard alone, on a phone."""
    with reader.visit("/", NARROW, scripts=False) as visit:
        page = visit.page
        sector = "/sectors/advanced-manufacturing/"
        for href in (sector, f"{sector}chemicals/", "/propositions/battery-innovation-hub/"):
            tab_to(page, f"main a[href='{href}']")
            enter(page)
            page.wait_for_url(f"**{href}")
        respond_to_p8(page)
        tab_to(page, ".follow a")
        enter(page)
        page.wait_for_url("**/mailing-list/?topic=p8")
        # On top, and not ticked.
        expect(page.locator("main input[type=checkbox]").first).to_have_value("p8")
        expect_absent(page.locator("main :checked"))
        tab_to(page, "#id_address")
        page.keyboard.type(ADDRESS)
        tab_to(page, "[value=p8]")
        page.keyboard.press("Space")
        tab_to(page, "[value=chemicals]")
        page.keyboard.press("Space")
        tab_to(page, "[name=frequency]")
        page.keyboard.press("ArrowDown")
        let_time_pass(page, own_site)
        tab_to(page, "main button[type=submit]")
        enter(page)
        page.wait_for_url("**/mailing-list/check-your-mail/")
        assert ADDRESS not in source_of(page)
        assert not page.context.cookies()
    mail = last_mail(own_site)
    assert mail["Auto-Submitted"] == "auto-generated"
    with reader.visit(link_in(own_site, "confirm"), NARROW, scripts=False) as visit:
        page = visit.page
        expect(page.locator(".chosen li")).to_have_text(["Chemicals", "P8 Battery innovation hub"])
        tab_to(page, "main button")
        enter(page)
        expect(page.locator("h1")).to_have_text("You are on the list")
        assert visit.faults(own_site.url) == []


@pytest.mark.slow
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(reader: Visitor):
    with reader.visit("/mailing-list/", WIDE, scripts=False) as visit:
        page = visit.page
        page.locator("#id_address").fill("kite")
        page.get_by_label("Clean growth").check()
        click_through(page.locator("main button[type=submit]"))
        expect(page).to_have_title(re.compile("^Error: "))
        expect(page.locator(".errs")).to_be_focused()
        expect(page.locator("#id_address")).to_have_value("kite")
        expect(page.get_by_label("Clean growth")).to_be_checked()
        page.locator(".errs a", has_text="Choose how often").click()
        expect(page.locator("#id_frequency_0")).to_be_focused()


@pytest.mark.slow
def test_joining_from_the_foot_of_any_page(reader: Visitor, own_site: Site):
    before = len(sent_emails(own_site))
    with reader.visit("/evidence/", NARROW, scripts=False) as visit:
        page = visit.page
        page.locator("footer input[name=address]").fill("from.the.foot@example.org")
        click_through(page.locator("footer button", has_text="Join the mailing list"))
        expect(page.locator("h1")).to_have_text("Join the mailing list")
        expect(page.locator("#id_address")).to_have_value("from.the.foot@example.org")
    send_emails(own_site)
    assert len(sent_emails(own_site)) == before


@pytest.fixture(scope="module")
def links(own_site: Site) -> dict[str, str]:
    """The links of some people on the list: each test takes its own person, since tests run in any order."""
    return subscriber_pages.paths(own_site)


def asks_for_link(reader: Visitor, site: Site, address: str) -> str:
    """Through the page that mails a link: gives its path."""
    with reader.visit("/mailing-list/", scripts=False) as visit:
        click_through(visit.page.locator("main a", has_text="Change your choices"))
        visit.page.locator("#id_address").fill(address)
        let_time_pass(visit.page, site)
        click_through(visit.page.get_by_role("button", name="Email me a link"))
        visit.page.wait_for_url("**/mailing-list/link/sent/")
    return link_in(site, "manage", address)


@pytest.mark.slow
def test_choices_are_changed_paused_and_seen(reader: Visitor, own_site: Site, links: dict[str, str]):
    assert links["anna-manage"]
    with reader.visit(asks_for_link(reader, own_site, "anna@example.org"), NARROW, scripts=False) as visit:
        page = visit.page
        expect(page.get_by_label("Chemicals")).to_be_checked()
        page.get_by_label("Digital", exact=True).check()
        page.get_by_label("Once a month").check()
        click_through(page.get_by_role("button", name="Save"))
        expect(page.get_by_role("status")).to_have_text("Your choices are saved.")
        expect(page.get_by_label("Digital", exact=True)).to_be_checked()
        page.get_by_label("3 months").check()
        click_through(page.get_by_role("button", name="Pause", exact=True))
        expect(page.locator("main .lede")).to_contain_text("paused until")
        click_through(page.get_by_role("button", name="Resume emails now"))
        expect(page.get_by_role("status")).to_have_text("Your emails go on.")
        click_through(page.locator("main a", has_text="See everything"))
        expect(page.locator("main")).to_contain_text("anna@example.org")
        expect(page.locator("main")).to_contain_text("Changed topics or frequency")
        with page.expect_download() as started:
            page.locator("main a", has_text="Download").click()
        held = json.loads(started.value.path().read_text())
        assert held["subscriptions"][0]["frequency"] == "monthly"


@pytest.mark.slow
def test_one_click_leaves_without_a_word(own_site: Site, links: dict[str, str]):
    """J9: the button of an email program, which knows neither cookies nor redirects."""
    path = links["bela-leave"]
    for _ in range(2):
        status, text = post_form(own_site, path, {"List-Unsubscribe": "One-Click"})
        assert status == 200
        assert "You have left" in text


@pytest.mark.slow
def test_leaving_and_taking_it_back(reader: Visitor, links: dict[str, str]):
    with reader.visit(links["cleo-leave"], NARROW, scripts=False) as visit:
        page = visit.page
        click_through(page.get_by_role("button", name="Leave"))
        expect(page.locator("h1")).to_have_text("You have left the mailing list")
        click_through(page.get_by_role("button", name="Email me at most once a month"))
        expect(page.locator("h1")).to_have_text("You are on the list again")


@pytest.mark.slow
def test_everything_is_erased(reader: Visitor, own_site: Site, links: dict[str, str]):
    with reader.visit(links["dora-manage"], WIDE, scripts=False) as visit:
        page = visit.page
        click_through(page.locator("main a", has_text="Erase it"))
        click_through(page.get_by_role("button", name="Erase everything"))
        expect(page.locator("h1")).to_have_text("Everything is erased")
    status, text = own_site.get(links["dora-manage"])
    assert status == 404
    assert "dora@example.org" not in text


@pytest.mark.slow
def test_what_has_changed_since_is_a_step_away(reader: Visitor):
    with reader.visit("/changes/", NARROW, scripts=False) as visit:
        click_through(visit.page.locator(".follow a"))
        expect(visit.page.locator("main input[type=checkbox]").first).to_have_value("whole-strategy")


@pytest.mark.slow
def test_mails_are_read_at_every_width_and_in_the_dark(browser: Browser, own_site: Site):
    token = run_on(own_site, email_data.old_form_token)
    form = {"address": "mail.reader@example.org", "topics": "chemicals", "frequency": "weekly", "form_token": token}
    assert post_form(own_site, "/mailing-list/", form)[0] == 302
    html = last_mail(own_site, "mail.reader@example.org").get_body(("html",)).get_content()
    for width in (320, 600):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page = context.new_page()
            page.set_content(html)
            assert evaluate(page, "document.documentElement.scrollWidth <= innerWidth")
            ink, ground = evaluate(
                page,
                """[getComputedStyle(document.querySelector('h1')).color,
                    getComputedStyle(document.body).backgroundColor]""",
            )
            assert contrast(ink, ground) >= 7, (width, scheme)
            link, button = evaluate(
                page,
                """[getComputedStyle(document.querySelector('.btn a')).color,
                    getComputedStyle(document.querySelector('.btn')).backgroundColor]""",
            )
            assert contrast(link, button) >= 7, (width, scheme)
            context.close()


def contrast(ink: str, ground: str) -> float:
    """The ratio of contrast of two colours, as the guidelines reckon it."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(ink), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.slow
@pytest.mark.timing
@pytest.mark.parametrize("path", ["/mailing-list/", "/mailing-list/link/"])
def test_known_and_unknown_addresses_take_the_same_time(own_site: Site, links: dict[str, str], path: str):
    """The share of pairs in which the known one took longer: half, give or take chance."""
    assert links["manage"]
    token = run_on(own_site, email_data.old_form_token)
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(220):
        # In turns, so that whatever else the machine does weighs on both.
        for kind in ("known", "unknown") if number % 2 else ("unknown", "known"):
            address = "active@example.org" if kind == "known" else f"nobody{number:03}@example.org"
            form = {"address": address, "topics": "chemicals", "frequency": "weekly", "form_token": token}
            began = time.perf_counter()
            status, _ = post_form(own_site, path, form)
            taken[kind].append(time.perf_counter() - began)
            assert status == 302
    known, unknown = (sorted(values[20:]) for values in taken.values())
    longer = sum((mine > theirs) + (mine == theirs) / 2 for mine in known for theirs in unknown) / (
        len(known) * len(unknown)
    )
    # Chance alone moves it by 0.03.
    assert 0.38 < longer < 0.62, (
        f"{longer:.2f}; medians {statistics.median(known):.5f}, {statistics.median(unknown):.5f}"
    )
