"""How a figure reads: its number, unit and qualifier composed, and the drawing of its share or range.

Pure functions over anything with a statistic's fields, so that templates, search and feeds say the
same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import TextChoices

from nelis.core import svg_geometry

NOT_HELD = "Figure not held"

_EN_DASH = "–"
_BEFORE = {"gbp": "£", "gbp_per_hour": "£", "gbp_million": "£", "gbp_billion": "£"}
_AFTER = {
    "percent": "%",
    "percentage_points": " points",
    "gbp_per_hour": " an hour",
    "gbp_million": "m",
    "gbp_billion": "bn",
    "jobs_per_head": " jobs a head",
}
_QUALIFIER = {"over": "over", "up_to": "up to", "about": "about"}
#: Longer than this, and three figures beside each other would run into one another.
_WIDE = 8
#: Words are set smaller, and wrap.
_WIDE_WORDS = 24


class Unit(TextChoices):
    """What a number counts in."""

    NUMBER = "number", "a count"
    PERCENT = "percent", "per cent"
    PERCENTAGE_POINTS = "percentage_points", "percentage points"
    GBP = "gbp", "£"
    GBP_PER_HOUR = "gbp_per_hour", "£ per hour"
    GBP_MILLION = "gbp_million", "£ million"
    GBP_BILLION = "gbp_billion", "£ billion"
    JOBS_PER_HEAD = "jobs_per_head", "jobs per head"
    YEAR = "year", "a year"


class HasFigure(Protocol):
    """The fields of a statistic that its figure is made from."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    unit: str
    whole: Decimal | None
    display_text: str
    status: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share or a range on a ruled line: ``start`` and ``end`` run from 0 to 100.

    ``scale_from`` and ``scale_to`` are the words at the ends of the line, empty when they would
    say no more than the figure does. ``pieces`` are the other parts of a line cut in pieces.
    """

    start: str
    end: str
    scale_from: str = ""
    scale_to: str = ""
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure taken apart for setting: qualifier, number, unit.

    ``before`` is a word such as "over"; ``main`` the number with its currency sign; ``after`` the
    unit set small; ``text`` the whole as plain text. ``bar`` is None where there is nothing to
    measure against. ``in_words`` is true for a figure that is a phrase.
    """

    before: str
    main: str
    after: str
    text: str
    held: bool
    bar: Bar | None = None
    in_words: bool = False


def format_number(value: Decimal | int | float) -> str:
    """The number as read in Britain: commas between thousands, no exponent, no trailing noughts.

    >>> number(Decimal("510000.000000")), number(Decimal("1.280000"))
    ('510,000', '1.28')
    """
    text = f"{Decimal(str(value)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def ordinal(value: Decimal | int) -> tuple[str, str]:
    """A rank as its digits and its ending: 1, "st".

    >>> ordinal(Decimal(1)), ordinal(Decimal(11)), ordinal(Decimal(22))
    (('1', 'st'), ('11', 'th'), ('22', 'nd'))
    """
    whole = int(value)
    ending = "th"
    if whole % 100 not in (11, 12, 13):
        ending = {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole:,}", ending


def format_figure(statistic: HasFigure) -> Figure:
    """The statistic as it is read. A missing one, or one without a value, reads as not held."""
    if statistic.status == "missing":
        return _not_held()
    if statistic.qualifier == "named":
        text = statistic.display_text
        return Figure("", text, "", text, held=True, in_words=True) if text else _not_held()
    if statistic.qualifier == "range":
        if statistic.low is None or statistic.high is None:
            return _not_held()
        return _range(statistic, statistic.low, statistic.high)
    if statistic.value is None:
        return _not_held()
    return _single(statistic, statistic.value)


def _not_held() -> Figure:
    return Figure("", NOT_HELD, "", NOT_HELD, held=False)


def _single(statistic: HasFigure, value: Decimal) -> Figure:
    if statistic.qualifier == "rank":
        digits, ending = ordinal(value)
        return Figure("", digits, ending, digits + ending, held=True)
    if statistic.qualifier == "one_in":
        text = f"1 in {format_number(value)}"
        drawn = svg_geometry.segmented_bar(int(value)) if value == int(value) else None
        bar = Bar(drawn.start, drawn.end, pieces=drawn.pieces) if drawn else None
        return Figure("", text, "", text, held=True, bar=bar)
    before = _QUALIFIER.get(statistic.qualifier, "")
    # A year is a name, not a quantity: no comma.
    main = f"{int(value)}" if statistic.unit == "year" else format_number(value)
    main = _signed(main, statistic.unit)
    after = _AFTER.get(statistic.unit, "")
    text = f"{before} {main}{after}".strip()
    return Figure(before, main, after, text, held=True, bar=_share(statistic, value))


