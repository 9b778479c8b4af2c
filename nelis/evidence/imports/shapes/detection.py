"""Which of the shapes a file has: told by its headings, never by its name."""

from collections.abc import Iterator
from itertools import chain, islice

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.problems import Code, RefusedError
from nelis.evidence.imports.records import Shape
from nelis.evidence.imports.shapes import nomis_api, nomis_web, ons_v4, open_sdg, simple
from nelis.evidence.imports.shapes.columns import is_table_header
from nelis.evidence.imports.values import NotANumberError, parse_value

#: So many rows may stand above the headings.
_LOOKED_AT = 60
_KNOWN = (
    "CSV files from Nomis and from the Office for National Statistics can be read, and tables with headings such as "
    "area, period, value."
)


def detect_shape(rows: Iterator[Row]) -> tuple[Shape, Iterator[Row]]:
    """The shape of the file, and its rows from the one it begins with. Raises RefusedError for an unknown one."""
    start = list(islice(rows, _LOOKED_AT))
    for place, (_line, cells) in enumerate(start):
        if not cells:
            continue
        if nomis_web.is_marked(cells):
            return nomis_web.SHAPE, chain(start, rows)
        for shape, is_header in (
            (nomis_api.SHAPE, nomis_api.is_header),
            (ons_v4.SHAPE, ons_v4.is_header),
            (open_sdg.SHAPE, open_sdg.is_header),
        ):
            if is_header(cells):
                return shape, chain(start[place:], rows)
        if is_table_header(cells):
            return simple.SHAPE, chain(start, rows)
    raise _unknown(start)


def _unknown(start: list[Row]) -> RefusedError:
    line, cells = next(((line, cells) for line, cells in start if cells), (1, [""]))
    if len(cells) > 1 and any(_is_number(cell) for cell in cells[1:]):
        return RefusedError(
            Code.SHAPE,
            "The headings are missing: the file begins with figures.",
            f"Download it again, with its first lines. {_KNOWN}",
            line,
        )
    if all(len(cells) < 2 for _line, cells in start):
        return RefusedError(
            Code.SHAPE, "This is no table: its rows have one cell each.", f"Save it as CSV. {_KNOWN}", line
        )
    return RefusedError(
        Code.SHAPE,
        "No row of headings that is known was found.",
        f"{_KNOWN} The file begins with “{', '.join(cells)[:80]}”.",
        line,
    )


def _is_number(text: str) -> bool:
    try:
        return parse_value(text).number is not None
    except NotANumberError:
        return False
