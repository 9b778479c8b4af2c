"""F4: the layout of Open SDG sites: the year first, the value last, and what narrows it between them."""

from collections.abc import Iterator

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.problems import Code, Problems, RefusedError
from nelis.evidence.imports.records import Record, Shape, header_name, meaningful
from nelis.evidence.imports.shapes.widths import check_width

_AREA_CODES = ("geocode", "geo code", "area code")
_AREA_NAMES = ("region", "country", "local authority", "area")
_UNITS = ("units", "unit", "unit measure")
_STATUS = ("observation status",)
#: Say something of the value, and not what is measured.
_ASIDE = (*_UNITS, *_STATUS, "unit multiplier")
_NORMAL = ("normal value", "undefined", "")


def is_header(cells: list[str]) -> bool:
    """Whether ``cells`` are the headings of a file of this shape."""
    names = [header_name(cell) for cell in cells]
    return len(names) > 2 and names[0] == "year" and names[-1] == "value"


def read(rows: Iterator[Row], problems: Problems) -> Iterator[Record]:
    """Each row as a record. A blank in what narrows it stands for the total, and a blank area for the whole country."""
    line, header = next(rows)
    names = [header_name(cell) for cell in header]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RefusedError(
            Code.COLUMN, f"Several columns are called “{twice[0]}”.", "Give each column a name of its own.", line
        )
    code = _find(names, _AREA_CODES)
    places = [place for place, name in enumerate(names) if name in _AREA_NAMES]
    unit, status = _find(names, _UNITS), _find(names, _STATUS)
    aside = {0, len(names) - 1, code, *places, *(place for place, name in enumerate(names) if name in _ASIDE)}
    dimensions = [place for place in range(len(names)) if place not in aside]
    for line, cells in rows:
        if not cells or not check_width(cells, header, line, problems):
            continue
        flag = cells[status] if status is not None else ""
        area = [cells[place] for place in places if cells[place]]
        yield Record(
            line,
            meaningful([cells[place] for place in dimensions]),
            cells[code] if code is not None else "",
            area[-1] if area else "",
            cells[0],
            {"value": cells[len(header) - 1]},
            "" if flag.lower() in _NORMAL else flag,
            cells[unit] if unit is not None else "",
            header[-1],
        )


def _find(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((place for place, name in enumerate(names) if name in wanted), None)


SHAPE = Shape("F4", "File of an Open SDG site", read)