def _signed(digits: str, unit: str) -> str:
    """The digits with their currency sign; a minus goes before the sign."""
    sign = _BEFORE.get(unit, "")
    return f"−{sign}{digits[1:]}" if digits.startswith("-") else f"{sign}{digits}"


def _range(statistic: HasFigure, low: Decimal, high: Decimal) -> Figure:
    sign, unit = _BEFORE.get(statistic.unit, ""), _AFTER.get(statistic.unit, "")
    main = f"{sign}{format_number(low)}{_EN_DASH}{format_number(high)}"
    bar = None
    if drawn := svg_geometry.range_bar(low, high):
        top = f"{sign}{format_number(drawn.top)}{unit}" if drawn.top else ""
        bar = Bar(drawn.start, drawn.end, "0", top)
    return Figure("", main, unit, main + unit, held=True, bar=bar)


def _share(statistic: HasFigure, value: Decimal) -> Bar | None:
    percent = statistic.unit == "percent"
    whole = Decimal(100) if percent else statistic.whole
    drawn = svg_geometry.share_bar(value, whole) if whole else None
    if drawn is None or whole is None:
        return None
    if percent:
        return Bar(drawn.start, drawn.end)
    sign, unit = _BEFORE.get(statistic.unit, ""), _AFTER.get(statistic.unit, "")
    return Bar(drawn.start, drawn.end, "0", f"{sign}{format_number(whole)}{unit}")


# --- a set of figures, laid out in rows ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a set: one statistic, or the rivals for one fact. ``span`` is of six columns."""

    statistics: tuple[Any, ...]
    span: int
    lead: bool = False

    @property
    def disputed(self) -> bool:
        return self.statistics[0].status == "disputed"


def figure_rows(statistics: Iterable[Any], lead: bool = False) -> list[list[Cell]]:
    """Rows of figures in the order given, two or three to a row.

    A list among ``statistics`` is a group of rivals. Rivals for one fact (disputed, with the same
    ``fact_key``) take a row of their own, together, where the first of them stands. With ``lead``
    the first figure is set large, if it is held and short enough. Nobody stands alone in a row
    while two could share it.
    """
    groups: dict[object, list[Any]] = {}
    for item in statistics:
        for statistic in item if isinstance(item, list | tuple) else [item]:
            rival = statistic.status == "disputed" and statistic.fact_key
            groups.setdefault(rival or id(item), []).append(statistic)
    rows: list[list[Cell]] = []
    waiting: list[Any] = []
    for group in groups.values():
        if group[0].status == "disputed":
            rows += _rows(waiting, lead and not rows)
            rows.append([Cell(tuple(group), 6)])
            waiting = []
        else:
            waiting.append(group[0])
    return rows + _rows(waiting, lead and not rows)


def _rows(statistics: Sequence[Any], lead: bool) -> list[list[Cell]]:
    rest = list(statistics)
    rows: list[list[Cell]] = []
    if lead and rest and _can_lead(rest[0]):
        beside = rest[1:2] if len(rest) > 1 and not _wide(rest[1]) else []
        rows.append([Cell((rest[0],), 4, lead=True), *(Cell((statistic,), 2) for statistic in beside)])
        rest = rest[1 + len(beside) :]
    while rest:
        size = 2 if len(rest) in (2, 4) or any(map(_wide, rest[:3])) else 3
        rows.append([Cell((statistic,), 6 // size) for statistic in rest[:size]])
        rest = rest[size:]
    return rows


def _can_lead(statistic: Any) -> bool:
    figure = format_figure(statistic)
    return figure.held and not figure.in_words and not _wide(statistic)


def _wide(statistic: Any) -> bool:
    figure = format_figure(statistic)
    limit = _WIDE_WORDS if figure.in_words else _WIDE
    return figure.held and len(figure.before) + len(figure.main) > limit
