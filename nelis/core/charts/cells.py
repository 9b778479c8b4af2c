"""Cells pasted from a spreadsheet, or the text of a CSV file, read into a table of labels and numbers."""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal

#: More than a chart can show.
MOST_ROWS, MOST_COLUMNS = 60, 5
_NUMBER = re.compile(r"[-−+]?[£$€]?[0-9][0-9, \u00a0\u202f]*(\.[0-9]+)?%?")


class CellsError(ValueError):
    """What was pasted can’t be read; the message says where and why, for an editor."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A heading row, and rows that begin with their label. None is an empty cell."""

    columns: list[str]
    labels: list[str]
    values: list[list[Decimal | None]]

    @property
    def series(self) -> list[str]:
        """The headings of the columns with numbers."""
        return self.columns[1:]


def read_grid(text: str) -> list[list[str]]:
    """Return the rows of ``text`` as cells: divided by tabs if there are any, else by semicolons, else by commas.

    Empty rows are left out, and short ones filled up. Raise CellsError for a row that is longer than the first.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").strip("\n")
    delimiter = next((mark for mark in ("\t", ";") if mark in lines), ",")
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines.split("\n"), delimiter=delimiter)]
    rows = [row for row in rows if any(row)]
    for number, row in enumerate(rows, 1):
        if any(row[len(rows[0]) :]):
            raise CellsError(f"Row {number} has {len(row)} cells, and the first row has {len(rows[0])}.")
    return [row[: len(rows[0])] + [""] * (len(rows[0]) - len(row)) for row in rows]


def read_cells(text: str) -> Cells:
    """Return the table that ``text`` is: a row of headings, then a label and its numbers in each row."""
    rows = read_grid(text)
    if len(rows) < 2:
        raise CellsError("Paste a row of headings and at least one row below it.")
    if len(rows[0]) < 2:
        raise CellsError("Paste at least two columns: labels, and their numbers.")
    if len(rows[0]) > MOST_COLUMNS:
        raise CellsError(f"A chart has room for {MOST_COLUMNS - 1} columns of numbers, not {len(rows[0]) - 1}.")
    if len(rows) - 1 > MOST_ROWS:
        raise CellsError(f"A chart has room for {MOST_ROWS} rows, not {len(rows) - 1}.")
    for number, heading in enumerate(rows[0][1:], 2):
        if not heading:
            raise CellsError(f"Column {number} has no heading.")
    if len(set(rows[0][1:])) < len(rows[0]) - 1:
        raise CellsError("Two columns have the same heading.")
    values = [
        [_read_number(cell, row, column) for column, cell in enumerate(cells[1:], 2)]
        for row, cells in enumerate(rows[1:], 2)
    ]
    if not any(value is not None for line in values for value in line):
        raise CellsError("There is no number in these cells.")
    return Cells(rows[0], [row[0] for row in rows[1:]], values)


def is_number(cell: str) -> bool:
    """Whether a cell is a number, with or without currency, per cent sign and commas between thousands."""
    return bool(_NUMBER.fullmatch(cell))


def parse_number(cell: str) -> Decimal:
    """The number in a cell for which ``is_number`` holds."""
    return Decimal(re.sub(r"[,\s£$€%+]", "", cell).replace("−", "-"))


def _read_number(cell: str, row: int, column: int) -> Decimal | None:
    if cell in ("", "-", "–", "..", ":", "n/a"):
        return None
    if not is_number(cell):
        raise CellsError(f"Row {row}, column {column}: “{cell[:40]}” is not a number.")
    return parse_number(cell)
