"""The values of series: the latest, or as they stood at a release or on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, QuerySet

from nelis.evidence.derivation import Period, Point, combine
from nelis.evidence.models.series import Observation, Series, SeriesPart, Vintage

Until = Vintage | date | None


def latest_observations(series: Series) -> list[Point]:
    """What is known of ``series`` today, by period: each value from the newest release that gives it."""
    return as_at(series)


def as_at(series: Series, until: Until = None) -> list[Point]:
    """What was known of ``series`` when the release ``until`` had come out, or on that day; today without it."""
    return points_of([series], until)[series.pk]


def points_of(series: Iterable[Series], until: Until = None) -> dict[int, list[Point]]:
    """The points of each of ``series``, under its primary key. Three queries, with derived series among them.

    The parts of a derived series are themselves supplied. ``series`` should come with their indicators.
    """
    wanted = list(series)
    derived = [item for item in wanted if item.origin == Series.Origin.DERIVED]
    parts: dict[int, list[tuple[int, int]]] = {item.pk: [] for item in derived}
    if derived:
        rows = SeriesPart.objects.filter(series__in=derived).order_by("pk")
        for series_pk, part_pk, sign in rows.values_list("series", "part", "sign"):
            parts[series_pk].append((part_pk, sign))
    supplied = {item.pk for item in wanted if item.origin == Series.Origin.SUPPLIED}
    supplied.update(part_pk for found in parts.values() for part_pk, _sign in found)
    held = _held_points(supplied, until)
    points = {item.pk: held[item.pk] for item in wanted if item.pk in held}
    for item in derived:
        signed = [(sign, held[part_pk]) for part_pk, sign in parts[item.pk]]
        points[item.pk] = combine(signed, item.indicator)
    return points


def standing_observations(series_pks: Iterable[int], until: Until = None) -> QuerySet[Observation]:
    """The observations from releases that aren't withdrawn, the oldest release first; only those known by ``until``."""
    found = Observation.objects.filter(series__in=series_pks, vintage__withdrawn_at__isnull=True)
    if until is not None:
        known = Vintage.objects.standing()
        if isinstance(until, Vintage):
            order = list(known.oldest_first().values_list("pk", flat=True))
            known = known.filter(pk__in=order[: order.index(until.pk) + 1] if until.pk in order else [])
        else:
            # A release whose day isn't known was there from the start.
            known = known.exclude(released_on__gt=until)
        found = found.filter(vintage__in=known)
    return found.select_related("vintage", "vintage__source").order_by(
        F("vintage__released_on").asc(nulls_first=True),
        "vintage__imported_at",
        "vintage__pk",
        "period_end",
        "period_start",
    )


def _held_points(series_pks: Iterable[int], until: Until) -> dict[int, list[Point]]:
    """The points of supplied series: for each period the newest release that gives it. One query."""
    found: dict[int, dict[Period, Point]] = {pk: {} for pk in series_pks}
    if found:
        for observation in standing_observations(found, until):
            # Later releases come later, and take the place of earlier ones.
            found[observation.series_id][observation.period_start, observation.period_end] = as_point(observation)
    return {
        pk: [points[period] for period in sorted(points, key=lambda period: (period[1], period[0]))]
        for pk, points in found.items()
    }


def as_point(observation: Observation) -> Point:
    """The observation as a point, for working out others from it."""
    return Point(
        observation.period_start,
        observation.period_end,
        observation.period_label,
        observation.value,
        observation.numerator,
        observation.denominator,
        observation.lower,
        observation.upper,
        observation.status_flag,
        observation.vintage,
    )
