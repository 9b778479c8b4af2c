"""F5: one table with headings, perhaps some lines above it; a value a row, or periods or areas as columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.periods import parse_period
from nelis.evidence.imports.problems import Code, Problems, RefusedError
from nelis.evidence.imports.records import Record, Shape, header_name, meaningful
from nelis.evidence.imports.shapes.columns import AREA_CODE, is_label, is_table_header, role_of
from nelis.evidence.imports.shapes.widths import check_width
from nelis.evidence.imports.values import NotANumberError, parse_value

#: So many rows are looked at to tell columns of numbers from columns of words.
_LOOKED_AT = 30
_SINGLE_ROLES = ("period", "area_code", "area_name", "indicator", "unit", "flag")
_MEASURE_ROLES = ("value", "numerator", "denominator", "confidence", "lower", "upper")
#: How lines below a table begin that aren't part of it.
_NOTE = re.compile(r"(source|notes?|footnotes?|©|crown copyright|\*|\[|\(|\d+[.)]\s)", re.IGNORECASE)


@dataclass(slots=True)
class _Layout:
    """Which column holds what. ``wide`` are columns of values: the column, and the period, area or name it is for."""

    header: list[str]
    roles: dict[str, int] = field(default_factory=dict)
    dimensions: list[int] = field(default_factory=list)
    wide: list[tuple[int, str]] = field(default_factory=list)
    wide_by: str = ""
    name: str = ""
    period: str = ""


def read(rows: Iterator[Row], problems: Problems) -> Iterator[Record]:
    """Each value as a record. The lines above the table give the period and the indicator where no column does."""
    line, header, above = _find_header(rows)
    ahead = list(islice(rows, _LOOKED_AT))
    layout = _layout(line, header, ahead, above, problems)
    after_blank = False
    for line, cells in chain(ahead, rows):
        if not cells:
            after_blank = True
            continue
        if _is_note(cells, after_blank):
            continue
        if cells != header and check_width(cells, layout.header, line, problems):
            yield from _records(line, [*cells, *[""] * (len(layout.header) - len(cells))], layout)


def _find_header(rows: Iterator[Row]) -> tuple[int, list[str], dict[str, str]]:
    """The headings with the line they are in, and what the lines above say. Years in a row of their own join them."""
    above: dict[str, str] = {}
    before: list[str] = []
    for line, cells in rows:
        if is_table_header(cells):
            while cells and not cells[-1]:
                cells = cells[:-1]
            return line, _with_periods_above(cells, before), above
        if len(cells) > 1 and is_label(cells[0]):
            above[header_name(cells[0])] = cells[1]
        before = cells
    raise RefusedError(Code.SHAPE, "No row of headings was found.")  # pragma: no cover - the shape was told by it


def _with_periods_above(cells: list[str], before: list[str]) -> list[str]:
    names = [header_name(cell) for cell in cells]
    return [
        before[place] if names.count(name) > 1 and place < len(before) and parse_period(before[place]) else cells[place]
        for place, name in enumerate(names)
    ]


def _layout(line: int, header: list[str], ahead: list[Row], above: dict[str, str], problems: Problems) -> _Layout:
    layout = _Layout(header, name=above.get("indicator", ""), period=above.get("date", above.get("period", "")))
    unknown: list[int] = []
    for place, cell in enumerate(header):
        role = role_of(cell)
        if role in (*_SINGLE_ROLES, *_MEASURE_ROLES):
            if role in layout.roles and role in _MEASURE_ROLES:
                raise _same_name(line, header, role, place, layout)
            layout.roles.setdefault(role, place)
        elif role == "dimension":
            layout.dimensions.append(place)
        elif not role:
            unknown.append(place)
    if "value" not in layout.roles:
        _find_values(line, layout, [place for place in unknown if _holds_numbers(place, ahead)])
    taken = {place for place, _name in layout.wide} | set(layout.roles.values())
    passed_over = [header[place] for place in unknown if place not in taken and header[place]]
    if passed_over:
        problems.add(
            Code.READ_AS,
            f"These columns aren’t read: {', '.join(passed_over)}.",
            "They say nothing that is held.",
            line,
        )
    return layout


def _same_name(line: int, header: list[str], role: str, place: int, layout: _Layout) -> RefusedError:
    first = header[layout.roles[role]]
    named = (
        f"called “{first}”" if header_name(first) == header_name(header[place]) else f"“{first}” and “{header[place]}”"
    )
    return RefusedError(Code.COLUMN, f"Two columns give the {role}: {named}.", "Keep one of them.", line, header[place])


def _find_values(line: int, layout: _Layout, numeric: list[int]) -> None:
    """Settle which columns hold the values where none is called so."""
    header = layout.header
    periods = [place for place in numeric if parse_period(header[place])]
    if periods:
        layout.wide, layout.wide_by = [(place, header[place]) for place in periods], "period"
    elif len(numeric) == 1:
        layout.roles["value"] = numeric[0]
        layout.name = header[numeric[0]] or layout.name
    elif not numeric:
        raise RefusedError(
            Code.COLUMN,
            "No column holds numbers.",
            "A table needs a column with the values, called “value”, or one for each year.",
            line,
        )
    else:
        _find_areas(line, layout, numeric)
    twice = sorted({name for _place, name in layout.wide if [other for _, other in layout.wide].count(name) > 1})
    if twice:
        raise RefusedError(
            Code.COLUMN, f"Several columns are called “{twice[0]}”.", "Keep one of them.", line, twice[0]
        )


def _find_areas(line: int, layout: _Layout, numeric: list[int]) -> None:
    """Columns of numbers that are no periods: areas, where each row is a period; otherwise nobody can tell."""
    names = [layout.header[place] for place in numeric]
    alike = max(set(names), key=names.count)
    if names.count(alike) > 1:
        raise RefusedError(
            Code.COLUMN,
            f"{names.count(alike)} columns are all called “{alike}”: the years are missing.",
            "Copy the row with the years above them, too.",
            line,
            alike,
        )
    if "period" in layout.roles and not {"area_code", "area_name"} & set(layout.roles):
        layout.wide, layout.wide_by = [(place, layout.header[place]) for place in numeric], "area"
        return
    raise RefusedError(
        Code.SHAPE,
        f"Several columns hold numbers: {', '.join(f'“{name}”' for name in names[:6])}.",
        "Keep the one with the figures to import, and call it “value”.",
        line,
        names[0],
    )


def _holds_numbers(place: int, ahead: list[Row]) -> bool:
    """Whether most of the cells of a column that aren't empty are numbers."""
    found = [_is_number(cells[place]) for _line, cells in ahead if len(cells) > place and cells[place]]
    return bool(found) and 2 * sum(found) >= len(found)


