"""Nine things people come for, each found within three presses from the home page, on a screen and on a phone.

A press is a link, a button or a fold; typing is none. Scripts are off: nothing here needs them.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import WIDE, Visitor
from tests.browser.waiting import click_through

PHONE = 360
MOST_PRESSES = 3


class Reader:
    """Somebody on the home page who presses, and may not press more than three times."""

    def __init__(self, page: Page, width: int) -> None:
        self.page, self.is_on_phone, self.presses = page, width == PHONE, 0

    def find(self, selector: str, **options: object) -> Locator:
        """The first thing of a kind in the page that can be seen."""
        return self.page.locator(selector, **options).filter(visible=True).first

    def follow(self, target: Locator) -> None:
        """Press what leads to another page."""
        self._count()
        click_through(target)

    def press(self, target: Locator) -> None:
        """Press what opens something on this page."""
        self._count()
        target.click()

    def open_task(self, name: str) -> None:
        """Go to a page of the main menu, which is behind a button on a phone."""
        if self.is_on_phone:
            self.open_page(name, "h3 a")
        else:
            self.follow(self.find("nav.tasks a", has_text=name))

    def open_page(self, name: str, selector: str = "li a") -> None:
        """Go to one of all pages."""
        self.press(self.page.get_by_role("button", name="Menu" if self.is_on_phone else "All pages", exact=True))
        self.follow(self.find(f"#all-pages {selector}", has_text=name))

    def _count(self) -> None:
        self.presses += 1
        assert self.presses <= MOST_PRESSES, f"Press {self.presses} of {MOST_PRESSES}"


@pytest.fixture(params=[PHONE, WIDE], ids=["phone", "screen"])
def reader(request: pytest.FixtureRequest, visitor: Visitor) -> Iterator[Reader]:
    with visitor.visit("/", request.param, scripts=False) as visit:
        yield Reader(visit.page, request.param)


def test_what_is_proposed_on_batteries_and_who_is_asked(reader: Reader):
    reader.open_task("Propositions")
    reader.follow(reader.find("main h2 a, main h3 a", has_text="Battery innovation hub"))
    asks = reader.find("section[aria-labelledby=asked]")
    expect(asks).to_contain_text("Of government")


def test_the_truth_about_100_000_jobs(reader: Reader):
    reader.follow(reader.find("main a[href$='/targets/more-jobs/']"))
    expect(reader.page.locator("main")).to_contain_text("100,000")
    expect(reader.page.locator("main")).to_contain_text("62,500")
    expect(reader.find("main .status")).to_be_visible()


def test_the_latest_changes(reader: Reader):
    reader.open_page("Changes to this site")
    expect(reader.find("main li[id^=change-]")).to_be_visible()
    expect(reader.find("main h2 time")).to_be_visible()


def test_the_evidence_for_p7(reader: Reader):
    reader.open_task("Propositions")
    reader.follow(reader.find("main h2 a, main h3 a", has_text="Driving the Electric Revolution"))
    expect(reader.page.locator("section", has=reader.page.locator("#evidence")).locator("a").first).to_be_attached()
    expect(reader.find("#evidence")).to_be_visible()


def test_whether_my_sector_is_in_it(reader: Reader):
    reader.open_page("Is my sector in it?")
    reader.page.get_by_label("Your sector or industry").fill("tourism")
    reader.follow(reader.find("#yours button"))
    answer = reader.find("#yours [role=status]")
    expect(answer).to_contain_text("No sector or sub-sector of the strategy is called “tourism”")
    expect(answer.locator("a", has_text="Tourism")).to_be_visible()
    expect(answer).to_be_in_viewport()


def test_what_happens_next(reader: Reader):
    reader.open_page("Next steps")
    expect(reader.page.locator("h1")).to_have_text("Next steps")
    last = reader.find("main li", has=reader.page.get_by_role("heading", name="Agree and publish"))
    expect(last).to_contain_text("Planned for 2020")
    expect(last).to_contain_text("We hold no public record that it was published")


def test_being_told(reader: Reader):
    reader.page.get_by_label("Be told by email when something changes").fill("reader@example.org")
    reader.follow(reader.find("footer button", has_text="Join the mailing list"))
    expect(reader.page.locator("input[type=email]").first).to_have_value("reader@example.org")
    expect(reader.find("main input[type=checkbox]")).to_be_attached()


def test_how_to_cite_a_proposition(reader: Reader):
    reader.follow(reader.find("#picture a", has_text="Battery innovation hub"))
    cite = reader.find("details", has=reader.page.locator("summary", has_text="Cite P8"))
    reader.press(cite.locator("summary"))
    expect(cite.locator("p").first).to_be_visible()
    expect(cite).to_contain_text("/propositions/battery-innovation-hub/")


def test_what_tier_1_means(reader: Reader):
    if reader.is_on_phone:
        reader.follow(reader.find("header a", has_text="Search"))
    box = reader.find("main input[type=search]" if reader.is_on_phone else "header input[type=search]")
    box.fill("Tier 1")
    reader.follow(reader.find("form:has(input[type=search]) button"))
    first = reader.find("main ol.rows > li")
    expect(first.locator("h2")).to_contain_text("Tier 1")
    expect(first).to_contain_text("supplier")
