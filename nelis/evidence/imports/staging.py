"""Values on their way from a file to the database, in a temporary file, so that a long file takes no more memory."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

_FIELDS = ("value", "numerator", "denominator", "lower", "upper", "flag")
#: A key of a value: the number of the group it belongs to, the area, and the first and last day.
Key = tuple[int, str, str, str]

_SCHEMA = """
CREATE TABLE staged (
    grp INTEGER, area TEXT, first TEXT, last TEXT, label TEXT,
    value TEXT, numerator TEXT, denominator TEXT, confidence TEXT, lower TEXT, upper TEXT, flag TEXT, line INTEGER,
    PRIMARY KEY (grp, area, first, last)
) WITHOUT ROWID;
CREATE TABLE held (
    grp INTEGER, area TEXT, first TEXT, last TEXT,
    value TEXT, numerator TEXT, denominator TEXT, lower TEXT, upper TEXT, flag TEXT,
    PRIMARY KEY (grp, area, first, last)
) WITHOUT ROWID;
"""
_MEASURES = ("value", "numerator", "denominator", "confidence", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Staged:
    """One value as it would be held, and as it is: ``held`` is None for a new one."""

    group: int
    area: str
    first: date
    last: date
    label: str
    values: dict[str, Decimal | None]
    flag: str
    line: int
    held: dict[str, Decimal | None] | None = None


class Staging:
    """A temporary table of values. Use it in a ``with`` statement, which deletes it at the end."""

    def __init__(self) -> None:
        # An empty name is a temporary file that goes when the connection does.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;{_SCHEMA}"
        )
        self._connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def add(self, key: Key, label: str, values: dict[str, str], flag: str, line: int) -> int | None:
        """Add a value, or a further measure of one. Returns the line of one that says the same already, else None."""
        cells = [values.get(name) for name in _MEASURES]
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO staged VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", (*key, label, *cells, flag, line)
        )
        if cursor.rowcount:
            return None
        row = self._connection.execute(
            f"SELECT line, {', '.join(_MEASURES)} FROM staged WHERE grp=? AND area=? AND first=? AND last=?",  # noqa: S608 - names of ours
            key,
        ).fetchone()
        held = dict(zip(_MEASURES, row[1:], strict=True))
        if any(held[name] is not None for name in values):
            return int(row[0])
        changed = ", ".join(f"{name}=?" for name in values)
        self._connection.execute(
            f"UPDATE staged SET {changed}, flag=CASE flag WHEN '' THEN ? ELSE flag END "  # noqa: S608 - names of ours
            "WHERE grp=? AND area=? AND first=? AND last=?",
            (*values.values(), flag, *key),
        )
        return None

    def hold(self, key: Key, values: dict[str, Any]) -> None:
        """Note what is held for a key, in place of what an earlier release said."""
        self._connection.execute(
            "INSERT OR REPLACE INTO held VALUES (?,?,?,?,?,?,?,?,?,?)",
            (*key, *(None if values[name] is None else str(values[name]) for name in _FIELDS)),
        )

    def forget_held(self) -> None:
        """Empty what was noted as held."""
        self._connection.execute("DELETE FROM held")

    def forget_areas(self, groups: list[int], areas: list[str]) -> None:
        """Leave out the values of ``areas``, and those of ``groups``."""
        self._connection.executemany("DELETE FROM staged WHERE area=?", [(area,) for area in areas])
        self._connection.executemany("DELETE FROM staged WHERE grp=?", [(group,) for group in groups])

    @property
    def count(self) -> int:
        """How many values there are."""
        return int(self._connection.execute("SELECT COUNT(*) FROM staged").fetchone()[0])

    def series(self) -> list[tuple[int, str, str, str]]:
        """Group and area of each series there are values for, with the first day and the last."""
        return self._connection.execute(
            "SELECT grp, area, MIN(first), MAX(last) FROM staged GROUP BY grp, area ORDER BY grp, area"
        ).fetchall()

    def rows(self) -> Iterator[Staged]:
        """Every value with what is held for it, in the order of series and periods, one at a time."""
        found = self._connection.execute(
            "SELECT s.grp, s.area, s.first, s.last, s.label, s.value, s.numerator, s.denominator, s.confidence, "
            "s.lower, s.upper, s.flag, s.line, h.grp, h.value, h.numerator, h.denominator, h.lower, h.upper "
            "FROM staged s LEFT JOIN held h ON h.grp=s.grp AND h.area=s.area AND h.first=s.first AND h.last=s.last "
            "ORDER BY s.grp, s.area, s.last, s.first"
        )
        for row in found:
            held = dict(zip(_HELD, map(_number, row[14:]), strict=True)) if row[13] is not None else None
            yield Staged(
                row[0],
                row[1],
                date.fromisoformat(row[2]),
                date.fromisoformat(row[3]),
                row[4],
                _with_interval(dict(zip(_MEASURES, map(_number, row[5:11]), strict=True))),
                row[11],
                row[12],
                held,
            )


_HELD = ("value", "numerator", "denominator", "lower", "upper")


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _with_interval(values: dict[str, Decimal | None]) -> dict[str, Decimal | None]:
    """The ends of the interval where a file gives the half of its width."""
    half, value = values.pop("confidence"), values["value"]
    if half is not None and value is not None and values["lower"] is None and values["upper"] is None:
        values["lower"], values["upper"] = value - half, value + half
    return values
