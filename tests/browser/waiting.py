"""Look at a page once all of it has arrived. Nothing else in these tests may read a page at once.

A click returns when the next page has begun to arrive. What is read then may be the first half of it. So tests say what
they wait for with Playwright's ``expect``, and use these where a page is left or something is read from it.
"""

import contextlib
import re
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, Page, expect

#: How long to wait for what must come, in milliseconds: many tests share the machine.
TIMEOUT = 30_000


@contextlib.contextmanager
def navigating(page: Page) -> Iterator[None]:
    """What is done in the block leads to another page: wait until all of that has arrived."""
    wait_for_load(page)
    # Not for a navigation: a script that changes the address, as tabs do, counts as one.
    with page.expect_event("load"):
        yield


def click_through(locator: Locator) -> None:
    """Click on what leads to another page, and wait until all of that has arrived."""
    with navigating(locator.page):
        locator.click()


def evaluate(where: Page | Locator, script: str, argument: Any = None) -> Any:
    """What a script returns in a page, or for an element of it."""
    wait_for_load(where)
    return where.evaluate(script, argument)


def wait_until(page: Page, truth: str) -> None:
    """Wait for something to be true in the page. Playwright's own way is stopped by the policy of our pages."""
    deadline = time.monotonic() + TIMEOUT / 1000
    while not evaluate(page, truth):
        assert time.monotonic() < deadline, f"It never came true: {truth}"
        page.wait_for_timeout(50)


def finish_animations(page: Page) -> None:
    """End what moves or fades and comes to an end: colours are what they are once everything stands.

    Wagtail's messages come in from above and become opaque on the way; a badge of its sidebar moves for 25 seconds.
    What a transition starts after another has ended is ended, too; what never ends, such as a spinner, is let be.
    """
    wait_until(
        page,
        """(() => {
          const moving = document.getAnimations().filter(
            (each) => each.playState !== "finished" && each.effect.getComputedTiming().endTime !== Infinity);
          moving.forEach((each) => each.finish());
          return !moving.length &&
            [...document.querySelectorAll(".messages > ul")].every((each) => getComputedStyle(each).opacity === "1");
        })()""",
    )


def text_of(locator: Locator) -> str:
    """What an element says, with single spaces."""
    wait_for_load(locator)
    return re.sub(r"\s+", " ", locator.inner_text()).strip()


def count_of(locator: Locator) -> int:
    """How many there are."""
    wait_for_load(locator)
    return locator.count()


def expect_absent(locator: Locator, patience: int = TIMEOUT) -> None:
    """There is none of it. Of a page that is still arriving, that would say nothing."""
    wait_for_load(locator)
    expect(locator).to_have_count(0, timeout=patience)


def attribute_of(locator: Locator, name: str) -> str:
    """An attribute that an element has."""
    wait_for_load(locator)
    value = locator.get_attribute(name)
    assert value is not None, name
    return value


def box_of(locator: Locator) -> dict[str, float]:
    """Where an element lies: x, y, width and height."""
    wait_for_load(locator)
    box = locator.bounding_box()
    assert box is not None
    return dict(box)


def url_of(page: Page) -> str:
    """Where somebody is, to come back to."""
    wait_for_load(page)
    return page.url


def source_of(page: Page) -> str:
    """All of a page, as HTML."""
    wait_for_load(page)
    return page.content()


def wait_for_load(where: Page | Locator) -> None:
    """Wait until all of the page has arrived."""
    page = where if isinstance(where, Page) else where.page
    page.wait_for_load_state("load")
