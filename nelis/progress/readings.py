"""Readings: each figure on a target in one form, whether somebody stated it or a series gave it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from nelis.core.dates import date_span, partial_date
from nelis.evidence.models import Vintage
from nelis.progress import pace
from nelis.progress.models import TargetPage, TargetStatement
from nelis.progress.series_history import Measurement
from nelis.progress.units import amount, gap_amount, number

Kind = TargetPage.Kind
Measure = TargetStatement.Measure

#: A margin on a change joins those of its two ends, taken as alike.
MARGIN_OF_CHANGE = Decimal(2).sqrt()
HUNDRED = Decimal(100)

#: What counts as a figure on progress, by the kind of target.
PROGRESS_MEASURES = {
    Kind.LEVEL_GAIN: (Measure.GAIN, Measure.SHARE_OF_TARGET),
    Kind.SHARE_OF_CHANGE: (Measure.PART, Measure.SHARE),
    Kind.GAP_REDUCTION: (Measure.GAP_GONE, Measure.LEVELS, Measure.GAP, Measure.WIDENED),
    Kind.LEVEL: (Measure.LEVELS, Measure.SHARE_OF_TARGET),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure on a target: what it says was reached, for which period, and since when it was known."""

    #: The figure as it is read, such as “62,500”, and the words after it, such as “to June 2018”.
    figure: str
    caption: str
    #: How much of what is wanted was reached, by its ends; None where that can’t be told.
    share: pace.Range | None
    #: When its period ends, at the earliest and at the latest; None where that isn’t stated.
    at: pace.Span | None
    known: pace.Span | None
    known_text: str
    precision: str
    source: Any
    #: What a chart shows: the number added, the share in per cent, or the size of the gap.
    value: Decimal | None = None
    margin: Decimal | None = None
    #: The gap widened, and no number was given.
    widened: bool = False
    #: “About” and “over”, or worked out by us: drawn open.
    is_inferred: bool = False
    start: pace.Span | None = None
    statement: TargetStatement | None = None
    measurement: Measurement | None = None

    @property
    def is_ours(self) -> bool:
        """Whether we worked it out from figures that others published."""
        return self.statement is not None and self.statement.kind == TargetStatement.Kind.OURS

    @property
    def slug(self) -> str:
        """The day since which it was known, as far as known, as a part of an address: 2018-10."""
        return day_slug(self.known, self.precision) if self.known else ""


def day_slug(known: pace.Span, precision: str) -> str:
    """A day as far as it is known, as a part of an address."""
    return known[0].isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


def statement_reading(
    target: TargetPage, statement: TargetStatement, starts: Sequence[pace.Range], margin: Decimal | None = None
) -> Reading | None:
    """The reading that ``statement`` is; None for one that says nothing on progress.

    ``starts`` are the gaps from which change is counted. ``margin`` is the smallest known of a gap: a change that is
    smaller can’t be told from none.
    """
    if statement.measure not in PROGRESS_MEASURES[Kind(target.target_kind)]:
        return None
    value, share, caption = _value_and_share(target, statement, starts, margin)
    if value is None and statement.measure == Measure.LEVELS:
        return None
    until = _until(statement.period_end)
    words = [caption, until] if until else [caption]
    return Reading(
        figure=_figure(target, statement, value),
        caption=", ".join(filter(None, words)) or statement.period_text,
        share=share,
        at=statement.period_end,
        known=statement.known,
        known_text=statement.known_text,
        precision=statement.published_precision,
        source=statement.source,
        value=value,
        widened=statement.measure == Measure.WIDENED,
        is_inferred=statement.qualifier != statement.Qualifier.EXACT or statement.kind == statement.Kind.OURS,
        start=pace.year_span(statement.counted_from) if statement.counted_from else None,
        statement=statement,
    )


def _value_and_share(
    target: TargetPage, statement: TargetStatement, starts: Sequence[pace.Range], margin: Decimal | None
) -> tuple[Decimal | None, pace.Range | None, str]:
    """The number that a chart shows, the share of what is wanted, and what the number is."""
    value, reference, wanted = statement.value, statement.reference_value, target.target_value
    if value is None:
        return None, None, ""
    if target.target_kind == Kind.GAP_REDUCTION:
        return _gap_and_share(statement, value, wanted, starts, margin)
    match statement.measure:
        case Measure.GAIN:
            return value, _ends(statement, value, wanted), ""
        case Measure.SHARE_OF_TARGET:
            return value * wanted / HUNDRED, _same(value / HUNDRED), ""
        case Measure.PART:
            part = pace.share_of_change(value, reference)
            if part is None:
                return None, None, "added"
            return part * HUNDRED, _same(part * HUNDRED / wanted), "of all that was added"
        case Measure.SHARE:
            return value, _same(value / wanted), "of all that was added"
        case _:
            start = target.baseline_value or Decimal(0)
            return value, _same((value - start) / (wanted - start)) if wanted != start else None, ""


