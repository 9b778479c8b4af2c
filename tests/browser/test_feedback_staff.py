"""Reading, coding and counting answers, in a browser: every staff page of a round, with scripts and without."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tests.browser.staff import page_faults, signed_in
from tests.browser.visits import HEIGHT, NARROW, WIDE
from tests.browser.waiting import box_of, click_through, evaluate, expect_absent, text_of
from tools import test_site
from tools.test_site import Site


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because these journeys change it."""
    with test_site.serve(tmp_path_factory.mktemp("reading")) as running:
        yield running


@pytest.fixture(scope="module")
def made(own_site: Site) -> dict[str, int]:
    """The keys of what there is."""
    found: dict[str, int] = run_on(own_site, feedback_data.make_coded_round)
    return found


@pytest.fixture(scope="module")
def officer(browser: Browser, own_site: Site, made: dict[str, int]) -> Iterator[Page]:
    page = signed_in(browser, own_site, "officer")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def without_scripts(browser: Browser, own_site: Site, made: dict[str, int]) -> Iterator[Page]:
    """The same officer in a browser that runs none."""
    page = signed_in(browser, own_site, "officer", scripts=False)
    yield page
    page.context.close()


ERROR = re.compile(r"^\s*Error: ")
PAGES = [
    "",
    "questions/",
    "responses/",
    "responses/?q=kites+wind&coded=by-me",
    "responses/?q=nothing-like-it",
    "responses/{read}/",
    "responses/{unread}/",
    "responses/{second}/?from=second",
    "responses/{withdrawn}/",
    "counts/",
    "codes/",
    "codes/{code}/",
    "coding/",
    "agreement/",
    "duplicates/",
    "who/",
    "files/",
    "record/",
]


def address(site: Site, made: dict[str, int], path: str, asked: str = "round") -> str:
    return f"{site.url}/admin/feedback/{made[asked]}/{path.format(**made)}"


@pytest.mark.slow
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("path", PAGES)
def test_every_page(own_site: Site, made: dict[str, int], officer: Page, path: str, width: int):
    officer.set_viewport_size({"width": width, "height": HEIGHT})
    response = officer.goto(address(own_site, made, path), wait_until="networkidle")
    assert response is not None
    assert response.status == 200
    assert page_faults(officer) == []
    # The admin scrolls its main part, not the document.
    for part in ("documentElement", "querySelector('main')"):
        assert evaluate(officer, f"document.{part}.scrollWidth") <= width, part


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in PAGES if "{" not in path and "?" not in path])
def test_every_page_of_a_round_without_answers(own_site: Site, made: dict[str, int], officer: Page, path: str):
    officer.set_viewport_size({"width": NARROW, "height": HEIGHT})
    response = officer.goto(address(own_site, made, path, "empty"), wait_until="networkidle")
    assert response is not None
    assert response.status == 200
    assert page_faults(officer) == []


def test_words_are_selected_and_coded(own_site: Site, made: dict[str, int], officer: Page):
    officer.set_viewport_size({"width": WIDE, "height": HEIGHT})
    officer.goto(address(own_site, made, "responses/{unread}/"))
    said = officer.locator(".said").first
    text = text_of(said)
    box = box_of(said)
    # As with a mouse: a double click selects a word.
    officer.mouse.dblclick(box["x"] + 8, box["y"] + box["height"] / 2)
    field = officer.locator("#id_words")
    expect(field).not_to_have_value("")
    words = evaluate(field, "one => one.value").strip()
    assert words
    assert words in text
    officer.get_by_role("checkbox", name="String").check()
    click_through(officer.get_by_role("button", name="Apply codes"))
    expect(officer.locator(".messages")).to_contain_text("Coded: String.")
    expect(officer.locator(".said mark").first).to_have_text(words)
    click_through(officer.get_by_role("button", name=re.compile("Take away String")))
    expect_absent(officer.locator(".said mark"))


