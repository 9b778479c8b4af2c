"""F3: the “v4” files of the Office for National Statistics: the value first, then pairs of a code and a label."""

import re
from collections.abc import Iterator

from nelis.evidence.imports.decoding import Row
from nelis.evidence.imports.problems import Code, Problems, RefusedError
from nelis.evidence.imports.records import Record, Shape, header_name, meaningful
from nelis.evidence.imports.shapes.widths import check_width

_FIRST = re.compile(r"v4_(\d+)", re.IGNORECASE)
_TIMES = ("time", "year", "month", "quarter", "mmm-yy", "yyyy")
_PLACES = ("geograph", "uk-only", "area")
_MARKINGS = ("data marking", "data marker", "marking", "observation status")
_LOWER = ("lower", "lci")
_UPPER = ("upper", "uci")
_AGAIN = "Download it again from the Office for National Statistics, with all its columns."


def is_header(cells: list[str]) -> bool:
    """Whether ``cells`` are the headings of a file of this shape."""
    return bool(cells) and bool(_FIRST.fullmatch(cells[0]))


def read(rows: Iterator[Row], problems: Problems) -> Iterator[Record]:
    """Each row as a record. Columns are read by their place: their names may be the same."""
    line, header = next(rows)
    match = _FIRST.fullmatch(header[0])
    extra = int(match[1]) if match else 0
    first = 1 + extra
    pairs = [(place, place + 1) for place in range(first, len(header) - 1, 2)]
    if extra > len(header) or (len(header) - first) % 2 or not pairs:
        raise RefusedError(
            Code.COLUMN,
            "After the value and its notes, the columns of such a file are pairs of code and label. One is missing.",
            _AGAIN,
            line,
        )
    time, place = _pair(header, pairs, _TIMES), _pair(header, pairs, _PLACES)
    if time is None:
        raise RefusedError(Code.COLUMN, "No column gives the period.", _AGAIN, line, "Time")
    notes = {place_: header_name(header[place_]) for place_ in range(1, first)}
    others = [pair for pair in pairs if pair not in (time, place)]
    codes: dict[tuple[int, str], str] = {}
    for line, cells in rows:
        if not cells or not check_width(cells, header, line, problems):
            continue
        values = {"value": cells[0]}
        flag = ""
        for column, name in notes.items():
            if name.startswith(_MARKINGS):
                flag = cells[column]
            elif any(word in name for word in _LOWER):
                values["lower"] = cells[column]
            elif any(word in name for word in _UPPER):
                values["upper"] = cells[column]
        yield Record(
            line,
            meaningful([_name(cells, pair, codes) for pair in others]),
            cells[place[0]] if place else "",
            cells[place[1]] if place else "",
            _period(cells[time[0]], cells[time[1]]),
            values,
            flag,
            "",
            header[0],
        )


def _name(cells: list[str], pair: tuple[int, int], codes: dict[tuple[int, str], str]) -> str:
    """The label of a pair; with its code, where another code has had the same label. ``codes`` are those met so far."""
    code, label = cells[pair[0]], cells[pair[1]] or cells[pair[0]]
    return label if codes.setdefault((pair[1], label), code) == code else f"{label} ({code})"


def _pair(header: list[str], pairs: list[tuple[int, int]], words: tuple[str, ...]) -> tuple[int, int] | None:
    """The first pair one of whose names has one of ``words``; the first words are the surest."""
    for word in words:
        for code, label in pairs:
            if word in header_name(header[code]) or word in header_name(header[label]):
                return code, label
    return None


def _period(code: str, label: str) -> str:
    """Of a pair, the one that is a period: in some files the first is only its kind, such as “Month”."""
    return label if any(character.isdigit() for character in label) else code


SHAPE = Shape("F3", "“v4” file of the Office for National Statistics", read)
