"""A bulletin from the first word to the certificate, in a browser; and the mail, narrow and wide, light and dark."""

import email
import email.policy
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import email_data
from tests.browser.site_commands import run_on, send_emails
from tests.browser.staff import page_faults, preview, signed_in
from tests.browser.visits import HEIGHT, NARROW, PROBES, WIDE, Visitor
from tests.browser.waiting import attribute_of, click_through, evaluate, expect_absent, text_of, url_of
from tools import test_site
from tools.test_site import Site


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with test_site.serve(tmp_path_factory.mktemp("bulletins")) as running:
        yield running


@pytest.fixture(scope="module")
def leaving(own_site: Site) -> int:
    """Staff and readers; the key of one who leaves."""
    found: int = run_on(own_site, email_data.make_bulletin_readers)
    return found


@pytest.fixture(scope="module")
def dashboard(browser: Browser, own_site: Site, leaving: int) -> str:
    """Somebody writes a bulletin, sees it beside the form, and hands it in. The path of its dashboard."""
    page = signed_in(browser, own_site, "writer")
    page.goto(f"{own_site.url}/admin/snippets/bulletins/bulletin/add/", wait_until="networkidle")
    page.locator("#id_subject").fill("Kites of Exampleshire")
    page.locator("#id_preheader").fill("They fly again.")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name=re.compile("^Lead")).click()
    page.locator("textarea[name=body-0-value]").fill("In Exampleshire, kites are made again.")
    preview(page)
    shown = page.frame_locator("iframe[title=Preview]").last
    expect(shown.locator("h1")).to_have_text("Kites of Exampleshire")
    assert evaluate(page, "[window, ...Array.from(frames)].flatMap((each) => each.__violations || [])") == []
    click_through(page.get_by_role("button", name="Save"))
    expect(page).to_have_url(re.compile(r"/admin/bulletins/\d+/$"))
    expect(page.locator("#mail")).to_be_visible()
    assert page_faults(page, ".bulletin-dashboard") == []
    click_through(page.get_by_role("button", name="Hand in for review"))
    expect(page.locator(".bulletin-state")).to_have_text("In review")
    expect_absent(page.get_by_role("button", name="Approve"))
    path = url_of(page).removeprefix(own_site.url)
    page.context.close()
    return path


@pytest.fixture(scope="module")
def sent(browser: Browser, own_site: Site, leaving: int, dashboard: str) -> str:
    """Somebody else approves it and sends it, with scripts off. One reader has left when the worker comes."""
    page = signed_in(browser, own_site, "officer", scripts=False)
    page.goto(own_site.url + dashboard)
    click_through(page.get_by_role("button", name="Approve"))
    expect(page.locator(".bulletin-state")).to_have_text("Approved")
    click_through(page.get_by_role("link", name="Send now"))
    expect(page.locator(".staff-form")).to_contain_text("goes to 3 people at once")
    click_through(page.get_by_role("button", name="Send it to 3 people"))
    expect(page.locator(".bulletin-state")).to_contain_text("Scheduled")
    run_on(own_site, email_data.run_maintenance)
    run_on(own_site, email_data.erase_subscription, leaving)
    send_emails(own_site)
    run_on(own_site, email_data.run_maintenance)
    page.goto(own_site.url + dashboard)
    expect(page.locator(".bulletin-state").first).to_have_text("Sent")
    page.context.close()
    return dashboard


def test_the_certificate_adds_up(browser: Browser, own_site: Site, sent: str):
    page = signed_in(browser, own_site, "officer")
    page.goto(own_site.url + sent)
    click_through(page.get_by_role("link", name="Send certificate"))
    sums = page.locator("section", has=page.locator("#sums"))
    expect(sums).to_contain_text("The numbers add up.")
    for words in ("Accepted by the mail server 2", "Not sent, on purpose: erased 1 1", "In all 3"):
        assert words in text_of(sums)
    assert page_faults(page, ".bulletin-dashboard") == []
    with page.expect_download() as started:
        page.get_by_role("link", name="Every recipient as CSV").click()
    text = started.value.path().read_text()
    assert "anna@example.org" in text
    assert "cleo@example.org" not in text
    assert '"erased"' in text
    page.context.close()


@pytest.fixture(scope="module")
def mail(own_site: Site, sent: str) -> email.message.EmailMessage:
    """The mail that one reader got."""
    files = sorted((own_site.folder / "mail").rglob("*.eml"))
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    return next(mail for mail in mails if mail["To"] == "anna@example.org")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 600])
def test_the_mail_in_a_browser(browser: Browser, mail: email.message.EmailMessage, width: int, scheme: str):
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(mail.get_body(("html",)).get_content())
    assert page_faults(page, "html") == []
    assert evaluate(page, (PROBES / "overflow.js").read_text(), []) == []
    ground = evaluate(page, "getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(250, 248, 242)", "dark": "rgb(15, 23, 40)"}[scheme]
    assert [url for url in asked if not url.startswith(("about:", "data:"))] == []
    context.close()


@pytest.mark.slow
def test_the_mail_and_its_link_to_leave(own_site: Site, mail: email.message.EmailMessage):
    assert mail["Subject"] == "Kites of Exampleshire"
    text = mail.get_body(("plain",)).get_content()
    assert "You chose: Advanced manufacturing." in text
    leave = re.search(r"Stop these messages:\s+https?://[^/]+(/\S+)", text)[1]
    status, page = own_site.get(leave)
    assert status == 200
    assert "<form" in page


@pytest.mark.slow
def test_the_archive(browser: Browser, own_site: Site, sent: str):
    reader = Visitor(browser, own_site)
    with reader.visit("/bulletins/") as visit:
        path = attribute_of(visit.page.get_by_role("link", name="Kites of Exampleshire"), "href")
    for width in (NARROW, WIDE):
        for address in ("/bulletins/", path):
            with reader.visit(address, width) as visit:
                assert visit.status == 200
                # Before axe, which sets styles of its own.
                assert visit.faults(own_site.url) == []
                assert visit.probe("overflow") == []
                assert visit.axe() == []
    with reader.visit(path, scripts=False) as visit:
        expect(visit.page.locator("main")).to_contain_text("to 2 subscribers")
