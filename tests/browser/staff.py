"""Somebody who works on a served site, signed in."""

from playwright.sync_api import Browser, Page

from tests.browser.staff_accounts import PASSWORD
from tests.browser.visits import AXE, AXE_OPTIONS, HEIGHT, WATCH, WIDE
from tests.browser.waiting import attribute_of, click_through, evaluate, finish_animations
from tools.test_site import Site


def signed_in(browser: Browser, site: Site, name: str, password: str = PASSWORD, *, scripts: bool = True) -> Page:
    """A browser of one member of staff, who signed in through the form. Whoever asks for it closes its context."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": HEIGHT}, java_script_enabled=scripts, locale="en-GB"
    )
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{site.url}/admin/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    click_through(page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url(f"{site.url}/admin/")
    return page


def demonstration_editor(browser: Browser, site: Site) -> Page:
    """A browser of the editor that every such site has."""
    return signed_in(browser, site, "demo-editor", (site.folder / "demo-editor-password").read_text().strip())


def page_faults(page: Page, within: str = "main") -> list[str]:
    """What axe finds in a part of the page, and what the policy stopped anywhere in it."""
    finish_animations(page)
    evaluate(page, AXE.read_text())
    found = evaluate(page, "([within, options]) => axe.run(within, options)", [within, AXE_OPTIONS])["violations"]
    return [
        *evaluate(page, "window.__violations || []"),
        *(f"{rule['id']} at {rule['nodes'][0]['target']}: {rule['nodes'][0]['html'][:160]}" for rule in found),
    ]


def preview(page: Page) -> None:
    """Have the preview beside the form; whether it is open is kept from one page to the next."""
    button = page.get_by_role("button", name="Toggle preview")
    if attribute_of(button, "aria-expanded") != "true":
        button.click()
