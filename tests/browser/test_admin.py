"""The admin in a browser: nothing it does runs into its own security policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.staff import demonstration_editor, preview
from tests.browser.waiting import evaluate
from tools.test_site import Site

pytestmark = pytest.mark.slow

# A frame shows the public page, made under the preview's own policy.
SHOWN = """() => [...document.querySelectorAll("iframe[title=Preview]")].some(
  (frame) => frame.contentDocument && frame.contentDocument.querySelector("main h1"))"""
# One page of each family of forms: blocks, inline panels, choosers, dates.
EDITED = [
    "home.homepage",
    "home.eventpage",
    "home.newspage",
    "home.governancepage",
    "sectors.sectorpage",
    "sectors.propositionpage",
    "progress.targetpage",
]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Iterator[Page]:
    page = demonstration_editor(browser, site)
    yield page
    page.context.close()


@pytest.fixture
def noticed(signed_in: Page, site: Site) -> Iterator[list[str]]:
    """What goes wrong meanwhile: errors of scripts, and requests that leave the site."""
    wrong: list[str] = []

    def failed(error: Exception) -> None:
        wrong.append(str(error))

    def asked(request) -> None:
        if not request.url.startswith((site.url, "data:", "blob:", "about:")):
            wrong.append(f"foreign request: {request.url}")

    signed_in.on("pageerror", failed)
    signed_in.on("request", asked)
    yield wrong
    signed_in.remove_listener("pageerror", failed)
    signed_in.remove_listener("request", asked)


def violations(page: Page) -> list[str]:
    """What the policy stopped, in the page and in the frames it holds at the moment."""
    return evaluate(page, "[window, ...Array.from(frames)].flatMap((each) => each.__violations || [])")


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/gaps/", "/admin/pages/", "/admin/images/", "/admin/documents/", "/admin/reports/site-history/"],
)
def test_lists_keep_to_the_policy(signed_in: Page, site: Site, noticed: list[str], path: str):
    response = signed_in.goto(site.url + path, wait_until="networkidle")
    assert response is not None
    assert response.status == 200
    assert violations(signed_in) == []
    assert noticed == []


@pytest.mark.parametrize("kind", EDITED)
def test_a_page_is_edited_and_previewed(signed_in: Page, site: Site, noticed: list[str], kind: str):
    number = page_number(site, kind)
    signed_in.goto(f"{site.url}/admin/pages/{number}/edit/", wait_until="networkidle")
    expect(signed_in.locator("#id_title")).to_have_count(1)
    preview(signed_in)
    # A frame of its own loads each draft and then takes the place of the one before.
    signed_in.wait_for_function(SHOWN)
    assert violations(signed_in) == []
    assert noticed == []


def page_number(site: Site, kind: str) -> int:
    """The number of the first page of that kind."""
    return next(page.number for page in site.pages if page.kind == kind)
