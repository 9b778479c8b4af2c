"""A page that comes in two halves, as over a slow line, is read when both are there."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.quality.reading import absent, address_of, ask, follow, leaving, number_of, source_of, until

#: Long enough to be parsed before the rest comes.
FIRST = "<!doctype html><title>Kites</title><ul><li>one</li>" + "<!-- a long tail -->" * 200
SECOND = "<li>two</li></ul><p id=end>The end</p>"


class Halves(BaseHTTPRequestHandler):
    """The start leads to a page whose second half takes its time."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.path != "/kites":
            self.wfile.write(b"<!doctype html><title>Start</title><a href=/kites>On</a> <a href=#here id=here>Here</a>")
            return
        self.wfile.write(FIRST.encode())
        self.wfile.flush()
        time.sleep(0.7)
        self.wfile.write(SECOND.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Halves) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, slow: str) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    opened = context.new_page()
    opened.goto(slow)
    yield opened
    context.close()


def test_what_is_followed_has_arrived(page: Page, slow: str):
    # An anchor on the same page isn't mistaken for another page.
    page.get_by_role("link", name="Here").click()
    follow(page.get_by_role("link", name="On"))
    assert ask(page, "document.readyState") == "complete"
    assert address_of(page) == f"{slow}kites"
    assert number_of(page.locator("li")) == 2


def test_what_is_left_by_keyboard_has_arrived(page: Page):
    page.get_by_role("link", name="On").focus()
    with leaving(page):
        page.keyboard.press("Enter")
    assert number_of(page.locator("li")) == 2


def test_nothing_is_read_of_half_a_page(page: Page):
    page.get_by_role("link", name="On").click()
    assert number_of(page.locator("li")) == 2


def test_all_of_half_a_page_is_waited_for(page: Page):
    page.get_by_role("link", name="On").click()
    assert "The end" in source_of(page)


def test_half_a_page_does_not_say_what_is_absent(page: Page):
    page.get_by_role("link", name="On").click()
    with pytest.raises(AssertionError):
        absent(page.locator("#end"), patience=100)


def test_what_comes_true_is_waited_for(browser: Browser, slow: str):
    page = browser.new_page()
    page.goto(slow)
    ask(page, "setTimeout(() => { window.kite = true }, 200) && null")
    until(page, "window.kite === true")
    page.close()
