"""What a target’s page says in words, from its record: the verdict, the three cells, the inputs of the rule."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst

from nelis.core.dates import partial_date
from nelis.evidence.figures import Unit, format_number
from nelis.progress import pace
from nelis.progress.models import TargetPage, TargetStatement
from nelis.progress.readings import Reading
from nelis.progress.record import TargetRecord
from nelis.progress.series_history import Measurement
from nelis.progress.units import amount, gap_amount, number, rounded, signed_percent

Kind = TargetPage.Kind
Status = pace.Status
Measure = TargetStatement.Measure


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the three cells at the head of a target: a heading, the answer, and a sentence on it."""

    heading: str
    answer: str
    note: str
    status: str = ""


def target_in_words(target: Any) -> str:
    """What is wanted as it is read, such as “100,000 jobs”."""
    return f"{format_number(target.target_value)} {target.unit}".replace(" %", "%")


def promise(target: TargetPage) -> str:
    """What was promised, such as “Close the gap by 2024”."""
    by = f"by {target.deadline_year}"
    if target.target_kind != Kind.GAP_REDUCTION:
        return f"{target_in_words(target)} {by}"
    return {Decimal(100): "Close the gap", Decimal(50): "Halve the gap"}.get(
        target.target_value.normalize(), f"Lose {format_number(target.target_value)}% of the gap"
    ) + f" {by}"


def verdict(record: TargetRecord) -> str:
    """In a sentence, how the target ended or stood. An editor’s own sentence stands on today’s page."""
    target = record.target
    if record.until is None and target.verdict:
        return target.verdict
    latest = record.latest
    if latest is None:
        return "No figure on progress is held."
    wanted = target_in_words(target)
    status = record.progress.status
    if latest.widened:
        return f"The gap had widened by then; no number was given. The aim was to {aim(target)}."
    if target.target_kind == Kind.LEVEL_GAIN and latest.value is not None:
        return _gain_verdict(record, latest, wanted)
    if target.target_kind == Kind.SHARE_OF_CHANGE:
        ending = f", where {format_number(target.target_value)}% was wanted: {status.lower()}."
        return f"{capfirst(latest.figure)} {latest.caption}{ending}"
    if target.target_kind == Kind.GAP_REDUCTION:
        return _gap_verdict(record, latest)
    return f"{capfirst(latest.figure)} {latest.caption}, where {wanted} was wanted: {status.lower()}."


def _gain_verdict(record: TargetRecord, latest: Reading, wanted: str) -> str:
    value, target = latest.value or Decimal(0), record.target
    said = f"{capfirst(latest.figure)} of {wanted}"
    short = target.target_value - value
    status = record.progress.status
    if status is Status.MET:
        return f"{said}: met."
    if record.is_over:
        return f"{said}, {status.lower()}: {number(short)} short of what was promised."
    elapsed = record.progress.elapsed
    gone = f", with {_percent_range(elapsed)} of the time gone" if elapsed else ""
    return f"{said}, {latest.caption}{gone}: {status.lower()}."


def _gap_verdict(record: TargetRecord, latest: Reading) -> str:
    target, unit = record.target, record.target.unit_of_measure
    statement = latest.statement
    if statement is not None and statement.measure == statement.Measure.GAP_GONE:
        change = "was smaller" if (statement.value or 0) >= 0 else "was wider"
        since = statement.counted_from or target.baseline_year
        return (
            f"The gap with {target.comparator} {change} by {latest.figure} than in {since}, {_when(latest)}; "
            f"the aim was to {aim(target)}."
        )
    size = gap_amount(latest.value or Decimal(0), unit)
    levels = _levels(latest, unit)
    start = _start_text(record, latest)
    wish = f"the aim was to {aim(target)}"
    if wanted := wanted_gap(record, latest):
        wish += f", to {wanted}"
    result = f"{record.progress.status}: the" if record.progress.status.is_result else "The"
    return f"{result} gap with {target.comparator} was {size} {_when(latest)}{levels}{start}; {wish}."


