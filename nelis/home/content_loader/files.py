"""Reading the YAML files into entries, with their mistakes of form found on the way."""

import csv
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nelis.home.content_loader.kinds import KINDS, Kind
from nelis.home.content_loader.report import Problem
from nelis.home.content_loader.values import Cell

__all__ = ["Entry", "read_entries"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as written. ``label`` is how messages call it; ``number`` its place in its file."""

    kind: Kind
    file: str
    number: int
    label: str
    data: dict[str, Any]

    @property
    def key(self) -> str:
        return str(self.data.get(self.kind.key, ""))

    def problem(self, field: str, expected: str) -> Problem:
        return Problem(self.file, self.label, field, expected)


# The C parser is ten times as fast; it comes with most builds of PyYAML.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """Refuses a field given twice, of which YAML would silently drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"each field once; “{key}” is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_entries(base: Path) -> tuple[list[Entry], list[Problem]]:
    """Every entry of every file under ``base``, and the problems met.

    Entries keep the order of ``KINDS`` and, within a kind, of the files. A file that can't be read
    yields a problem and no entries.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    for kind in KINDS:
        for file in kind.files:
            try:
                entries += _entries(kind, file, _read(base / file))
            except _UnreadableError as error:
                problems.append(Problem(file, error.where, "", error.expected))
    problems += _twice(entries)
    return entries, problems


class _UnreadableError(Exception):
    def __init__(self, expected: str, where: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.where = where


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _UnreadableError("this file to exist") from None
    except UnicodeDecodeError as error:
        raise _UnreadableError(f"UTF-8 text; byte {error.start} is something else") from None
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise _UnreadableError(f"valid YAML; line {line}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise _UnreadableError(f"valid YAML; {error}") from None
    for entry in content if isinstance(content, list) else []:
        _read_tables(entry, path.parent)
    return content


def _read_tables(entry: Any, folder: Path) -> None:
    """Put the rows of a CSV file where an entry names one: ``observations: {csv: observations/ons-2024.csv}``."""
    for name, value in entry.items() if isinstance(entry, dict) else []:
        if not isinstance(value, dict) or set(value) != {"csv"} or not isinstance(value["csv"], str):
            continue
        try:
            with (folder / value["csv"]).open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise _UnreadableError(f"a CSV file that can be read at {value['csv']} ({error})", name) from None
        # Cells beyond the headings are under the name None, and missing ones are None.
        if any(None in row or None in row.values() for row in rows):
            raise _UnreadableError(f"as many cells as headings in each row of {value['csv']}", name)
        entry[name] = [{heading: Cell(cell) for heading, cell in row.items() if cell != ""} for row in rows]


def _entries(kind: Kind, file: str, content: Any) -> Iterator[Entry]:
    if kind.name == "settings":
        content = [{kind.key: "main", **content}] if isinstance(content, dict) else content
    if not isinstance(content, list):
        raise _UnreadableError("a list of entries")
    for number, data in enumerate(content, start=1):
        if not isinstance(data, dict):
            raise _UnreadableError("a mapping of fields to values", str(number))
        label = str(data.get(kind.key) or number)
        yield Entry(kind, file, number, label, data)


def _twice(entries: list[Entry]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if not entry.key:
            continue
        first = seen.setdefault((entry.kind.name, entry.key), entry)
        if first is not entry:
            yield entry.problem(entry.kind.key, f"a value of its own; {first.file} entry {first.number} has it too")
