"""The charts of targets: one for the page, as at any day, and a small one for lists."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from nelis.core.charts import Chart, Table
from nelis.core.charts.plot import Axes, Label, Mark, Place, Side, plot_chart, small_plot
from nelis.core.charts.plot import Kind as MarkKind
from nelis.progress import pace
from nelis.progress.chart_tables import gap_table, statement_table
from nelis.progress.models import TargetPage
from nelis.progress.readings import Reading
from nelis.progress.record import TargetRecord
from nelis.progress.series_history import Measurement
from nelis.progress.units import gap_amount
from nelis.progress.wording import aim, finding, measured, target_in_words, verdict

Kind = TargetPage.Kind


def target_chart(record: TargetRecord) -> Chart:
    """The chart of a target’s page: what was reached, the path needed, the aim, and how sure each figure is."""
    name = f"target-{record.target.ref.lower()}" + (f"-{record.until:%Y-%m-%d}" if record.until else "")
    marks, labels, axes = _plot(record)
    return plot_chart(
        name,
        finding(record),
        _summary(record),
        _table(record),
        marks,
        labels,
        axes,
        is_public=True,
        subtitle=measured(record),
    )


def small_chart(record: TargetRecord) -> Chart:
    """The same in small, for the list of targets and the home page. All of them share one axis of years."""
    marks, labels, axes = _plot(record, record.target.baseline_year)
    title = f"{record.target.ref} {record.target.title}"
    name = f"target-{record.target.ref.lower()}-small"
    return small_plot(name, title, verdict(record), _table(record), marks, labels, axes)


def _summary(record: TargetRecord) -> str:
    """What the drawing shows, in a sentence: the first, the highest, the lowest and the last figure."""
    found = [
        reading
        for reading in record.readings
        if reading.value is not None and reading.at and not (_shows_gaps(record) and _is_gone(reading))
    ]
    if not found:
        return "No figure is held."
    by_value = sorted(found, key=lambda reading: reading.value or 0)
    named = {"first": found[0], "highest": by_value[-1], "lowest": by_value[0], "last": found[-1]}
    names: dict[str, list[str]] = {}
    for name, reading in named.items():
        names.setdefault(f"{reading.figure} ({reading.caption})", []).append(name)
    parts = [f"{' and '.join(which)} {figure}" for figure, which in names.items()]
    listed = f"{len(found)} figures: {'; '.join(parts)}" if len(found) > 1 else f"One figure: {next(iter(names))}"
    return f"{listed}. The aim was to {aim(record.target)}."


def _table(record: TargetRecord) -> Table:
    return gap_table(record) if _shows_gaps(record) else statement_table(record)


def _shows_gaps(record: TargetRecord) -> bool:
    """Whether sizes of the gap are held, and not only how much of it has gone."""
    return bool(record.measurements) or bool(record.stated_starts and record.target.comparator_id)


def _plot(record: TargetRecord, since: int | None = None) -> tuple[list[Mark], list[Label], Axes]:
    if record.target.target_kind == Kind.GAP_REDUCTION:
        return _gap_plot(record, since) if _shows_gaps(record) else _gone_plot(record, since)
    return _gain_plot(record, since)


# --- What was added, or which part of it ----------------------------------------------------------------------------


def _gain_plot(record: TargetRecord, since: int | None) -> tuple[list[Mark], list[Label], Axes]:
    target = record.target
    wanted = float(target.target_value)
    first, last = _years(record, since)
    readings = [reading for reading in record.readings if reading.value is not None and reading.at]
    marks = []
    if target.target_kind == Kind.LEVEL_GAIN and target.baseline_year:
        marks += _needed(target, wanted)
    marks += [Mark("goal", [Place(first, wanted), Place(last, wanted)]), *_reading_marks(readings)]
    # Beside the line, on the side where fewer figures stand.
    side: Side = "under" if sum(float(item.value or 0) > wanted for item in readings) * 2 > len(readings) else "on"
    goal = Label(first, wanted, f"Aim: {target_in_words(target)}", side, bold=True, main=True)
    highest = max([wanted, *(float(reading.value or 0) for reading in readings)]) * 1.12
    axes = Axes(first, last, 0, highest)
    return marks, [goal, *_reading_labels(readings, axes, [goal])], axes


def _needed(target: TargetPage, wanted: float) -> list[Mark]:
    """The pace that was needed: a band, as start and deadline are years without months."""
    start, deadline = pace.year_span(target.baseline_year or 0), pace.year_span(target.deadline_year)

    def due(day: date, begin: date, end: date) -> float:
        return wanted * min(max((day - begin) / (end - begin), 0), 1)

    band = [
        Place(day, low=due(day, start[1], deadline[1]), high=due(day, start[0], deadline[0]))
        for day in (start[0], start[1], deadline[0], deadline[1])
    ]
    paths = [Mark("path", [Place(begin, 0), Place(end, wanted)]) for begin, end in zip(start, deadline, strict=True)]
    return [Mark("band", band), *paths]


# --- The size of a gap ----------------------------------------------------------------------------------------------


def _gap_plot(record: TargetRecord, since: int | None) -> tuple[list[Mark], list[Label], Axes]:
    target, unit = record.target, record.target.unit_of_measure
    first, last = _years(record, since)
    readings = [
        reading for reading in record.readings if reading.value is not None and reading.at and not _is_gone(reading)
    ]
    newest = {reading.at: reading for reading in readings}
    series = [item for item in record.measurements if item.gap]
    starts = _starts(record)
    marks = [*_earlier_releases(record), *_other_treatments(record)]
    if len(starts) > 1:
        low, high = float(min(value for _day, value in starts)), float(max(value for _day, value in starts))
        marks.append(Mark("band", [Place(day, low=low, high=high) for day in (first, last)]))
    left = float(1 - target.target_value / 100)
    end = date(target.deadline_year, 7, 1)
    for begin, value in starts:
        marks.append(Mark("path", [Place(max(begin, first), float(value)), Place(end, float(value) * left)]))
    aims = sorted({float(value) * left for _day, value in starts})
    marks += [Mark("goal", [Place(first, aim), Place(last, aim)]) for aim in aims[-1:]]
    if not any(item.gap and item.gap.margin for item in series):
        marks.append(Mark("line", [Place(_middle(item), float(item.gap.value)) for item in series if item.gap]))
    opened = [
        Place(date(item.period_end_to.year, 7, 1), float(item.value))
        for item in record.stated_starts
        if item.value is not None and item.period_end_to
    ]
    marks += [Mark("open", opened), *_reading_marks(newest.values(), middle=True)]
    values = [float(item.value or 0) + float(item.margin or 0) for item in readings] + [
        float(value) for _day, value in starts
    ]
    values += [float(item.gap.value) for found in record.other_measurements.values() for item in found if item.gap]
    lowest = min([0.0, *(float(item.value or 0) - float(item.margin or 0) for item in readings)])
    axes = Axes(first, last, lowest, max(values, default=1) * 1.15)
    labels = []
    if aims:
        words = (
            "Aim: no gap"
            if left == 0
            else f"Aim: {gap_amount(Decimal(str(aims[-1])), unit)}" + (" or less" if len(aims) > 1 else "")
        )
        labels.append(Label(first, aims[-1], words, "under" if left else "on", bold=True, main=True))
    labels += [
        Label(place.day, place.value, gap_amount(Decimal(str(place.value)), unit).removesuffix(" points"), "above")
        for place in opened
    ]
    if not opened and starts:
        day, value = starts[0]
        labels.append(Label(day, float(value), gap_amount(value, unit), "below"))
    marks = [Mark(mark.kind, [place for place in mark.places if place.day >= first]) for mark in marks]
    labels += _reading_labels(newest.values(), axes, labels, middle=True)
    return marks, [label for label in labels if label.day >= first], axes


def _starts(record: TargetRecord) -> list[tuple[date, Decimal]]:
    """The gaps from which the needed path starts, each in the middle of its year."""
    measured = record.start_of(record.measurements)
    if measured and measured.gap:
        return [(_middle(measured), measured.gap.value)]
    return [
        (date(item.period_end_to.year, 7, 1), item.value)
        for item in record.stated_starts
        if item.value is not None and item.period_end_to
    ]


def _earlier_releases(record: TargetRecord) -> list[Mark]:
    """The same series as earlier releases gave it, faint behind the latest."""
    if record.history is None:
        return []
    releases = [item for item in record.history.releases if not record.until or item.released_on <= record.until][:-1]
    lines = [record.history.measure(release=release) for release in releases]
    # Points with margins are not joined.
    kind: MarkKind = "faint" if record.smallest_margin else "thin"
    return [Mark(kind, [Place(_middle(item), float(item.gap.value)) for item in line if item.gap]) for line in lines]


def _other_treatments(record: TargetRecord) -> list[Mark]:
    """The same indicator treated in another way, such as smoothed."""
    return [
        Mark("second", [Place(_middle(item), float(item.gap.value)) for item in found if item.gap])
        for found in record.other_measurements.values()
    ]


# --- How much of a gap has gone, where its size isn’t held ------------------------------------------------------------


def _gone_plot(record: TargetRecord, since: int | None) -> tuple[list[Mark], list[Label], Axes]:
    target = record.target
    wanted = float(target.target_value)
    first, last = _years(record, since)
    readings = [reading for reading in record.readings if reading.value is not None and reading.at]
    marks = [
        Mark("path", [Place(day, 0) for day in (first, last)]),
        Mark("goal", [Place(day, wanted) for day in (first, last)]),
    ]
    for reading in readings:
        begin = (reading.start or pace.year_span(target.baseline_year or first.year))[0].replace(month=7)
        if reading.at and reading.at[1] > begin:
            marks.append(Mark("second", [Place(begin, 0), Place(reading.at[1], float(reading.value or 0))]))
    marks += _reading_marks(readings)
    lowest = min([0.0, *(float(reading.value or 0) for reading in readings)]) - wanted * 0.2
    axes = Axes(first, last, lowest, wanted * 1.2)
    goal = Label(first, wanted, f"Aim: {target_in_words(target)} gone", "on", bold=True, main=True)
    return marks, [goal, *_reading_labels(readings, axes, [goal])], axes


# --- What they share --------------------------------------------------------------------------------------------------


def _is_gone(reading: Reading) -> bool:
    return reading.statement is not None and reading.statement.measure == reading.statement.Measure.GAP_GONE


def _reading_marks(readings: Iterable[Reading], middle: bool = False) -> list[Mark]:
    """Dots for figures with their period, open ones for what is inferred, ranges where the period isn’t stated."""
    found = list(readings)
    exact = [item for item in found if item.at and item.at[0] == item.at[1]]
    ranged = [item for item in found if item.at and item.at[0] != item.at[1]]
    whiskers = [
        Place(_day(item, middle), low=float(item.value - item.margin), high=float(item.value + item.margin))
        for item in exact
        if item.value is not None and item.margin
    ]
    return [
        Mark("whiskers", whiskers),
        Mark("dots", [Place(_day(item, middle), float(item.value or 0)) for item in exact if not item.is_inferred]),
        Mark("open", [Place(_day(item, middle), float(item.value or 0)) for item in exact if item.is_inferred]),
        Mark("span", [Place(item.at[0], float(item.value or 0), to=item.at[1]) for item in ranged if item.at]),
    ]


def _reading_labels(readings: Iterable[Reading], axes: Axes, taken: list[Label], middle: bool = False) -> list[Label]:
    """The figures beside their dots: the last, the first, the highest and the lowest first, where there is room."""
    found = [item for item in readings if item.value is not None and item.at]
    if not found:
        return []
    by_value = sorted(found, key=lambda item: item.value or 0)
    labels: list[Label] = []
    for item in (found[-1], found[0], by_value[-1], by_value[0], *found):
        day, value = _day(item, middle), float(item.value or 0)
        side: Side = "above"
        if item.at and item.at[0] != item.at[1]:
            day, side = item.at[0], "left"
        elif value < (axes.lowest + axes.highest) / 3:
            side = "below" if value > axes.lowest + (axes.highest - axes.lowest) / 6 else "above"
        if item.margin:
            value, side = value + float(item.margin), "above"
        is_last = item is found[-1]
        # The unit stands in the line under the title, and at the last figure.
        text = _label_text(item) if is_last else _label_text(item).removesuffix(" points")
        label = Label(day, value, text, side, bold=is_last, main=is_last)
        if not any(_touch(label, other, axes) for other in [*labels, *taken]):
            labels.append(label)
    return labels


def _label_text(reading: Reading) -> str:
    """The figure; of a gap that widened, with the word."""
    return f"{reading.figure} wider" if _is_gone(reading) and (reading.value or 0) < 0 else reading.figure


def _touch(one: Label, other: Label, axes: Axes) -> bool:
    """Whether two labels would run into one another."""
    across = abs((one.day - other.day) / (axes.last - axes.first))
    up = abs(one.value - other.value) / (axes.highest - axes.lowest)
    return across < 0.16 and up < 0.14


def _day(reading: Reading, middle: bool) -> date:
    """Where a reading stands: at the end of its period, or in the middle where all are periods of twelve months."""
    end = reading.at[1] if reading.at else date.min
    return end - timedelta(183) if middle else end


def _middle(measurement: Measurement) -> date:
    return measurement.area.period_end - timedelta(183)


def _years(record: TargetRecord, since: int | None) -> tuple[date, date]:
    """The first day and the last of the axis of years, from the year ``since`` or the first there is."""
    target = record.target
    if since:
        return date(since, 1, 1), date(target.deadline_year + 1, 1, 1)
    years = [item.area.period_start.year for item in record.measurements]
    years += [item.period_end_from.year for item in record.stated_starts if item.period_end_from]
    first = min([target.baseline_year or target.deadline_year, *years])
    return date(first, 1, 1), date(target.deadline_year + 1, 1, 1)