def _levels(latest: Reading, unit: str) -> str:
    """Both levels, where the reading gives them."""
    if latest.measurement:
        return _measured_levels(latest.measurement, unit)
    if latest.statement and latest.statement.measure == latest.statement.Measure.LEVELS:
        here, there = latest.statement.value, latest.statement.reference_value
        if here is not None and there is not None:
            return f" ({amount(here, unit)} against {amount(there, unit)})"
    return ""


def starts_for(record: TargetRecord, latest: Reading) -> list[Decimal]:
    """The gaps that ``latest`` is counted from, the smallest first."""
    starts = (
        record.starts
        if latest.measurement
        else [(item.value, item.value) for item in record.stated_starts if item.value is not None]
    )
    return sorted({low for low, _high in starts})


def wanted_gap(record: TargetRecord, latest: Reading) -> str:
    """The gap that is wanted, where the start is known and the aim isn’t to close it."""
    left = 1 - record.target.target_value / 100
    starts = starts_for(record, latest)
    if not starts or left <= 0:
        return ""
    return joined_gaps([start * left for start in starts], record.target.unit_of_measure)


def joined_gaps(values: list[Decimal], unit: str) -> str:
    """Gaps between which nothing decides: “3.9 or 5.7 points”."""
    texts = list(dict.fromkeys(gap_amount(value, unit) for value in values))
    return " or ".join([*(text.removesuffix(" points") for text in texts[:-1]), *texts[-1:]])


def _start_text(record: TargetRecord, latest: Reading) -> str:
    starts = starts_for(record, latest)
    return f", from {joined_gaps(starts, record.target.unit_of_measure)} at the start" if starts else ""


def cells(record: TargetRecord) -> list[Cell]:
    """What was promised, how it ended or stood, and how sure that is."""
    target, progress = record.target, record.progress
    place = f"Compared with {target.comparator}" if target.comparator_id else "In the North East LEP area"
    place = place if target.comparator_id else "Compared with its own start"
    start = f", counted from {target.baseline_year}" if target.baseline_year else ""
    ended = "How it ended" if record.is_over and record.until is None else "How it stood then"
    if record.until is None and not record.is_over:
        ended = "How it stands"
    sure = "How sure that was" if record.until else "How sure that is"
    answer, note = certainty(record)
    return [
        Cell("What was promised", promise(target), f"{place}{start}. The years have no months."),
        Cell(ended, str(progress.status), _ended_note(record), status=str(progress.status)),
        Cell(sure, answer, note),
    ]


def _ended_note(record: TargetRecord) -> str:
    latest, progress = record.latest, record.progress
    if latest is None:
        return "No figure for progress is held."
    parted = ", " if latest.caption.startswith("end") else " "
    figure = capfirst(f"{latest.figure}{parted}{latest.caption}".strip())
    if latest.caption.startswith("gap"):
        figure = f"A gap of {latest.figure} {_when(latest)}"
    match progress.status:
        case Status.NO_FINAL:
            return f"The deadline has passed, and the last figure held is for an earlier year: {figure}."
        case Status.UNKNOWN:
            return f"{figure}. What it is to be counted from wasn’t held, so no status can be given."
        case _ if progress.pace is not None and record.target.target_kind != Kind.SHARE_OF_CHANGE:
            return f"{figure}. Pace {pace_text(progress.pace)}, where 1 is exactly the speed needed."
    return f"{figure}."


def certainty(record: TargetRecord) -> tuple[str, str]:
    """How sure the status is, in a few words, and why."""
    answer, reasons = _certainty(record)
    if record.until is None and record.target.certainty:
        reasons.append(record.target.certainty)
    if not answer:
        answer = "No margin of error is held" if record.latest else "Nothing is known"
    return answer, " ".join(reasons)


