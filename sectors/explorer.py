"""The strategy as a table: propositions counted by any two of the dimensions they can be sorted by."""

import csv
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from nelis.core.csv_export import safe_cell
from sectors.dimensions import DIMENSIONS, DimensionValues

#: Each proposition by itself, as rows: no dimension, but the first thing a reader wants to see.
EACH_PROPOSITION = "proposition"
#: Dimensions that a reader can choose; the others are for the filters of lists alone.
CHOOSABLE = [name for name in DIMENSIONS if name not in ("project", "theme")]
#: What the table is offered as, besides the page.
FORMATS = ("csv", "json")
#: Where a proposition's own page shows what it has in a dimension.
SECTIONS = dict.fromkeys(("sub-sector", "foundation", "challenge", "deal"), "#links") | {
    "partner": "#partners",
    "evidence": "#evidence",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many propositions have the value of the row and of the column, and for how many a source states both.

    ``label`` is the column's. ``url`` leads to the list of exactly those, or to the one; empty when there are none.
    """

    label: str
    count: int
    stated: int
    url: str = ""

    @property
    def basis(self) -> str:
        return "stated" if self.stated == self.count else "inferred"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its value and label, its cells in the order of the columns, and how many propositions it holds.

    ``url`` is empty when it holds none.
    """

    value: str
    label: str
    url: str
    cells: list[Cell]
    total: int
    ref: str = ""

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.count]

    @property
    def empty_labels(self) -> list[str]:
        """The columns that none of its propositions has."""
        return [cell.label for cell in self.cells if not cell.count]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by columns, as names of dimensions, with the labels of the columns and their totals."""

    rows: str
    columns: str
    stated_only: bool
    heads: list[tuple[str, str]]
    lines: list[Line]
    totals: list[int]

    @property
    def row_label(self) -> str:
        return "Propositions" if self.rows == EACH_PROPOSITION else DIMENSIONS[self.rows].plural

    @property
    def column_label(self) -> str:
        return DIMENSIONS[self.columns].plural

    @property
    def query(self) -> str:
        """What was chosen, as a query string."""
        return urlencode(
            {"rows": self.rows, "columns": self.columns} | ({"basis": "stated"} if self.stated_only else {})
        )


def build_matrix(
    pages: list[Any],
    dimensions: DimensionValues,
    rows: str,
    columns: str,
    *,
    stated_only: bool = False,
    list_url: str = "",
) -> Matrix:
    """Count ``pages`` by two dimensions. ``rows`` may be ``proposition``: then each is a row of its own.

    ``list_url`` is the address of the list that the numbers lead to. With ``stated_only`` a value counts only
    where a source states it. Asks nothing of the database.
    """
    heads = dimensions.options(columns)
    by_column = dimensions.pages_by_value(columns, stated_only=stated_only)
    lines = []
    for value, label, own, url, ref in _rows(pages, dimensions, rows, stated_only, list_url):
        cells = []
        for column, head in heads:
            both = own & by_column[column]
            stated = sum(
                _states(dimensions, key, rows, value) and dimensions.values[key][columns][column] for key in both
            )
            if rows == EACH_PROPOSITION:
                to = url + SECTIONS.get(columns, "")
            else:
                to = _address(list_url, {rows: value, columns: column}, stated_only)
            cells.append(Cell(head, len(both), stated, to if both else ""))
        lines.append(Line(value, label, url, cells, len(own), ref))
    totals = [len(by_column[column]) for column, _ in heads]
    return Matrix(rows, columns, stated_only, heads, lines, totals)


def _rows(pages: list[Any], dimensions: DimensionValues, rows: str, stated_only: bool, list_url: str) -> Any:
    """Every row: value, label, keys of its propositions, address, reference."""
    if rows == EACH_PROPOSITION:
        for page in pages:
            yield page.slug, page.title, {page.pk}, page.url, page.ref
        return
    by_value = dimensions.pages_by_value(rows, stated_only=stated_only)
    for value, label in dimensions.options(rows):
        address = _address(list_url, {rows: value}, stated_only) if by_value[value] else ""
        yield value, label, by_value[value], address, ""


def _states(dimensions: DimensionValues, key: int, rows: str, value: str) -> bool:
    return rows == EACH_PROPOSITION or dimensions.values[key][rows][value]


def _address(list_url: str, chosen: dict[str, str], stated_only: bool) -> str:
    return f"{list_url}?{urlencode(chosen | ({'basis': 'stated'} if stated_only else {}))}"


def as_csv(matrix: Matrix) -> str:
    """The matrix as CSV: a line of heads, then a line for each row. Formulas come out as text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(map(safe_cell, [matrix.row_label, *(label for _, label in matrix.heads), "All"]))
    for line in matrix.lines:
        label = f"{line.ref} {line.label}".strip()
        writer.writerow(map(safe_cell, [label, *(cell.count for cell in line.cells), line.total]))
    return file.getvalue()


def as_json(matrix: Matrix) -> dict[str, Any]:
    """The matrix for other programs: each row with its counts by column, all and stated."""
    return {
        "rows": matrix.rows,
        "columns": matrix.columns,
        "stated_only": matrix.stated_only,
        "heads": [{"value": value, "label": label} for value, label in matrix.heads],
        "lines": [
            {
                "value": line.value,
                "label": line.label,
                "total": line.total,
                "cells": {
                    value: {"count": cell.count, "stated": cell.stated}
                    for (value, _), cell in zip(matrix.heads, line.cells, strict=True)
                },
            }
            for line in matrix.lines
        ],
    }
