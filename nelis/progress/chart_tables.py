"""The figures behind the charts of targets, as tables."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from nelis.core.charts import Table
from nelis.progress.models import TargetPage
from nelis.progress.readings import Reading
from nelis.progress.record import TargetRecord
from nelis.progress.series_history import Measurement
from nelis.progress.units import amount, gap_amount, number, signed_percent
from nelis.progress.wording import measured, needed_text, pace_text

Kind = TargetPage.Kind


def statement_table(record: TargetRecord) -> Table:
    """Each figure that was stated, with the status by the rule at the end of its period."""
    with_need = record.target.target_kind == Kind.LEVEL_GAIN
    columns = ["Period", "Figure", *(["Needed by then"] if with_need else []), "Pace", "Status then"]
    rows = []
    for reading in record.readings:
        then = _then(record, reading)
        progress = then.progress_of(reading)
        row = [_period(reading), reading.figure]
        if with_need:
            row.append(needed_text(record, progress.elapsed) or number(record.target.target_value))
        row += [pace_text(progress.pace) if progress.pace else "none", str(progress.status)]
        rows.append(row)
    return Table(measured(record), columns, rows)


def _then(record: TargetRecord, reading: Reading) -> TargetRecord:
    """The record on the day at whose end a figure’s period closed; as it is for one whose period isn’t stated."""
    if reading.at is None or reading.at[0] != reading.at[1] or reading.at[1] >= record.day:
        return record
    return record.as_at(reading.at[1])


def gap_table(record: TargetRecord) -> Table:
    """Both levels and the gap, period by period, with its margin, its change, and other treatments beside it."""
    target, unit = record.target, record.target.unit_of_measure
    others = {name: {item.area.period: item for item in found} for name, found in record.other_measurements.items()}
    has_margins = any(item.gap and item.gap.margin for item in record.measurements)
    area = target.series.area.name if target.series else "Here"
    columns = ["Period", area, str(target.comparator), "Gap"]
    columns += ["Margin"] if has_margins else []
    start = record.start_of(record.measurements)
    columns += [f"Since {target.baseline_year}"] if start else []
    for name in others:
        columns += [f"Gap, {name}", f"Since {target.baseline_year}, {name}"]
    rows = [
        *_start_rows(record, len(columns), unit),
        *(_measured_row(record, item, start, others, has_margins) for item in record.measurements if item.gap),
        *_stated_rows(record, len(columns), unit),
    ]
    return Table(measured(record), columns, rows)


def _measured_row(
    record: TargetRecord,
    item: Measurement,
    start: Measurement | None,
    others: dict[str, dict[Any, Measurement]],
    has_margins: bool,
) -> list[Any]:
    unit = record.target.unit_of_measure
    there = item.comparator.value if item.comparator else None
    gap = item.gap
    row = [
        item.area.period_label,
        _level(item.area.value, unit),
        _level(there, unit),
        gap_amount(gap.value, unit) if gap else None,
    ]
    if has_margins:
        row.append(f"±{gap_amount(gap.margin, unit)}" if gap and gap.margin else None)
    if start:
        row.append(_change(item, start))
    for name, found in others.items():
        other = found.get(item.area.period)
        row += (
            [gap_amount(other.gap.value, unit), _change(other, record.start_of(record.other_measurements[name]))]
            if other and other.gap
            else [None, None]
        )
    return row


def _start_rows(record: TargetRecord, width: int, unit: str) -> list[list[Any]]:
    starts = [item for item in record.stated_starts if item.value is not None and record.target.comparator_id]
    return [
        _padded([item.period_text, None, None, gap_amount(item.value or Decimal(0), unit)], width) for item in starts
    ]


def _stated_rows(record: TargetRecord, width: int, unit: str) -> list[list[Any]]:
    """Levels that were stated for periods that the series doesn’t have."""
    rows = []
    for reading in record.readings:
        statement = reading.statement
        if (
            statement is None
            or reading.value is None
            or statement.measure not in (statement.Measure.LEVELS, statement.Measure.GAP)
        ):
            continue
        levels = statement.measure == statement.Measure.LEVELS
        here = statement.value if levels else None
        there = statement.reference_value if levels else None
        row = [statement.period_text, _level(here, unit), _level(there, unit), gap_amount(reading.value, unit)]
        rows.append(_padded(row, width))
    return rows


def _change(item: Measurement, start: Measurement | None) -> str | None:
    if start is None or start.gap is None or item.gap is None or not start.gap.value:
        return None
    return "start" if item.area.period == start.area.period else signed_percent(item.gap.value / start.gap.value - 1)


def _level(value: Decimal | None, unit: str) -> str | None:
    return amount(value, unit) if value is not None else None


def _padded(row: Sequence[Any], width: int) -> list[Any]:
    return [*row, *[None] * (width - len(row))]


def _period(reading: Reading) -> str:
    statement = reading.statement
    return (statement.period_text if statement else reading.caption) or "not stated"