def _certainty(record: TargetRecord) -> tuple[str, list[str]]:
    latest, progress = record.latest, record.progress
    if latest is None:
        return "", []
    if record.target.target_kind == Kind.GAP_REDUCTION and latest.share:
        answer, reasons = _certainty_of_gap(record, latest)
    elif progress.status is Status.TOO_CLOSE:
        answer, reasons = "The ends of the range disagree", []
        if progress.pace:
            reasons.append(f"The pace lies between {pace_text(progress.pace).replace(' to ', ' and ')}.")
    elif progress.elapsed:
        answer = "Sure on every reading of the dates"
        reasons = [f"The years have no months, so the time gone is {_percent_range(progress.elapsed)}."]
    elif progress.status.is_result:
        answer = "Met, surely" if progress.status is Status.MET else "Short of it, by how much is unsure"
        reasons = []
    else:
        answer, reasons = "", []
    if latest.margin is None and answer:
        reasons.append("No margin of error is held for this figure.")
    if latest.at is None or latest.at[0] != latest.at[1]:
        reasons.append("The end of its period is not stated.")
    return answer, reasons


def _certainty_of_gap(record: TargetRecord, latest: Reading) -> tuple[str, list[str]]:
    """Whether the gap moved at all, and what that depends on."""
    target, share = record.target, latest.share or (Decimal(0), Decimal(0))
    others = _other_changes(record, latest)
    reasons = []
    if record.progress.direction is Status.TOO_CLOSE:
        answer = "Wider or narrower: too close to call"
    elif others:
        agrees = all(low * share[0] > 0 for low, _high in others.values())
        answer = "The direction, not the size" if agrees else "Not even the direction"
    else:
        away = record.progress.direction is Status.AWAY
        answer = "Wider than at the start" if away else "Narrower than at the start"
    if others:
        own = record.history.treatments[0] if record.history else ""
        named = [(own, share), *others.items()]
        changes = " and ".join(f"{_change_of(target, ends[0])} {name}" for name, ends in named)
        reasons.append(f"The gap changed by {changes}.")
    if len(starts_for(record, latest)) > 1:
        changes = " to ".join(_change_of(target, end) for end in reversed(share))
        reasons.append(f"Counted from one start or another, it changed by {changes}.")
    if latest.margin:
        reasons.append(f"The gap has a margin of ±{gap_amount(latest.margin, target.unit_of_measure)}.")
    return answer, reasons


def _change_of(target: TargetPage, share: Decimal) -> str:
    """The change of the gap that a share of what is wanted stands for: “+18%” for wider."""
    return signed_percent(-share * target.target_value / 100)


def _other_changes(record: TargetRecord, latest: Reading) -> dict[str, pace.Range]:
    """The share reached by each other treatment for the same period, such as smoothed."""
    found: dict[str, pace.Range] = {}
    if latest.measurement is None:
        return found
    for name, measurements in record.other_measurements.items():
        start = record.start_of(measurements)
        now = next((item for item in measurements if item.area.period == latest.measurement.area.period), None)
        if start and start.gap and now and now.gap:
            closed = pace.gap_closed((now.gap.value, now.gap.value), [(start.gap.value, start.gap.value)])
            if closed:
                found[name] = (
                    closed[0] * 100 / record.target.target_value,
                    closed[1] * 100 / record.target.target_value,
                )
    return found


