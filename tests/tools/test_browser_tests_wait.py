"""Tests in the browser wait for what they read: half a page is there on one machine, and all of it on another.

The rule: in ``tests/browser`` only ``waiting.py`` reads a page at once, after all of it has arrived. Everything else
says what it waits for with Playwright's ``expect``, or asks ``waiting.py``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parents[1] / "browser"
MAY_READ = HERE / "waiting.py"
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


def test_a_page_is_read_when_it_has_arrived():
    found = [
        f"{file.name}:{place}"
        for file in sorted(HERE.glob("*.py"))
        # Without Playwright there is no page to read.
        if file != MAY_READ and "playwright" in file.read_text()
        for place in at_once(file.read_text())
    ]
    assert not found, f"read at once, where expect or tests/browser/waiting.py would wait: {found}"
