"""The record of a target: what was known when, as at today or as at an earlier day, and the status that followed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from nelis.progress import pace
from nelis.progress.models import TargetPage, TargetStatement
from nelis.progress.readings import (
    Reading,
    day_slug,
    measurement_reading,
    release_date,
    statement_reading,
    statistic_reading,
)
from nelis.progress.series_history import Measurement, SeriesHistory, load_histories

Kind = TargetPage.Kind
Measure = TargetStatement.Measure


@dataclass(frozen=True, slots=True)
class Edition:
    """A day since which something was known: the figure of that day, and the status by the rule on that day."""

    slug: str
    label: str
    reading: Reading
    progress: pace.Progress
    until: date


@dataclass(frozen=True)
class TargetRecord:
    """What is known of ``target`` as at ``until`` (today without it). Asks the database nothing."""

    target: TargetPage
    statements: Sequence[TargetStatement] = ()
    history: SeriesHistory | None = None
    until: date | None = None
    today: date = field(default_factory=timezone.localdate)

    def as_at(self, until: date) -> "TargetRecord":
        """The record as it stood on the day ``until``: nothing that became known later."""
        return TargetRecord(self.target, self.statements, self.history, until, self.today)

    @property
    def day(self) -> date:
        """The day on which the rule is applied."""
        return self.until or self.today

    @cached_property
    def known_statements(self) -> list[TargetStatement]:
        """The statements known on the day. One without a date may be younger than any day but today."""
        if self.until is None:
            return list(self.statements)
        return [item for item in self.statements if item.known and item.known[1] <= self.until]

    @cached_property
    def measurements(self) -> list[Measurement]:
        """What the target’s own series gave by then, period by period."""
        return self.history.measure(until=self.until) if self.history else []

    @cached_property
    def other_measurements(self) -> dict[str, list[Measurement]]:
        """The same for other treatments of the same indicator, such as smoothed."""
        if self.history is None:
            return {}
        return {name: self.history.measure(name, until=self.until) for name in self.history.treatments[1:]}

    @cached_property
    def stated_starts(self) -> list[TargetStatement]:
        """Statements of the level or gap at the start. What we worked out ourselves counts for every day."""
        known = {id(item) for item in self.known_statements}
        starts = [item for item in self.statements if item.measure == Measure.START and not item.is_reported]
        return [item for item in starts if id(item) in known or item.kind == item.Kind.OURS]

    @property
    def uses_our_start(self) -> bool:
        """Whether it counts from a start that we worked out later than the day of the record."""
        known = {id(item) for item in self.known_statements}
        return any(id(item) not in known for item in self.stated_starts)

    @cached_property
    def starts(self) -> list[pace.Range]:
        """The gaps that change may be counted from: that of the series, else those that were stated."""
        measured = self.start_of(self.measurements)
        if measured and measured.gap:
            return [(measured.gap.value, measured.gap.value)]
        return self._stated_gaps

    def start_of(self, measurements: Iterable[Measurement]) -> Measurement | None:
        """The measurement of the year from which change is counted."""
        year = self.target.baseline_year
        return next((item for item in measurements if item.area.period_end.year == year), None)

    @property
    def _stated_gaps(self) -> list[pace.Range]:
        return [(item.value, item.value) for item in self.stated_starts if item.value is not None]

    @cached_property
    def smallest_margin(self) -> Decimal | None:
        """The smallest margin held on a gap: no statement without a margin of its own is surer than that."""
        margins = [item.gap.margin for item in self.measurements if item.gap and item.gap.margin]
        return min(margins) if margins else None

    @cached_property
    def readings(self) -> list[Reading]:
        """Every figure on progress known by then that the publisher, its successor or a series gave, by period.

        Press and third parties are never among them.
        """
        found = [
            statement_reading(self.target, item, self._stated_gaps, self.smallest_margin)
            for item in self.known_statements
            if not item.is_reported
        ]
        if own := statistic_reading(self.target):
            stated = any(reading and reading.value == own.value and reading.at == own.at for reading in found)
            is_known = self.until is None or (own.known is not None and own.known[1] <= self.until)
            if is_known and not stated:
                found.append(own)
        found += [
            measurement_reading(self.target, item, self.starts)
            for item in self.measurements
            if item.gap is None or item.area.period_end.year > (self.target.baseline_year or 0)
        ]
        return sorted((item for item in found if item), key=_order)

    @cached_property
    def latest(self) -> Reading | None:
        """The figure of the latest period; after the deadline one with a number, as a result needs one."""
        candidates = [reading for reading in self.readings if not reading.is_ours or reading.share]
        if self.is_over:
            candidates = [reading for reading in candidates if reading.share] or candidates
        return candidates[-1] if candidates else None

    @property
    def deadline(self) -> pace.Span:
        """The year by whose end it should be met."""
        return pace.year_span(self.target.deadline_year)

    @property
    def is_over(self) -> bool:
        """Whether the deadline had passed."""
        return self.day >= self.deadline[1]

    @cached_property
    def progress(self) -> pace.Progress:
        """Where it stood, by the latest figure."""
        return self.progress_of(self.latest)

    def progress_of(self, reading: Reading | None) -> pace.Progress:
        """Where it stood by ``reading``."""
        if reading is None:
            return pace.Progress(pace.Status.UNKNOWN)
        if reading.widened and not self.is_over:
            return pace.Progress(pace.Status.AWAY)
        start = reading.start or pace.year_span(self.target.baseline_year or self.target.deadline_year)
        steady = self.target.target_kind == Kind.SHARE_OF_CHANGE
        return pace.measure_progress(reading.share, start, self.deadline, reading.at, self.day, steady=steady)

    @cached_property
    def editions(self) -> list[Edition]:
        """The days on which something new became known, oldest first, each with the status by the rule of that day."""
        days: dict[str, date] = {}
        for reading in self.readings:
            if reading.known and not reading.is_ours:
                days.setdefault(reading.slug, reading.known[1])
        for release in self.history.releases if self.history else ():
            known, _text, precision = release_date(release)
            if known:
                days.setdefault(day_slug(known, precision), known[1])
        found = []
        for slug, until in sorted(days.items(), key=lambda item: (item[1], item[0])):
            if self.until is not None and until > self.until:
                continue
            then = self.as_at(until)
            news = [item for item in then.readings if item.slug == slug and not item.is_ours]
            if not news:
                continue
            latest = then.latest if then.latest and then.latest in news else news[-1]
            found.append(Edition(slug, latest.known_text, latest, then.progress_of(latest), until))
        return found

    @cached_property
    def disagreements(self) -> list[list[TargetStatement]]:
        """Statements that disagree about one fact, together; only where the publisher itself is among them."""
        groups: dict[str, list[TargetStatement]] = {}
        for item in self.known_statements:
            if item.fact_key:
                groups.setdefault(item.fact_key, []).append(item)
        return [group for group in groups.values() if len(group) > 1 and any(item.is_official for item in group)]

    @cached_property
    def shown_statements(self) -> list[TargetStatement]:
        """The statements that readers see. What press and third parties report never stands alone."""
        measures = {item.measure for item in self.known_statements if item.is_official}
        return [item for item in self.known_statements if not item.is_reported or item.measure in measures]


def load_record(target: TargetPage, until: date | None = None) -> TargetRecord:
    """The record of one page, a draft in preview too. Four queries at most."""
    statements = list(target.statements.all())
    prefetch_related_objects(statements, "source")
    return TargetRecord(target, statements, load_histories([target]).get(target.pk), until)


def load_records(targets: Iterable[TargetPage]) -> list[TargetRecord]:
    """The records of many public pages, in their order. Four queries at most."""
    found = list(targets)
    statements: dict[int, list[TargetStatement]] = {target.pk: [] for target in found}
    rows = TargetStatement.objects.filter(target__in=found).select_related("source").order_by("sort_order", "pk")
    for row in rows:
        statements[row.target_id].append(row)
    histories = load_histories(found)
    return [TargetRecord(target, statements[target.pk], histories.get(target.pk)) for target in found]


def _order(reading: Reading) -> tuple[Any, ...]:
    """By the end of the period, then by when it became known; without a period, it is as old as what told it."""
    at = reading.at or reading.known
    return (at[1] if at else date.min, reading.known[1] if reading.known else date.min)