def inputs(record: TargetRecord) -> list[dict[str, Any]]:
    """The inputs of the rule, line by line, as they add up to the status."""
    target, progress, latest = record.target, record.progress, record.latest
    if latest is None:
        return []
    unit = target.unit_of_measure
    lines: list[tuple[str, str]] = []
    if target.target_kind == Kind.LEVEL_GAIN and latest.value is not None:
        lines.append((capfirst(f"added, {latest.caption}".strip(", ")), latest.figure))
        lines.append((f"Wanted by {target.deadline_year}", number(target.target_value)))
        left = target.target_value - latest.value
        lines.append(("Still to go, or beyond (our subtraction)", number(left)))
    elif target.target_kind == Kind.GAP_REDUCTION and latest.value is not None:
        statement = latest.statement
        if statement is None or statement.measure != statement.Measure.GAP_GONE:
            lines += _start_lines(record, latest)
            lines.append((f"Gap {_when(latest)}{_levels(latest, unit)}", gap_amount(latest.value, unit)))
        if latest.share:
            changes = [_change_of(target, share) for share in reversed(latest.share)]
            lines.append(
                (
                    f"Change since then, where −{format_number(target.target_value)}% was wanted",
                    " to ".join(dict.fromkeys(changes)),
                )
            )
    elif latest.value is not None:
        lines.append((capfirst(latest.caption) or "Latest figure", latest.figure))
        lines.append(("Wanted", target_in_words(target)))
    if progress.share is not None:
        lines.append(("Share of what is wanted", _range_text(progress.share, 3)))
    if progress.elapsed is not None:
        lines.append(("Share of the time gone", _range_text(progress.elapsed, 2)))
        lines.append(("Pace: the first divided by the second", pace_text(progress.pace) if progress.pace else ""))
    found: list[dict[str, Any]] = [{"label": label, "value": value} for label, value in lines]
    found.append({"label": "Status by the rule", "value": str(progress.status), "total": True})
    return found


def _start_lines(record: TargetRecord, latest: Reading) -> list[tuple[str, str]]:
    """The gaps that change is counted from, each with its period."""
    unit = record.target.unit_of_measure
    if latest.measurement and (start := record.start_of(record.measurements)) and start.gap:
        return [(f"Gap in {start.area.period_label}{_measured_levels(start, unit)}", gap_amount(start.gap.value, unit))]
    return [
        (f"Gap at the start, {item.period_text}", gap_amount(item.value, unit))
        for item in record.stated_starts
        if item.value is not None
    ]


def _measured_levels(measurement: Measurement, unit: str) -> str:
    here, there = measurement.area.value, measurement.comparator.value if measurement.comparator else None
    return f" ({amount(here, unit)} against {amount(there, unit)})" if here is not None and there is not None else ""


def pace_text(pace_range: pace.Range) -> str:
    """A pace as it is printed: “1.39 to 1.79”."""
    return _range_text(pace_range, 2)


def needed_text(record: TargetRecord, elapsed: pace.Range | None) -> str:
    """How much an even pace needed by then."""
    if elapsed is None or record.target.target_kind != Kind.LEVEL_GAIN:
        return ""
    # As exactly as the share of time is printed.
    ends = [rounded(end, 2) * record.target.target_value for end in elapsed]
    return " to ".join(dict.fromkeys(number(end) for end in ends))


def _range_text(ends: pace.Range, places: int) -> str:
    texts = []
    for end in ends:
        text = number(end, places)
        texts.append(text.rstrip("0").rstrip(".") if places > 2 and "." in text else text)
    return " to ".join(dict.fromkeys(text.replace("-", "−") for text in texts))


def _percent_range(ends: pace.Range) -> str:
    return " to ".join(dict.fromkeys(f"{rounded(end * 100, 0)}%" for end in ends))


def _when(reading: Reading) -> str:
    """The period that a reading describes, after a verb."""
    if reading.measurement:
        return f"in {reading.measurement.area.period_label}"
    if reading.statement and reading.statement.period_text:
        return f"in {reading.statement.period_text}"
    return f"to {partial_date(reading.at[1], 'month')}" if reading.at else "in a period that isn’t stated"


def aim(target: TargetPage) -> str:
    """What the aim was, after “to”: “halve the gap by 2024”."""
    words = promise(target)
    if target.target_kind == Kind.GAP_REDUCTION:
        return f"{words[:1].lower()}{words[1:]}"
    return f"reach {words}"


def points_or_amount(unit: str) -> str:
    """What a gap is counted in, for an axis."""
    return {Unit.PERCENT: "percentage points", Unit.GBP_PER_HOUR: "£ an hour"}.get(Unit(unit), "")


