"""Targets of Exampleshire with statements and series, invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from nelis.evidence.models import GeoArea, Indicator, Observation, Series, SeriesPart, Source, Vintage
from nelis.progress.models import TargetPage, TargetStatement


def source(ref: str = "kites", **fields: Any) -> Source:
    found, _ = Source.objects.get_or_create(
        ref=ref, defaults={"title": f"A report on {ref}", "kind": "report", "held": True, "live": True} | fields
    )
    return found


def statement(
    target: TargetPage, measure: str, value: int | str | None, end: date | None = None, **fields: Any
) -> TargetStatement:
    """A statement, known to the month of ``known`` if that is given."""
    known = fields.pop("known", None)
    values: dict[str, Any] = {
        "measure": measure,
        "value": None if value is None else Decimal(value),
        "period_end_from": end,
        "period_end_to": end,
        "period_text": f"to {end:%B %Y}" if end else "",
        "published_on": known,
        "published_precision": "month" if known else "unknown",
        "source": source(),
    }
    return TargetStatement.objects.create(target=target, **values | fields)


def rate_series(area: GeoArea, whole: GeoArea, taken: GeoArea, rest: GeoArea) -> dict[str, Series]:
    """A rate for ``area`` and for ``rest``, which is ``whole`` less ``taken``; no observations yet."""
    indicator = Indicator.objects.create(
        code="kite-rate", name="Kites per hundred people", unit="percent", kind="rate", factor=100
    )
    made = {
        name: Series.objects.create(key=f"kite-rate-{name}", indicator=indicator, area=of, source=source())
        for name, of in (("area", area), ("whole", whole), ("taken", taken))
    }
    made["rest"] = Series.objects.create(
        key="kite-rate-rest", indicator=indicator, area=rest, source=source(), origin=Series.Origin.DERIVED
    )
    for name, sign in (("whole", 1), ("taken", -1)):
        SeriesPart.objects.create(series=made["rest"], part=made[name], sign=sign)
    return made


def release(
    series: dict[str, Series], day: date, counts: dict[int, dict[str, tuple[int, int]]], margin: str = ""
) -> Vintage:
    """A release with numerators and denominators by year and series, each rate with ``margin`` points either way."""
    vintage = Vintage.objects.create(key=f"kites-{day}", label=f"Kites, {day}", released_on=day, source=source())
    for year, by_name in counts.items():
        for name, (numerator, denominator) in by_name.items():
            value = Decimal(100) * numerator / denominator
            ends = {"lower": value - Decimal(margin), "upper": value + Decimal(margin)} if margin else {}
            Observation.objects.create(
                vintage=vintage,
                series=series[name],
                period_start=date(year, 1, 1),
                period_end=date(year, 12, 31),
                period_label=str(year),
                value=round(value, 6),
                numerator=numerator,
                denominator=denominator,
                **ends,
            )
    return vintage
