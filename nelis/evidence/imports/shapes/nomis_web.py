"""F2: what the pages of Nomis give: lines above a table, the table, notes; often several one below the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.periods import parse_period
from nelis.evidence.imports.problems import Code, Problems, RefusedError
from nelis.evidence.imports.records import Record, Shape, header_name, meaningful
from nelis.evidence.imports.shapes.columns import is_label
from nelis.evidence.imports.shapes.widths import check_width

#: Headings of columns that belong to a value beside them.
_MEASURES = {
    "numerator": "numerator",
    "denominator": "denominator",
    "conf": "confidence",
    "confidence": "confidence",
    "conf %": "confidence",
    "ci": "confidence",
}
_FLAGS = ("", "flags", "flag", "status")
#: Words in the heading of a first column that holds areas.
_AREA_WORDS = ("area", "authorit", "region", "country", "countries", "nation", "partnership", "lep", "ward", "geograph")
_PERIOD_WORDS = ("date", "year", "period", "time")
#: Lines above a table that don't narrow what is measured.
_NOT_DIMENSIONS = ("date", "analysis", "measure", "measures", "geography", "source")


@dataclass(slots=True)
class _Column:
    """A column of values: what it is called, where it is, and the columns that belong to it by what they give."""

    name: str
    place: int
    beside: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Table:
    """The headings of one table, and what the lines above it say."""

    header: list[str]
    columns: list[_Column]
    code: int | None
    title: str
    above: dict[str, str]
    rows_are: str


def is_marked(cells: list[str]) -> bool:
    """Whether a row can only be from a page of Nomis."""
    return any("from nomis on" in cell.lower() for cell in cells) or "mnemonic" in [cell.lower() for cell in cells]


def read(rows: Iterator[Row], problems: Problems) -> Iterator[Record]:
    """Each value of each table as a record. Notes a table that has lines above it and no rows, which is cut off."""
    titles: list[str] = []
    above: dict[str, str] = {}
    table: _Table | None = None
    in_data, line = False, 0
    for line, cells in rows:
        if not cells or _is_note(cells):
            in_data = False
        elif table and _fits(cells, table) and (in_data or not (titles or above)):
            in_data = True
            yield from _records(line, [*cells, *[""] * (len(table.header) - len(cells))], table)
        elif in_data and table:
            check_width(cells, table.header, line, problems)
        elif len([cell for cell in cells if cell]) > 1 and not is_label(cells[0]):
            if above or titles or table is None:
                table = _make_table(line, cells, titles, above)
                titles, above, in_data = [], {}, True
            else:
                check_width(cells, table.header, line, problems)
        elif len(cells) > 1 and is_label(cells[0]):
            above[header_name(cells[0])] = cells[1]
        else:
            titles.append(cells[0])
    if above or table is None:
        problems.add(
            Code.TRUNCATED,
            "The file is cut off: its last lines announce a table that doesn’t follow.",
            "Download it again from Nomis.",
            line,
        )


def _is_note(cells: list[str]) -> bool:
    """Whether the row is a line below a table: no first cell, or one that is a mark with its explanation."""
    return (not cells[0] and len([cell for cell in cells if cell]) == 1) or (
        len(cells) == 2 and len(cells[0]) <= 2 and not cells[0].isalnum() and " " in cells[1]
    )


def _fits(cells: list[str], table: _Table) -> bool:
    """Whether the row has a cell for each heading. Columns without one, for marks, may be missing at its end."""
    return len(cells) == len(table.header) or (
        1 < len(cells) < len(table.header) and not any(table.header[len(cells) :])
    )


def _make_table(line: int, header: list[str], titles: list[str], above: dict[str, str]) -> _Table:
    names = [header_name(cell) for cell in header]
    code = names.index("mnemonic") if "mnemonic" in names else None
    columns: list[_Column] = []
    waiting: dict[str, int] = {}
    for place, name in enumerate(names):
        if place == 0 or place == code:
            continue
        if name in _FLAGS:
            if columns:
                columns[-1].beside.setdefault("flag", place)
        elif name in _MEASURES:
            role = _MEASURES[name]
            if role == "confidence" and columns:
                columns[-1].beside[role] = place
            else:
                waiting[role] = place
        else:
            columns.append(_Column(header[place], place, waiting))
            waiting = {}
    if not columns:
        raise RefusedError(
            Code.COLUMN, "No column of this table holds values.", "Download the file again from Nomis.", line
        )
    called = [column.name for column in columns]
    twice = sorted({name for name in called if called.count(name) > 1})
    if twice:
        raise RefusedError(
            Code.COLUMN,
            f"Several columns of one table are called “{twice[0]}”.",
            "In Nomis, download one of them at a time.",
            line,
            twice[0],
        )
    return _Table(header, columns, code, titles[0] if titles else "", above, _rows_are(names[0], code))


def _rows_are(first: str, code: int | None) -> str:
    if code is not None or any(word in first for word in _AREA_WORDS):
        return "area"
    return "period" if any(word in first for word in _PERIOD_WORDS) else "part"


def _records(line: int, cells: list[str], table: _Table) -> Iterator[Record]:
    narrowed = [text for name, text in table.above.items() if name not in _NOT_DIMENSIONS]
    date = table.above.get("date", "")
    for column in table.columns:
        values = {"value": cells[column.place]}
        values |= {role: cells[place] for role, place in column.beside.items() if role != "flag"}
        flag = cells[column.beside["flag"]] if "flag" in column.beside else ""
        code, name, period = "", "", date
        if parse_period(column.name):
            period, names = column.name, [table.title, *narrowed]
        elif table.rows_are == "area":
            names = [column.name, *narrowed]
        else:
            name, names = column.name, [table.title, *narrowed]
        if table.rows_are == "area":
            code, name = cells[table.code] if table.code is not None else "", cells[0]
        elif table.rows_are == "period":
            period = cells[0]
        else:
            names.append(cells[0])
        yield Record(line, meaningful(names), code, name, period, values, flag, "", column.name)


SHAPE = Shape("F2", "Download from the pages of Nomis", read)