@pytest.mark.slow
def test_a_second_selection_counts_characters_past_marks_and_emoji(own_site: Site, made: dict[str, int], officer: Page):
    run_on(own_site, feedback_data.rewrite_response, made["other"], "🪁🪁 kites 🪁 and tails")
    officer.goto(address(own_site, made, "responses/{other}/"))
    select = """words => {
      const said = document.querySelector(".said");
      const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
        document.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
        return;
      }
    }"""
    for words, start in (("kites", 3), ("tails", 15)):
        evaluate(officer, select, words)
        expect(officer.locator("#id_words")).to_have_value(words)
        expect(officer.locator("#id_start")).to_have_value(str(start))
        officer.get_by_role("checkbox", name="String").check()
        click_through(officer.get_by_role("button", name="Apply codes"))
        expect(officer.locator(".said mark").last).to_have_text(words)


@pytest.mark.slow
def test_coding_without_scripts(own_site: Site, made: dict[str, int], without_scripts: Page):
    page = without_scripts
    page.goto(address(own_site, made, "responses/{second}/?from=second"))
    page.locator("#id_words").fill("nothing that stands there")
    page.get_by_role("checkbox", name="Wind").check()
    click_through(page.get_by_role("button", name="Apply codes"))
    expect(page).to_have_title(ERROR)
    expect(page.locator("#problem h2")).to_have_text("There is a problem")
    page.locator("#problem a").click()
    expect(page.locator("#id_words")).to_have_value("nothing that stands there")
    page.locator("#id_words").fill("")
    click_through(page.get_by_role("button", name="Apply codes"))
    expect(page.locator("ol.reading-marks")).to_contain_text("Wind")
    page.get_by_label("Redact the words because").select_option("abusive")
    click_through(page.get_by_role("button", name="Redact the words"))
    expect(page.locator(".reading-marks").last).to_contain_text("Abusive")
    click_through(page.get_by_role("button", name="I’m done with it: the next one"))
    expect(page.locator(".messages")).to_contain_text("You are done with coding")


def assert_wrong(page: Page) -> None:
    """The page says first that something is wrong, and is clean."""
    expect(page).to_have_title(ERROR)
    page.wait_for_load_state("networkidle")
    assert page_faults(page) == []


@pytest.mark.slow
def test_an_error_of_each_form_is_clean(own_site: Site, made: dict[str, int], officer: Page):
    officer.set_viewport_size({"width": NARROW, "height": HEIGHT})
    officer.goto(address(own_site, made, "codes/"))
    click_through(officer.get_by_role("button", name="Add code"))
    assert_wrong(officer)
    officer.locator("#problem a").click()
    expect(officer.locator("#id_name")).to_be_focused()
    officer.goto(address(own_site, made, "files/"))
    officer.get_by_label("With the columns that say who answered").check()
    click_through(officer.get_by_role("button", name="Create export"))
    assert_wrong(officer)
    officer.locator("#problem a").click()
    expect(officer.locator("#id_reason")).to_be_focused()
    officer.goto(address(own_site, made, "responses/{unread}/"))
    click_through(officer.get_by_role("button", name="Apply codes"))
    assert_wrong(officer)
    officer.locator("#problem a").click()
    expect(officer.locator("[name=codes]:focus")).to_have_count(1)


@pytest.mark.slow
def test_a_file_is_taken(own_site: Site, made: dict[str, int], officer: Page):
    officer.goto(address(own_site, made, "files/"))
    with officer.expect_download() as waited:
        officer.get_by_role("button", name="Create export").click()
    assert re.fullmatch(r"demonstration-answers-[\d-]+\.csv", waited.value.suggested_filename)
    officer.reload()
    expect(officer.locator("main")).to_contain_text("CSV, one row for each answer")


@pytest.mark.slow
def test_a_chart_is_drawn_in_both_widths(own_site: Site, made: dict[str, int], officer: Page):
    for width, shown, hidden in ((WIDE, ".wide", ".narrow"), (NARROW, ".narrow", ".wide")):
        officer.set_viewport_size({"width": width, "height": HEIGHT})
        officer.goto(address(own_site, made, "counts/"))
        chart = officer.locator("figure.chart").first
        expect(chart.locator(shown)).to_be_visible()
        expect(chart.locator(hidden)).to_be_hidden()
