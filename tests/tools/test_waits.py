"""Tests in the browser wait for what they read: half a page is there on one machine, and all of it on another.

The rule: in ``tests/quality`` only ``reading.py`` reads a page at once, after all of it has arrived. Everything else
says what it waits for with Playwright's ``expect``, or asks ``reading.py``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "quality"
MAY_READ = HERE / "reading.py"
#: What Playwright answers at once, or for whatever has arrived by then.
READS = frozenset(
    {
        *("all", "all_inner_texts", "all_text_contents", "aria_snapshot", "bounding_box", "content", "count"),
        *("eval_on_selector", "eval_on_selector_all", "evaluate", "evaluate_all", "evaluate_handle"),
        *("get_attribute", "inner_html", "inner_text", "input_value", "is_checked", "is_disabled", "is_editable"),
        *("is_enabled", "is_hidden", "is_visible", "query_selector", "query_selector_all", "text_content", "title"),
    }
)
#: Whose ``url`` is no page's: it doesn't change.
FIXED = frozenset({"site", "own_site", "corrected", "running", "request"})


def at_once(source: str) -> Iterator[str]:
    """Every place where something is read at once: line and what it is."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in READS:
                yield f"{node.lineno}: {name}()"
            # None of it there is true of every page that hasn't arrived: `absent` waits.
            case ast.Call(func=ast.Attribute(attr="to_have_count"), args=[ast.Constant(value=0)]):
                yield f"{node.lineno}: to_have_count(0)"
            case ast.Attribute(attr="url", value=ast.Name(id=name) | ast.Attribute(attr=name)) if name not in FIXED:
                yield f"{node.lineno}: {name}.url"


def files() -> list[Path]:
    return sorted(file for file in HERE.glob("*.py") if file != MAY_READ)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_a_page_is_read_when_it_has_arrived(file: Path):
    found = list(at_once(file.read_text()))
    assert not found, f"{file.name} reads at once, where expect or tests/quality/reading.py would wait: {found}"


@pytest.mark.parametrize(
    "source",
    [
        'assert page.locator("main a", has_text="W2").count() >= 1',
        'assert "/evidence/" in page.url',
        "path = visit.page.url.removeprefix(site.url)",
        'said = row.locator("p").inner_text()',
        'assert [one.text_content() for one in page.locator("li").all()] == []',
        'assert page.evaluate("localStorage.length") == 0',
        'if not page.locator("#preview").is_visible():\n    pass',
        'expect(page.locator(".errs")).to_have_count(0)',
    ],
)
def test_reading_at_once_is_noticed(source: str):
    assert list(at_once(source))


@pytest.mark.parametrize(
    "source",
    [
        'expect(page.locator("main a", has_text="W2").first).to_be_visible()',
        'expect(page.locator("li")).to_have_count(10)',
        'absent(page.locator(".errs"))',
        'page.goto(f"{site.url}/")',
        'assert ask(page, "localStorage.length") == 0',
    ],
)
def test_waiting_is_let_be(source: str):
    assert not list(at_once(source))
