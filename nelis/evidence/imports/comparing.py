"""What a file would change: each of its values new, revised or unchanged against what is held."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nelis.evidence.imports.problems import Code, Problems
from nelis.evidence.imports.reading import Group, Reading
from nelis.evidence.imports.staging import Staged
from nelis.evidence.models import Series
from nelis.evidence.models.series_points import standing_observations

#: A revision by more than this share of the held value is named as a warning.
NOTABLE_REVISION = Decimal("0.05")
#: So many of the first, the new and the revised values are shown.
SHOWN = 20
_MEASURES = ("value", "numerator", "denominator", "lower", "upper")
#: What files call the units that we keep.
_UNITS = {
    "percent": {"%", "percentage", "percentage (%)", "percent", "per cent"},
    "gbp": {"£", "pounds", "gbp"},
    "gbp_per_hour": {"£", "pounds", "gbp", "£ per hour"},
    "gbp_million": {"£ million", "£m", "pounds (millions)"},
    "gbp_billion": {"£ billion", "£bn"},
    "number": {"count", "number", "persons", "people", "jobs", "thousand"},
    "jobs_per_head": {"ratio", "rate", "jobs per head"},
}


@dataclass(slots=True)
class Comparison:
    """How many values are new, revised and unchanged, and some of each to show."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    first: list[Staged] = field(default_factory=list)
    new_ones: list[Staged] = field(default_factory=list)
    revised_ones: list[Staged] = field(default_factory=list)
    #: Of every value with what is held for it. Another one means that something else would be approved than was seen.
    signature: str = ""

    @property
    def changes(self) -> int:
        return self.new + self.revised

    @property
    def total(self) -> int:
        return self.changes + self.unchanged


def compare(reading: Reading) -> Comparison:
    """Compare the staged values with those held. Notes values out of bounds, wrong units and notable revisions."""
    groups = {group.number: group for group in reading.groups.values()}
    _check_units(groups.values(), reading.problems)
    _note_held(reading, groups)
    comparison = Comparison()
    seen = hashlib.sha256()
    for staged in reading.staging.rows():
        group = groups[staged.group]
        _check_bounds(staged, group, reading.problems)
        code = group.indicator.code if group.indicator is not None else ""
        seen.update(f"{code} {staged.area} {staged.first} {staged.last} {staged.values} {staged.held}\n".encode())
        if len(comparison.first) < SHOWN:
            comparison.first.append(staged)
        if staged.held is None:
            comparison.new += 1
            if len(comparison.new_ones) < SHOWN:
                comparison.new_ones.append(staged)
        elif is_revised(staged):
            comparison.revised += 1
            if len(comparison.revised_ones) < SHOWN:
                comparison.revised_ones.append(staged)
            _note_revision(staged, group, reading.problems)
        else:
            comparison.unchanged += 1
    comparison.signature = seen.hexdigest()
    return comparison


def is_revised(staged: Staged) -> bool:
    """Whether the file gives another number than is held. What it doesn't give revises nothing."""
    held = staged.held or {}
    given = {name: number for name, number in staged.values.items() if number is not None or name == "value"}
    return any(held.get(name) != number for name, number in given.items())


def held_series(reading: Reading) -> dict[tuple[int, str], Series | None]:
    """The series that the values of each group and area belong to; None where there is none yet."""
    groups = {group.number: group for group in reading.groups.values() if group.indicator is not None}
    by_kind: dict[tuple[int, str, str], list[Series]] = {}
    wanted = {group.indicator.pk for group in groups.values()}
    for series in Series.objects.filter(indicator__in=wanted, origin=Series.Origin.SUPPLIED).select_related("area"):
        by_kind.setdefault((series.indicator_id, series.area.code, series.treatment), []).append(series)
    found: dict[tuple[int, str], Series | None] = {}
    frequency = find_frequency(reading)
    for number, area, _first, _last in reading.staging.series():
        if number in groups:
            group = groups[number]
            alike = by_kind.get((group.indicator.pk, area, group.treatment), [])
            same = [series for series in alike if series.frequency == frequency]
            found[number, area] = next(iter(same or alike), None)
    return found


def find_frequency(reading: Reading) -> str:
    """How often the figures of a file come, by its periods."""
    kinds = {period.frequency for period in reading.periods.values()}
    if len(kinds) == 1:
        frequency = kinds.pop()
        starts = {period.start.month for period in reading.periods.values()}
        return "yearly" if frequency == "rolling" and len(starts) == 1 else frequency
    return "rolling" if kinds == {"rolling", "yearly"} else "irregular"


def _note_held(reading: Reading, groups: dict[int, Group]) -> None:
    """Put what is held beside the staged values, one row at a time: the newest release last, so that it counts."""
    reading.staging.forget_held()
    by_series: dict[int, tuple[int, str]] = {}
    for place, series in held_series(reading).items():
        if series is not None:
            by_series[series.pk] = place
    if not by_series:
        return
    fields = ("series_id", "period_start", "period_end", *_MEASURES, "status_flag")
    for row in standing_observations(by_series).values(*fields).iterator(chunk_size=2000):
        group, area = by_series[row["series_id"]]
        values = {name: row[name] for name in _MEASURES} | {"flag": row["status_flag"]}
        reading.staging.hold((group, area, row["period_start"].isoformat(), row["period_end"].isoformat()), values)


def _check_units(groups: Iterable[Group], problems: Problems) -> None:
    for group in groups:
        if group.indicator is None or group.left_out or not group.unit:
            continue
        given = group.unit.lower().strip()
        known = set().union(*_UNITS.values())
        if given in known and given not in _UNITS.get(group.indicator.unit, known):
            problems.add(
                Code.UNIT,
                f"“{group.label}” is in “{group.unit}”; “{group.indicator.name}” is kept in "
                f"“{group.indicator.get_unit_display()}”.",
                "Choose the indicator that it is, or download the figures in that unit.",
                column="the unit",
            )


def _check_bounds(staged: Staged, group: Group, problems: Problems) -> None:
    value = staged.values["value"]
    if value is None:
        return
    lowest, highest = _bounds(group)
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        limit = f"below {lowest:f}" if lowest is not None and value < lowest else f"above {highest:f}"
        problems.add(
            Code.BOUNDS,
            f"“{group.label}” has values that can’t be: {limit.rstrip('0').rstrip('.') if '.' in limit else limit}.",
            "Look at the row: a decimal point may be lost, or a column be in the place of another.",
            staged.line,
            "the value",
        )


def _bounds(group: Group) -> tuple[Any, Any]:
    if group.indicator is not None:
        return group.indicator.lowest, group.indicator.highest
    label = group.label.lower()
    is_rate = group.unit.startswith(("%", "Percentage")) and " rate" in f" {label}"
    return (Decimal(0), Decimal(100)) if is_rate and "growth" not in label and "change" not in label else (None, None)


def _note_revision(staged: Staged, group: Group, problems: Problems) -> None:
    before, now = (staged.held or {}).get("value"), staged.values["value"]
    if before is None or now is None or before == now:
        return
    if abs(now - before) > NOTABLE_REVISION * abs(before):
        problems.add(
            Code.REVISION,
            f"Earlier figures of “{group.label}” change by more than {NOTABLE_REVISION:.0%}.",
            "See whether the source says why. What was held stays, as its own release.",
            staged.line,
            "the value",
        )