def _gap_and_share(
    statement: TargetStatement,
    value: Decimal,
    wanted: Decimal,
    starts: Sequence[pace.Range],
    margin: Decimal | None,
) -> tuple[Decimal | None, pace.Range | None, str]:
    """The same for a target that wants part of a gap gone."""
    if statement.measure == Measure.GAP_GONE:
        allowance = margin * MARGIN_OF_CHANGE / max(high for _low, high in starts) if margin and starts else Decimal(0)
        ends = (value / HUNDRED - allowance, value / HUNDRED + allowance)
        return value, _of_wanted(ends, wanted), "of the gap gone" if value >= 0 else "wider"
    gap: Decimal | None = value
    if statement.measure == Measure.LEVELS:
        gap = statement.reference_value - value if statement.reference_value is not None else None
    if gap is None:
        return None, None, ""
    return gap, _of_wanted(pace.gap_closed(_same(gap), starts), wanted), "gap"


def measurement_reading(target: TargetPage, measurement: Measurement, starts: Iterable[pace.Range]) -> Reading:
    """The reading of one period of a series, as it stood with the release it rests on."""
    gap, area = measurement.gap, measurement.area
    value = gap.value if gap else area.value or Decimal(0)
    margin = gap.margin if gap else None
    share = None
    if gap:
        ends = (value - margin, value + margin) if margin else _same(value)
        share = _of_wanted(pace.gap_closed(ends, starts), target.target_value)
    vintage = measurement.vintage
    known, known_text, precision = release_date(vintage)
    return Reading(
        figure=gap_amount(value, target.unit_of_measure) if gap else amount(value, target.unit_of_measure),
        caption=f"gap for {area.period_label}" if gap else area.period_label,
        share=share,
        at=(area.period_end, area.period_end),
        known=known,
        known_text=known_text,
        precision=precision,
        source=vintage.source,
        value=value,
        margin=margin,
        measurement=measurement,
    )


def release_date(vintage: Vintage) -> tuple[pace.Span | None, str, str]:
    """When a release came out: between which days, in words, and how exactly. In words alone it is a month."""
    precision = "month" if vintage.released_text else "day"
    text = vintage.released_text or partial_date(vintage.released_on)
    return date_span(vintage.released_on, precision), text, precision


def statistic_reading(target: TargetPage) -> Reading | None:
    """The reading that the target’s own figure is: a gain over the start, from a document."""
    latest = target.latest
    if target.target_kind != Kind.LEVEL_GAIN or latest is None or latest.value is None or latest.period_end is None:
        return None
    source = latest.source
    known = date_span(source.published, source.published_precision) if source else None
    return Reading(
        figure=latest.figure.text,
        caption=_until((latest.period_end, latest.period_end)),
        share=_same(latest.value / target.target_value),
        at=(latest.period_end, latest.period_end),
        known=known,
        known_text=partial_date(source.published, source.published_precision) if known and source else "undated",
        precision=source.published_precision if source else "unknown",
        source=source,
        value=latest.value,
    )


def _figure(target: TargetPage, statement: TargetStatement, value: Decimal | None) -> str:
    if value is None:
        return "wider" if statement.measure == Measure.WIDENED else number(statement.value or Decimal(0))
    before = {"about": "about ", "over": "over "}.get(statement.qualifier, "")
    if statement.measure == Measure.GAP_GONE:
        return f"{before}{number(abs(value))}%"
    if target.target_kind == Kind.SHARE_OF_CHANGE:
        # Over a number is over any lower one too: it is never rounded up.
        way = ROUND_FLOOR if statement.qualifier == statement.Qualifier.OVER else ROUND_HALF_UP
        return f"{before}{number(value.quantize(Decimal(1), rounding=way))}%"
    if target.target_kind == Kind.GAP_REDUCTION:
        return before + gap_amount(value, target.unit_of_measure)
    return before + amount(value, target.unit_of_measure)


def _until(at: pace.Span | None) -> str:
    if at is None:
        return ""
    if at[0] == at[1]:
        return f"to {partial_date(at[0], 'month')}"
    return f"to {at[0].year}" if at[0].year == at[1].year else "end of its period not stated"


def _ends(statement: TargetStatement, value: Decimal, wanted: Decimal) -> pace.Range:
    low, high = statement.low, statement.high
    return (low / wanted, high / wanted) if low is not None and high is not None else _same(value / wanted)


def _of_wanted(closed: pace.Range | None, wanted: Decimal) -> pace.Range | None:
    """A part of the gap as a part of what is wanted, such as half of it."""
    return (closed[0] * HUNDRED / wanted, closed[1] * HUNDRED / wanted) if closed else None


def _same(value: Decimal) -> pace.Range:
    return value, value