def measured(record: TargetRecord) -> str:
    """What a target’s chart and table show, in a sentence without a full stop."""
    target = record.target
    if target.target_kind == Kind.LEVEL_GAIN:
        return f"{capfirst(target.unit)} added since {target.baseline_year}, as each edition gave them"
    if target.target_kind == Kind.SHARE_OF_CHANGE:
        return f"{target.title} as a share of all that was added since {target.baseline_year}, in per cent"
    if target.target_kind == Kind.GAP_REDUCTION and target.series:
        unit = points_or_amount(target.unit_of_measure)
        name = target.series.indicator.name
        counted = f", {unit}" if unit else ""
        return f"{name}: gap between the {target.series.area} and {target.comparator}{counted}"
    return f"{target.title}: per cent of the gap that has gone"


def finding(record: TargetRecord) -> str:
    """The title of the chart: what it shows, in a few words."""
    target, latest, status = record.target, record.latest, record.progress.status
    if latest is None:
        return "No figure on progress is held"
    if target.target_kind == Kind.LEVEL_GAIN:
        if record.is_over:
            return f"{capfirst(latest.figure)} added, where {number(target.target_value)} were wanted"
        return f"{capfirst(latest.figure)} {latest.caption}: {status.lower()}"
    if target.target_kind == Kind.SHARE_OF_CHANGE:
        return f"{capfirst(latest.figure)}, where {format_number(target.target_value)}% was wanted"
    if latest.widened:
        return "Wider, and no number was given"
    direction = record.progress.direction
    if direction is Status.TOO_CLOSE:
        return "Not closed, and not clearly different from the start"
    if direction is None:
        return f"A gap of {latest.figure}, and no start to count from"
    return "The gap is wider than at the start" if direction is Status.AWAY else "The gap is narrower than at the start"


def choices(record: TargetRecord) -> list[dict[str, str]]:
    """Answers that depend on a choice: which start is taken, or which treatment. Empty where nothing depends on it."""
    latest, target, unit = record.latest, record.target, record.target.unit_of_measure
    if latest is None or latest.value is None or target.target_kind != Kind.GAP_REDUCTION or latest.share is None:
        return []
    found = []
    if latest.measurement and record.other_measurements:
        own = record.history.treatments[0] if record.history else ""
        for name, measurements in [(own, record.measurements), *record.other_measurements.items()]:
            start = record.start_of(measurements)
            now = next((item for item in measurements if item.area.period == latest.measurement.area.period), None)
            if start and start.gap and now and now.gap:
                found.append(_choice(start.gap.value, now.gap.value, f"{name}, against {target.baseline_year}", unit))
    else:
        stated = [item for item in record.stated_starts if item.value is not None]
        if len(stated) > 1 and not _is_share(latest):
            found = [
                _choice(item.value, latest.value, f"against {item.period_text}", unit) for item in stated if item.value
            ]
    return found if len(found) > 1 else []


def _choice(start: Decimal, now: Decimal, words: str, unit: str) -> dict[str, str]:
    return {
        "value": signed_percent(now / start - 1),
        "what": f"Gap, {words}",
        "note": f"{gap_amount(start, unit)} to {gap_amount(now, unit)}.",
    }


def _is_share(reading: Reading) -> bool:
    return reading.statement is not None and reading.statement.measure == reading.statement.Measure.GAP_GONE


def statement_figure(target: TargetPage, statement: TargetStatement) -> str:
    """The number of a statement as it is read; empty without one."""
    value, reference, unit = statement.value, statement.reference_value, target.unit_of_measure
    if value is None:
        return ""
    before = {"about": "about ", "over": "over "}.get(statement.qualifier, "")
    match statement.measure:
        case Measure.SHARE | Measure.SHARE_OF_TARGET | Measure.GAP_GONE:
            return f"{before}{number(value)}%".replace("-", "−")
        case Measure.PART if reference is not None:
            return f"{before}{number(value)} of {number(reference)}"
        case Measure.LEVELS:
            other = f", against {amount(reference, unit)}" if reference is not None else ""
            return f"{before}{amount(value, unit)}{other}"
        case Measure.START | Measure.GAP if target.target_kind == Kind.GAP_REDUCTION:
            return before + gap_amount(value, unit)
    return before + number(value)
