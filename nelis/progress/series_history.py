"""The series behind targets: how far the area was behind, by what was known on any day, from one set of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nelis.evidence.derivation import Gap, Point, combine, measure_gap
from nelis.evidence.models import Observation, Series, Vintage
from nelis.evidence.models.series_points import as_point, standing_observations


@dataclass(frozen=True, slots=True)
class Measurement:
    """The level of an area in one period; with a comparator, that level too and the gap between them."""

    area: Point
    comparator: Point | None = None
    gap: Gap | None = None

    @property
    def vintage(self) -> Vintage:
        """The newest release that it rests on."""
        vintages = [point.vintage for point in (self.area, self.comparator) if point and point.vintage]
        newest: Vintage = max(vintages, key=lambda vintage: vintage.released_on or date.min)
        return newest


@dataclass(frozen=True, slots=True)
class SeriesHistory:
    """The series of one target, by treatment with the target’s own first, and every observation behind them."""

    pairs: dict[str, tuple[Series, Series | None]]
    observations: Sequence[Observation]

    @property
    def treatments(self) -> list[str]:
        """The treatments, such as unsmoothed and smoothed; the one that counts comes first."""
        return list(self.pairs)

    @property
    def releases(self) -> list[Vintage]:
        """The releases, oldest first. Those whose day isn’t known are left out: they are at no place in time."""
        series, comparator = self.pairs[self.treatments[0]]
        needed = _supplied(series) | (_supplied(comparator) if comparator else set())
        found = {item.vintage_id: item.vintage for item in self.observations if item.series_id in needed}
        return sorted((item for item in found.values() if item.released_on), key=lambda item: item.released_on)

    def measure(
        self, treatment: str | None = None, until: date | None = None, release: Vintage | None = None
    ) -> list[Measurement]:
        """What was known on the day ``until``, by period; today without it. ``release`` takes only what it gave."""
        series, comparator = self.pairs[self.treatments[0] if treatment is None else treatment]
        known = [item for item in self.observations if _is_known(item.vintage, until, release)]
        points = _points(series, known)
        if comparator is None:
            return [Measurement(point) for point in points if point.value is not None]
        others = {point.period: point for point in _points(comparator, known)}
        found = []
        for point in points:
            other = others.get(point.period)
            gap = measure_gap(point, other) if other else None
            if gap:
                found.append(Measurement(point, other, gap))
        return found


def load_histories(targets: Iterable[Any]) -> dict[int, SeriesHistory]:
    """The series of each of ``targets`` that has one, under its primary key. Three queries; none without series."""
    measured = [target for target in targets if target.series_id]
    if not measured:
        return {}
    areas = {target.series.area_id for target in measured} | {target.comparator_id for target in measured}
    candidates = list(
        Series.objects.filter(
            indicator__in={target.series.indicator_id for target in measured}, area__in=areas - {None}
        )
        .select_related("indicator", "area", "source")
        .prefetch_related("parts")
    )
    needed = {pk for series in candidates for pk in _supplied(series)}
    observations = list(standing_observations(needed)) if needed else []
    histories = {}
    for target in measured:
        pairs = _pairs(target, candidates)
        used = {pk for pair in pairs.values() for series in pair if series for pk in _supplied(series)}
        histories[target.pk] = SeriesHistory(pairs, [item for item in observations if item.series_id in used])
    return histories


def _pairs(target: Any, candidates: list[Series]) -> dict[str, tuple[Series, Series | None]]:
    own = target.series
    alike = [
        series for series in candidates if series.indicator_id == own.indicator_id and series.frequency == own.frequency
    ]
    pairs = {}
    for series in sorted(alike, key=lambda series: (series.pk != own.pk, series.treatment)):
        if series.area_id != own.area_id:
            continue
        others = [
            other for other in alike if other.area_id == target.comparator_id and other.treatment == series.treatment
        ]
        if others or target.comparator_id is None:
            pairs[series.treatment] = (series, others[0] if others else None)
    return pairs or {own.treatment: (own, None)}


def _supplied(series: Series) -> set[int]:
    """The series whose observations ``series`` is made from."""
    if series.origin == Series.Origin.SUPPLIED:
        return {series.pk}
    return {part.part_id for part in series.parts.all()}


def _is_known(vintage: Vintage, until: date | None, release: Vintage | None) -> bool:
    if release is not None:
        return vintage.pk == release.pk
    return until is None or vintage.released_on is None or vintage.released_on <= until


def _points(series: Series, known: Iterable[Observation]) -> list[Point]:
    """The points of ``series``: for each period from the newest of the observations ``known``, oldest first."""
    if series.origin == Series.Origin.SUPPLIED:
        newest = {(item.period_start, item.period_end): as_point(item) for item in known if item.series_id == series.pk}
        return [newest[period] for period in sorted(newest, key=lambda period: (period[1], period[0]))]
    known = list(known)
    parts = []
    for part in series.parts.all():
        of_part = {
            (item.period_start, item.period_end): as_point(item) for item in known if item.series_id == part.part_id
        }
        parts.append((part.sign, list(of_part.values())))
    return combine(parts, series.indicator)
