"""Mails in a browser, narrow and wide, light and dark; and from what somebody follows to the mail that tells of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import email_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults
from tests.browser.visits import HEIGHT, NARROW, PROBES
from tests.browser.waiting import evaluate, text_of, wait_until
from tools import test_site
from tools.test_site import Site

pytestmark = pytest.mark.slow

#: What a reader of each has to find in it, in this order.
SAYS = {
    "bulletin": [
        "Kites of Exampleshire, and what became of them",
        "Kites are made in Exampleshire again.",
        "Why it matters",
        "There is wind, and more of it",
        "In autumn",
        "Fly",
        "Three to start with",
        "The first.",
        "Figure not held",
        "Disputed",
        "What changed on the site",
        "Kites need it.",
        "What happens next",
        "The kite plan. No date is stated.",
        "See the kites",
        "A good day. Ada Example",
    ],
    "digest": ["The week of 15 July 2019", "Bulletins sent", "Kites of Exampleshire", "What changed", "Kites need it."],
}


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because these tests write in it."""
    with test_site.serve(tmp_path_factory.mktemp("mails")) as running:
        yield running


@pytest.fixture(scope="module")
def mails(own_site: Site) -> dict[str, dict[str, str]]:
    """By their names: the HTML and the text of each mail."""
    found: dict[str, dict[str, str]] = run_on(own_site, email_data.make_every_block)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, 600])
@pytest.mark.parametrize("name", SAYS)
def test_every_part_of_a_mail_in_a_browser(
    browser: Browser, mails: dict[str, dict[str, str]], name: str, width: int, scheme: str
):
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(mails[name]["html"])
    said = text_of(page.locator("body"))
    places = [said.find(words) for words in SAYS[name]]
    assert min(places) >= 0, dict(zip(SAYS[name], places, strict=True))
    assert places == sorted(places)
    assert evaluate(page, (PROBES / "overflow.js").read_text(), []) == []
    pictures = page.locator("img")
    expect(pictures).to_have_count(1 if name == "bulletin" else 0)
    if name == "bulletin":
        expect(pictures).to_have_attribute("alt", "Two kites over Exampleshire")
        wait_until(page, "document.images[0].complete && document.images[0].naturalWidth > 0")
        assert evaluate(page, "document.images[0].getBoundingClientRect().right <= innerWidth")
    # Last, because axe sets styles of its own.
    assert page_faults(page, "html") == []
    context.close()


def test_the_text_says_all_of_it_too(mails: dict[str, dict[str, str]]):
    for name, parts in SAYS.items():
        text = re.sub(r"\s+", " ", mails[name]["text"]).lower()
        for words in parts:
            # Its address is written out in between.
            assert words.lower().replace(", and more of it", "") in text, words
