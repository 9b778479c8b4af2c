"""The served site with its content, and a browser that watches what a page does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.visits import Visitor
from tests.browser.waiting import TIMEOUT
from tools import chromium, test_site

expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if {"own_site", "room"} & set(getattr(item, "fixturenames", ())):
            # What these journeys lead up to takes minutes: one worker makes it, and not all of them.
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[test_site.Site]:
    """The site as `make run` serves it, with all content; each worker has one."""
    with test_site.serve(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for each worker."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def visitor(browser: Browser, site: test_site.Site) -> Visitor:
    """Somebody who has no account."""
    return Visitor(browser, site)
