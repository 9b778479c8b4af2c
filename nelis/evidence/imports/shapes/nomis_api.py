"""F1: what the API of Nomis gives, a row for each measure of each cell, with columns in capitals."""

from collections.abc import Iterator

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.problems import Code, Problems, RefusedError
from nelis.evidence.imports.records import Record, Shape, meaningful
from nelis.evidence.imports.shapes.widths import check_width

#: Columns about a dimension end so; the dimension's own name is what stands before.
_ENDINGS = ("_NAME", "_CODE", "_TYPE", "_TYPECODE", "_SORTORDER")
_NOT_DIMENSIONS = frozenset(
    {"DATE", "GEOGRAPHY", "MEASURES", "OBS_VALUE", "OBS_STATUS", "OBS_CONF", "URN", "RECORD_OFFSET", "RECORD_COUNT"}
)
#: Numbers and names of measures; others narrow what is measured.
_MEASURES = {
    "20599": "value",
    "20100": "value",
    "21001": "numerator",
    "21002": "denominator",
    "21003": "confidence",
    "variable": "value",
    "value": "value",
    "rate": "value",
    "numerator": "numerator",
    "denominator": "denominator",
    "confidence": "confidence",
}
#: Columns of the surveys, whose dates without a name are the last month of twelve.
_SURVEY = frozenset({"VARIABLE", "VARIABLE_NAME", "CELL", "CELL_NAME"})
_AGAIN = "Download it again from Nomis, without “rows”, “cols” and a selection of columns."


def is_header(cells: list[str]) -> bool:
    """Whether ``cells`` are the headings of a file of this shape, whole or in part."""
    names = {cell.upper() for cell in cells}
    return "OBS_VALUE" in names or len(names & {"DATE_NAME", "GEOGRAPHY_NAME", "GEOGRAPHY_CODE", "MEASURES_NAME"}) > 1


def read(rows: Iterator[Row], problems: Problems) -> Iterator[Record]:
    """Each row as a record. Notes a file that is cut off, by the number of rows it says it has."""
    line, header = next(rows)
    columns = _columns(header, line)
    dimensions = _dimensions(columns)
    date = columns.get("DATE_NAME", columns.get("DATE", 0))
    date_only = "DATE_NAME" not in columns and bool(_SURVEY & set(columns))
    measure = columns.get("MEASURES", columns.get("MEASURES_NAME"))
    measure_name = columns.get("MEASURES_NAME", measure)
    said, count = 0, 0
    for line, cells in rows:
        if not cells or cells == header:
            continue
        count += 1
        if not check_width(cells, header, line, problems):
            continue
        said = max(said, _whole(cells[columns["RECORD_COUNT"]]) if "RECORD_COUNT" in columns else 0)
        names = meaningful([cells[place] for place in dimensions])
        role = "value"
        if measure is not None and measure_name is not None:
            role = _MEASURES.get(cells[measure].lower()) or _MEASURES.get(cells[measure_name].lower()) or ""
            if not role:
                role, names = "value", (*names, cells[measure_name])
        yield Record(
            line,
            names,
            cells[columns["GEOGRAPHY_CODE"]],
            cells[columns["GEOGRAPHY_NAME"]] if "GEOGRAPHY_NAME" in columns else "",
            f"12 months to {cells[date]}" if date_only and _is_month(cells[date]) else cells[date],
            {role: cells[columns["OBS_VALUE"]]},
            _status(cells, columns),
            "",
            "OBS_VALUE",
        )
    if said > count:
        problems.add(
            Code.TRUNCATED,
            f"The file is cut off. It says that it has {said:,} rows (column RECORD_COUNT). It ends after {count:,}.",
            "Download it again from Nomis. Without an account it gives 25,000 rows at most: choose fewer areas.",
            line,
            "RECORD_COUNT",
        )


def _columns(header: list[str], line: int) -> dict[str, int]:
    names = [cell.upper() for cell in header]
    columns = {name: place for place, name in enumerate(names) if name}
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise RefusedError(Code.COLUMN, f"Several columns are called {', '.join(twice)}.", _AGAIN, line, twice[0])
    missing = [name for name in ("GEOGRAPHY_CODE", "OBS_VALUE") if name not in columns]
    if "DATE" not in columns and "DATE_NAME" not in columns:
        missing.insert(0, "DATE_NAME")
    if "VARIABLE" in columns and "VARIABLE_NAME" not in columns:
        missing.append("VARIABLE_NAME")
    if missing:
        raise RefusedError(
            Code.COLUMN, f"These columns are missing: {', '.join(missing)}.", _AGAIN, line, ", ".join(missing)
        )
    return columns


def _dimensions(columns: dict[str, int]) -> list[int]:
    """The columns that say what is measured: of each dimension its name, or its number where that is all there is."""
    found: dict[str, int] = {}
    for name, place in columns.items():
        base = next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)
        if base in _NOT_DIMENSIONS or name in _NOT_DIMENSIONS or name.startswith("DATE_"):
            continue
        if name == f"{base}_NAME" or (name == base and f"{base}_NAME" not in columns):
            found[base] = place
    return list(found.values())


def _status(cells: list[str], columns: dict[str, int]) -> str:
    """The mark of the source; empty for a normal value."""
    status = cells[columns["OBS_STATUS"]] if "OBS_STATUS" in columns else ""
    return "" if status.upper() in ("A", "") else status


def _is_month(text: str) -> bool:
    return len(text) == 7 and text[4] == "-"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


SHAPE = Shape("F1", "Download from the API of Nomis", read)