def _is_number(text: str) -> bool:
    try:
        return parse_value(text).number is not None
    except NotANumberError:
        return False


def _is_note(cells: list[str], after_blank: bool) -> bool:
    """Whether the row is text below the table: one cell with words, after a blank row or begun like a note."""
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and " " in filled[0] and (after_blank or bool(_NOTE.match(filled[0])))


def _records(line: int, cells: list[str], layout: _Layout) -> Iterator[Record]:
    roles = layout.roles

    def cell(role: str) -> str:
        return cells[roles[role]] if role in roles else ""

    code, name = cell("area_code"), cell("area_name")
    if not code and AREA_CODE.fullmatch(name.upper()):
        code, name = name, ""
    first = cell("indicator") or layout.name
    names = meaningful([first, *(cells[place] for place in layout.dimensions)])
    measures = {role: cells[roles[role]] for role in _MEASURE_ROLES if role in roles}
    if not layout.wide:
        column = layout.header[roles["value"]]
        period = cell("period") if "period" in roles else layout.period
        yield Record(line, names, code, name, period, measures, cell("flag"), cell("unit"), column)
        return
    for place, heading in layout.wide:
        period = heading if layout.wide_by == "period" else cell("period")
        if layout.wide_by == "area":
            code, name = (heading, "") if AREA_CODE.fullmatch(heading.upper()) else ("", heading)
        yield Record(line, names, code, name, period, {"value": cells[place]}, "", cell("unit"), heading)


SHAPE = Shape("F5", "Simple table", read)
