"""The wall of a room and the page of whoever runs it, in a browser: on a projector, on a phone, and without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults, signed_in
from tests.browser.visits import HEIGHT, NARROW, WIDE, Visitor
from tests.browser.waiting import box_of, click_through, count_of, evaluate, expect_absent, navigating, text_of
from tools import test_site
from tools.test_site import Site


@dataclass(frozen=True)
class Room:
    """A room on a site of its own."""

    site: Site
    wall: str
    desk: str


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with test_site.serve(tmp_path_factory.mktemp("wall")) as running:
        made = run_on(running, feedback_data.make_wall_room)
        desk = f"{running.url}/admin/feedback/{made['round']}/wall/{made['session']}/"
        yield Room(running, f"/feedback/wall/{made['code']}/", desk)


@pytest.fixture(scope="module")
def reader(browser: Browser, room: Room) -> Visitor:
    return Visitor(browser, room.site)


@pytest.fixture(scope="module")
def facilitator(browser: Browser, room: Room) -> Iterator[Page]:
    page = signed_in(browser, room.site, "facilitator")
    yield page
    page.context.close()


def put_up(facilitator: Page, room: Room, number: int, *, results: bool = False) -> None:
    """Put the question of that number on the wall; 0 is the invitation."""
    facilitator.goto(room.desk)
    facilitator.get_by_label("Put on the wall").select_option(index=number)
    click_through(facilitator.get_by_role("button", name="Show on the wall"))
    expect(facilitator.locator(".messages")).to_be_visible()
    if results:
        click_through(facilitator.get_by_role("button", name="Show the results"))
        expect(facilitator.get_by_role("button", name="Hide the results")).to_be_visible()


def approve_words(facilitator: Page) -> None:
    click_through(facilitator.get_by_role("button", name="Show on the wall").first)
    expect(facilitator.get_by_role("button", name="Take off the wall")).to_be_visible()


#: What stands on the wall: number of the question, whether its results are shown, and whether words are.
STATES = {
    "invitation": (0, False, False),
    "question": (1, False, False),
    "results": (1, True, False),
    "words": (4, False, True),
}


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_wall(room: Room, reader: Visitor, facilitator: Page, state: str):
    number, results, words = STATES[state]
    put_up(facilitator, room, number, results=results)
    if words:
        approve_words(facilitator)
    for width in (NARROW, WIDE, 1920):
        with reader.visit(room.wall, width) as visit:
            assert visit.status == 200
            assert bool(count_of(visit.page.locator(".wall-lines"))) == results
            assert bool(count_of(visit.page.locator(".wall-words"))) == words
            assert visit.axe() == []
            assert visit.faults(room.site.url) == []
            assert visit.probe("overflow") == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_projector_shows_all_of_it(
    room: Room, browser: Browser, facilitator: Page, number: int, width: int, height: int
):
    put_up(facilitator, room, number, results=number == 1)
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(room.site.url + room.wall)
    assert evaluate(page, "document.documentElement.scrollHeight") <= height
    # From the back row: the code is a twentieth of the screen high or more, the square a fifth.
    line = box_of(page.locator(".join b"))["height"]
    assert line >= height / 20
    assert box_of(page.locator(".join .scan"))["height"] >= height / 5
    # Codes are random: the widest is on one line, too, and breaks at its blank with more space between letters.
    evaluate(page.locator(".join b"), "e => e.textContent = 'WM 8888'")
    assert box_of(page.locator(".join b"))["height"] == line
    evaluate(page.locator(".join b"), "e => e.style = 'letter-spacing: .12em; word-spacing: .16em'")
    assert evaluate(page.locator(".join"), "e => e.scrollWidth <= e.clientWidth")
    context.close()


def test_the_wall_follows_the_room(room: Room, browser: Browser, facilitator: Page):
    put_up(facilitator, room, 2)
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHT})
    wall = context.new_page()
    wall.goto(room.site.url + room.wall)
    expect_absent(wall.locator(".wall-lines"))
    click_through(facilitator.get_by_role("button", name="Show the results"))
    expect(wall.locator(".wall-lines")).to_be_visible()
    support = wall.locator(".wall-lines tbody tr").first.locator("td")
    before = text_of(support)
    strokes = count_of(support.locator(".on"))
    evaluate(wall, "window.stroke = document.querySelector('.wall-lines .on')")
    run_on(room.site, feedback_data.add_support)
    expect(support).not_to_have_text(before)
    # Strokes are added to those that stand there, for whoever wants to see things move.
    assert evaluate(wall, "window.stroke.isConnected")
    assert count_of(support.locator(".on")) > strokes
    moves = "[window.stroke, document.querySelector('.traffic path')].map(e => getComputedStyle(e).animationName)"
    assert evaluate(wall, moves) == ["stroke-in", "traffic"]
    wall.emulate_media(reduced_motion="reduce")
    assert evaluate(wall, moves) == ["none", "none"]
    wall.emulate_media(reduced_motion="no-preference")
    assert context.cookies() == []
    # Somebody who can't read it in time holds it still.
    click_through(wall.get_by_role("link", name="Pause updates"))
    expect_absent(wall.locator("[data-look]"))
    evaluate(wall, "window.stroke = document.querySelector('.wall-lines .on')")
    assert evaluate(wall, moves) == ["none", "none"]
    expect(wall.get_by_role("link", name="Update automatically")).to_be_visible()
    context.close()


def test_the_facilitators_page_follows_what_a_colleague_does(room: Room, browser: Browser, facilitator: Page):
    put_up(facilitator, room, 0)
    colleague = facilitator.context.new_page()
    colleague.goto(room.desk)
    put_up(facilitator, room, 1)
    expect(colleague.get_by_role("button", name="Show the results")).to_be_visible()
    expect(colleague.locator("#now + p")).to_contain_text("P1")
    colleague.close()


@pytest.mark.slow
def test_without_scripts_the_wall_is_loaded_anew(room: Room, reader: Visitor, facilitator: Page):
    put_up(facilitator, room, 0)
    with reader.visit(room.wall, scripts=False) as visit:
        expect(visit.page.locator("meta[http-equiv=refresh]")).to_have_attribute("content", "10")
        expect(visit.page.locator("h1")).to_have_text("The propositions")
        put_up(facilitator, room, 1)
        expect(visit.page.locator("h1")).to_contain_text("P")
    with reader.visit(room.wall + "?still=1", scripts=False) as visit:
        expect_absent(visit.page.locator("meta[http-equiv=refresh]"))


@pytest.mark.slow
@pytest.mark.parametrize("width", [NARROW, WIDE, 1920])
@pytest.mark.parametrize("number", [0, 1, 4])
def test_the_facilitators_page(room: Room, facilitator: Page, width: int, number: int):
    put_up(facilitator, room, number, results=number == 1)
    facilitator.set_viewport_size({"width": width, "height": HEIGHT})
    facilitator.goto(room.desk)
    assert page_faults(facilitator) == []
    assert evaluate(facilitator, "document.documentElement.scrollWidth") <= width
    facilitator.set_viewport_size({"width": WIDE, "height": HEIGHT})


@pytest.mark.slow
def test_the_wall_is_run_by_keyboard(room: Room, facilitator: Page):
    put_up(facilitator, room, 0)
    facilitator.get_by_role("button", name="First question").focus()
    with navigating(facilitator):
        facilitator.keyboard.press("Enter")
    expect(facilitator.get_by_role("button", name="Next question")).to_be_visible()
    facilitator.get_by_role("button", name="Show the results").focus()
    with navigating(facilitator):
        facilitator.keyboard.press("Space")
    expect(facilitator.get_by_role("button", name="Hide the results")).to_be_visible()
    facilitator.get_by_role("button", name="Next question").focus()
    with navigating(facilitator):
        facilitator.keyboard.press("Enter")
    # Another question begins with its results hidden.
    expect(facilitator.get_by_role("button", name="Show the results")).to_be_visible()
