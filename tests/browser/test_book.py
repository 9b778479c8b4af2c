"""The book as a reader keeps it: a file on a disk, without a network."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.visits import NARROW, WIDE, Visit
from tests.browser.waiting import evaluate, expect_absent
from tools.test_site import Site


def test_it_opens_from_a_disk_and_asks_for_nothing(browser: Browser, site: Site, tmp_path: Path):
    file = tmp_path / "book.html"
    file.write_text(site.get("/book/download/")[1], encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(file.as_uri())
        # Its own style is in force.
        assert evaluate(page.locator(".cover h1"), "e => getComputedStyle(e).fontFamily").startswith('"Iowan')
        assert Visit(page).probe("overflow") == []
    page.get_by_role("navigation").get_by_role("link", name="P7", exact=False).click()
    expect(page).to_have_url(f"{file.as_uri()}#proposition-p7")
    expect(page.locator("#proposition-p7")).to_be_in_viewport()
    assert {url.partition("#")[0] for url in asked} == {file.as_uri()}
    context.close()


def test_chapters_begin_on_a_new_sheet(browser: Browser, site: Site):
    page = browser.new_page()
    page.goto(site.url + "/book/")
    page.emulate_media(media="print")
    script = "[...document.querySelectorAll('.chapter, .contents')].map(e => getComputedStyle(e).breakBefore)"
    breaks = evaluate(page, script)
    assert len(breaks) >= 14
    assert set(breaks) == {"page"}
    expect_absent(page.locator(".skip, .screen").filter(visible=True))
    page.close()
