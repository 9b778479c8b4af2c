"""What the documentation names is there: files, modules, classes, functions and commands."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "deploy").glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOP = ("bench", "deploy", "docs", "engagement", "nelis", "sectors", "static", "templates", "tests", "tools")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(rf"(?:{'|'.join(TOP)})/[\w./@-]*")
DOTTED = re.compile(r"(?:bench|engagement|nelis|sectors|tests|tools)(?:\.\w+)+(?<!\.service)(?<!\.py)")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"manage\.py (\w+)")


def references(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Each document, by its path, with what it names in code spans that match the whole ``pattern``."""
    return [
        (str(document.relative_to(ROOT)), name)
        for document in DOCUMENTS
        for name in CODE.findall(document.read_text(encoding="utf-8"))
        if pattern.fullmatch(name)
    ]


def is_importable(name: str) -> bool:
    """Whether ``name`` is a module, or something that a module holds."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            if importlib.util.find_spec(".".join(parts[:count])) is None:
                continue
        except ModuleNotFoundError:
            continue
        try:
            found = importlib.import_module(".".join(parts[:count])) if parts[count:] else None
            for attribute in parts[count:]:
                found = getattr(found, attribute)
        except AttributeError:
            return False
        return True
    return False


def test_every_file_named_is_there():
    missing = [f"{document}: {name}" for document, name in references(PATH) if not (ROOT / name).exists()]
    assert missing == []


def test_every_dotted_name_is_there():
    missing = [f"{document}: {name}" for document, name in references(DOTTED) if not is_importable(name)]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_command_is_there():
    named = {name for document in DOCUMENTS for name in COMMAND.findall(document.read_text(encoding="utf-8"))}
    assert named - set(get_commands()) == set()
