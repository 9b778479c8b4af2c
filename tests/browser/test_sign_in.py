"""Signing in with a second factor in a browser: an app with codes without any script, and a passkey."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.browser.site_commands import run_on
from tests.browser.staff import WATCH, page_faults
from tests.browser.staff_accounts import PASSWORD, make_staff
from tests.browser.visits import HEIGHT, WIDE
from tests.browser.waiting import click_through, evaluate, text_of, url_of
from tools.test_site import Site


@pytest.fixture
def somebody(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser on the page of signing in, of somebody who has an account named after the test."""
    scripts, name = request.param
    run_on(site, make_staff, name, "Content editor")
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, java_script_enabled=scripts)
    context.add_init_script(WATCH)
    page = context.new_page()
    # Passkeys belong to a name, and not to a number.
    page.goto(site.url.replace("127.0.0.1", "localhost") + "/admin/login/")
    yield page
    context.close()


def type_password(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    click_through(page.get_by_role("button", name="Sign in", exact=True))


def sign_out(page: Page) -> None:
    page.goto(re.sub(r"/admin/.*", "/admin/second-factor/", url_of(page)))
    click_through(page.get_by_role("button", name="Sign out"))


@pytest.mark.parametrize("somebody", [(False, "tara")], indirect=True)
def test_an_app_with_codes_and_no_script(somebody: Page) -> None:
    page = somebody
    type_password(page, "tara")
    page.goto(re.sub(r"/admin/.*", "/admin/second-factor/", url_of(page)))
    click_through(page.get_by_role("link", name="Set up an app"))
    secret = text_of(page.locator("code"))
    start = int(evaluate(page, "Date.now()")) // 30_000

    def code(step: int) -> str:
        return str(format_hotp_value(hotp_value(secret, step)))

    page.get_by_label("Code").fill(code(start))
    click_through(page.get_by_role("button", name="Use this app"))
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    type_password(page, "tara")
    page.get_by_label("Code").fill("000000")
    click_through(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("alert")).to_contain_text("That code isn’t right")
    # The next one, which clocks that differ a little allow: the first was used.
    page.get_by_label("Code").fill(code(start + 1))
    click_through(page.get_by_role("button", name="Sign in"))
    page.goto(re.sub(r"/admin/.*", "/admin/", url_of(page)))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert url_of(page).endswith("/admin/")


@pytest.mark.parametrize("somebody", [(True, "pia")], indirect=True)
def test_a_passkey(somebody: Page) -> None:
    page = somebody
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})
    assert not page_faults(page)
    type_password(page, "pia")
    assert not page_faults(page)
    page.goto(re.sub(r"/admin/.*", "/admin/second-factor/", url_of(page)))
    click_through(page.get_by_role("link", name="Add a passkey"))
    assert not page_faults(page)
    page.get_by_label("Name of the passkey").fill("This computer")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    # It is both factors by itself.
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"/admin/$"))
    # And the second one after a password.
    sign_out(page)
    type_password(page, "pia")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"/admin/$"))
