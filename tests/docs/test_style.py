"""Templates, content, labels, messages, emails and the editors’ guide have no words that docs/style.md rules out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("nelis", "sectors", "engagement")
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}|^\s*#.*?$", re.DOTALL | re.MULTILINE)


def ruled_out() -> list[str]:
    """The right-hand column of the table of words."""
    table = (ROOT / "docs" / "style.md").read_text(encoding="utf-8").split("| Write | Not |")[1]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")]
    return [word.strip() for row in rows for word in row.split(",")]


def pattern_of(words: list[str]) -> re.Pattern[str]:
    """Matches any of them as whole words, across line breaks and in either case."""
    choices = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE)


def strings_of(module: Path) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def found_in(words: re.Pattern[str], text: str, where: str) -> list[str]:
    return [f"{where}: {' '.join(match.group().split())}" for match in words.finditer(text)]


@pytest.fixture(scope="module")
def words() -> re.Pattern[str]:
    return pattern_of(ruled_out())


def test_the_table_is_read():
    assert {"e-mail", "England outside London", "Whom to ask"} <= set(ruled_out())
    assert found_in(pattern_of(["e-mail", "all the while"]), "By e-mail. All the\nwhile.", "a") == [
        "a: e-mail",
        "a: All the while",
    ]
    assert not found_in(pattern_of(["answers it"]), "answers items", "a")


def test_templates_content_and_guide(words: re.Pattern[str]):
    files = [
        *(path for ending in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{ending}")),
        *(path for package in PACKAGES for path in (ROOT / package).rglob("content/*.yaml")),
        *(ROOT / "docs" / "editors").glob("*.md"),
    ]
    assert len(files) > 300
    found: list[str] = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        text = text if path.suffix == ".md" else COMMENT.sub("", text)
        found += found_in(words, text, str(path.relative_to(ROOT)))
    assert not found, "\n".join(found)


def test_messages_and_labels(words: re.Pattern[str]):
    modules = [
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.parent.name != "migrations"
    ]
    found = [
        line
        for path in modules
        for string in strings_of(path)
        for line in found_in(words, string, str(path.relative_to(ROOT)))
    ]
    for model in apps.get_models():
        if model.__module__.split(".")[0] in PACKAGES:
            for field in model._meta.get_fields():
                label = f"{getattr(field, 'verbose_name', '')} {getattr(field, 'help_text', '')}"
                found += found_in(words, label, f"{model.__name__}.{field.name}")
    assert not found, "\n".join(found)
