"""From a proposition that somebody follows to the mail that says how it moved, and back to what it says now."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import email_data
from tests.browser.site_commands import run_on, send_emails, sent_emails
from tests.browser.staff import signed_in
from tests.browser.visits import NARROW, Visitor
from tests.browser.waiting import click_through
from tools import test_site
from tools.test_site import Site

pytestmark = pytest.mark.slow

P8 = "/propositions/battery-innovation-hub/"
NEWS = "Kites are tested there, too."


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with test_site.serve(tmp_path_factory.mktemp("followers")) as running:
        yield running


@pytest.fixture(scope="module")
def alert(own_site: Site) -> str:
    """P8 has moved. The path of the alert's dashboard."""
    run_on(own_site, email_data.make_followers)
    number = run_on(own_site, email_data.change_proposition, P8.split("/")[2], NEWS, "The kite fair asked for it.")
    return f"/admin/bulletins/{number}/"


@pytest.fixture(scope="module")
def told(browser: Browser, own_site: Site, alert: str) -> dict[str, list[EmailMessage]]:
    """Staff hand in and approve the alert, and a week later the digest, with scripts off. Each reader's mails."""
    press(browser, own_site, "writer", alert, "Hand in for review")
    press(browser, own_site, "officer", alert, "Approve", "Send now", "Send it to")
    send_emails(own_site)
    digest = f"/admin/bulletins/{run_on(own_site, email_data.draft_next_digest)}/"
    press(browser, own_site, "officer", digest, "Approve", "Send now", "Send it to")
    send_emails(own_site)
    mails: dict[str, list[EmailMessage]] = {}
    for file in sent_emails(own_site):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        # Staff are told of the reviews.
        if mail["List-Id"]:
            mails.setdefault(str(mail["To"]).partition("@")[0], []).append(mail)
    return mails


def press(browser: Browser, site: Site, who: str, dashboard: str, *buttons: str) -> None:
    """What a member of staff does at the dashboard of a bulletin."""
    page = signed_in(browser, site, who, scripts=False)
    page.goto(site.url + dashboard)
    for button in buttons:
        click_through(page.get_by_role("link" if button == "Send now" else "button", name=button))
    page.context.close()


def test_each_gets_what_they_follow_as_often_as_they_like(told: dict[str, list[EmailMessage]]):
    assert {name: len(mails) for name, mails in told.items()} == {"nora": 1, "wanda": 1}


@pytest.mark.parametrize(
    ("name", "subject"), [("nora", "Changed: P8 Battery innovation hub|[0-9]+ changes"), ("wanda", "The week of ")]
)
def test_the_mail_says_what_moved_and_leads_there(
    browser: Browser, own_site: Site, told: dict[str, list[EmailMessage]], name: str, subject: str
):
    """Told when "my" proposition moves, and what changed since the last mail; read on a phone with scripts off."""
    mail = told[name][0]
    # An alert is one email to all: it names what moved, or says how much did.
    assert re.match(subject, str(mail["Subject"]))
    text = mail.get_body(("plain",)).get_content()
    assert "P8  Battery innovation hub" in text
    assert "The kite fair asked for it." in text
    (link,) = set(re.findall(r"https?://[^/\s]+(/propositions/\S+)", text))
    assert link.startswith(P8)
    assert link in mail.get_body(("html",)).get_content().replace("&amp;", "&")
    reader = Visitor(browser, own_site)
    with reader.visit(link, NARROW, scripts=False) as visit:
        assert visit.status == 200
        expect(visit.page.locator("main")).to_contain_text(NEWS)
        assert visit.faults(own_site.url) == []
    choices = re.search(r"Change topics or how often:\s+https?://[^/]+(/\S+)", text)[1]
    with reader.visit(choices, NARROW, scripts=False) as visit:
        assert visit.status == 200
        expect(visit.page.locator("main form")).to_have_count(1)
