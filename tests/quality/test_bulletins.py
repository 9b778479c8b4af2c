"""A bulletin from the first word to the certificate, in a browser; and the mail, narrow and wide, light and dark."""

import email
import email.policy
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.quality.visits import AXE, AXE_OPTIONS, HEIGHT, NARROW, PROBES, WATCH, WIDE, Visitor
from tools import served
from tools.served import Site

PASSWORD = "a long password"
#: Run on the site's own data: who writes, who approves and sends, and who is on the list. Prints their names.
MAKE = f"""
import json
from django.contrib.auth.models import Group
from engagement.mailing_list.models import Subscription, Topic
from engagement.post.addresses import address_hash
from nelis.core.models import User

for name, group in (("writer", "Content editor"), ("officer", "Engagement officer")):
    user = User.objects.create_user(name, f"{{name}}@example.org", "{PASSWORD}", first_name=name.capitalize())
    user.groups.set([Group.objects.get(name=group)])
topic = Topic.objects.get(slug="advanced-manufacturing")
for name in ("anna", "bela", "cleo"):
    address = f"{{name}}@example.org"
    row = Subscription.objects.create(address=address, address_hash=address_hash(address), state="active")
    row.topics.set([topic])
gone = Subscription.objects.get(address="cleo@example.org")
print(json.dumps({{"gone": gone.pk}}))
"""


def manage(site: Site, *arguments: str, script: str = "") -> str:
    """Run a command on the site's data."""
    environment = served.environment(site.folder) | {"DJANGO_SETTINGS_MODULE": "nelis.settings.local"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=served.ROOT,
        env=environment,
        input=script,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with served.serve(tmp_path_factory.mktemp("bulletins")) as running:
        yield running


@pytest.fixture(scope="module")
def people(own_site: Site) -> dict[str, int]:
    return json.loads(manage(own_site, "shell", "-v0", script=MAKE).strip().splitlines()[-1])


def signed_in(browser: Browser, site: Site, name: str, *, scripts: bool = True) -> Page:
    """A browser of one member of staff."""
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, java_script_enabled=scripts)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{site.url}/admin/")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/admin/")
    return page


def faults(page: Page, within: str = "html") -> list[str]:
    """What axe finds there."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("([within, options]) => axe.run(within, options)", [within, AXE_OPTIONS])["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.fixture(scope="module")
def desk(browser: Browser, own_site: Site, people: dict[str, int]) -> str:
    """Somebody writes a bulletin, sees it beside the form, and hands it in. The path of its desk."""
    page = signed_in(browser, own_site, "writer")
    page.goto(f"{own_site.url}/admin/snippets/bulletins/bulletin/add/", wait_until="networkidle")
    page.locator("#id_subject").fill("Kites of Exampleshire")
    page.locator("#id_preheader").fill("They fly again.")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name=re.compile("^Lead")).click()
    page.locator("textarea[name=body-0-value]").fill("In Exampleshire, kites are made again.")
    if not page.locator("[data-side-panel=preview]").is_visible():
        page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("iframe[title=Preview]").last
    expect(shown.locator("h1")).to_have_text("Kites of Exampleshire", timeout=20_000)
    assert page.evaluate("[window, ...Array.from(frames)].flatMap((each) => each.__violations || [])") == []
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/admin/bulletins/\d+/$"))
    expect(page.locator("#mail")).to_be_visible()
    assert faults(page, ".bulletin-desk") == []
    page.get_by_role("button", name="Hand in for review").click()
    expect(page.locator(".bulletin-state")).to_have_text("In review")
    assert page.get_by_role("button", name="Approve").count() == 0
    path = page.url.removeprefix(own_site.url)
    page.context.close()
    return path


@pytest.fixture(scope="module")
def sent(browser: Browser, own_site: Site, people: dict[str, int], desk: str) -> str:
    """Somebody else approves it and sends it, with scripts off. One reader has left when the runner comes."""
    page = signed_in(browser, own_site, "officer", scripts=False)
    page.goto(own_site.url + desk)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".bulletin-state")).to_have_text("Approved")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".bulletin-state")).to_contain_text("Scheduled")
    list_is_made = "from engagement.bulletins import lanes; lanes.housekeep()"
    manage(own_site, "shell", "-v0", script=list_is_made)
    left = f"from engagement.mailing_list.models import *; Subscription.objects.filter(pk={people['gone']}).delete()"
    manage(own_site, "shell", "-v0", script=left)
    manage(own_site, "runner", "--drain")
    manage(own_site, "shell", "-v0", script=list_is_made)
    page.goto(own_site.url + desk)
    expect(page.locator(".bulletin-state").first).to_have_text("Sent")
    page.context.close()
    return desk


def test_the_certificate_adds_up(browser: Browser, own_site: Site, sent: str):
    page = signed_in(browser, own_site, "officer")
    page.goto(own_site.url + sent)
    page.get_by_role("link", name="Send certificate").click()
    sums = page.locator("section", has=page.locator("#sums"))
    expect(sums).to_contain_text("The numbers add up.")
    said = re.sub(r"\s+", " ", sums.inner_text())
    assert "Accepted by the mail server 2" in said
    assert "Not sent, on purpose: erased 1 1" in said
    assert "In all 3" in said
    assert faults(page, ".bulletin-desk") == []
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
    return next(one for one in mails if one["To"] == "anna@example.org")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 600])
def test_the_mail_in_a_browser(browser: Browser, mail: email.message.EmailMessage, width: int, scheme: str):
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(mail.get_body(("html",)).get_content())
    assert faults(page) == []
    assert page.evaluate((PROBES / "overflow.js").read_text(), []) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(250, 248, 242)", "dark": "rgb(15, 23, 40)"}[scheme]
    assert [url for url in asked if not url.startswith(("about:", "data:"))] == []
    context.close()


def test_the_mail_and_its_link_to_leave(own_site: Site, mail: email.message.EmailMessage):
    assert mail["Subject"] == "Kites of Exampleshire"
    text = mail.get_body(("plain",)).get_content()
    assert "You chose: Advanced manufacturing." in text
    leave = re.search(r"Stop these messages:\s+https?://[^/]+(/\S+)", text)[1]
    status, page = own_site.get(leave)
    assert status == 200
    assert "<form" in page


def test_the_archive(browser: Browser, own_site: Site, sent: str):
    reader = Visitor(browser, own_site)
    with reader.visit("/bulletins/") as visit:
        path = visit.page.get_by_role("link", name="Kites of Exampleshire").get_attribute("href")
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
