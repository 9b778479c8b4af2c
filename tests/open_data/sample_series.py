"""Two made-up series, and a third that is worked out from them."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from nelis.evidence.models import GeoArea, Indicator, Observation, Series, SeriesBreak, SeriesPart, Source, Vintage

YEARS = (2017, 2018)


def make_series(source: Source, secret: str = "") -> SimpleNamespace:
    """People in work in Exampleshire, in its capital, and outside the capital; two releases, and one withdrawn."""
    indicator = Indicator.objects.create(code="in-work", name="People in work", definition="Aged 16 to 64.")
    areas = [GeoArea.objects.create(code=f"X8800000{number}", name=f"Area {number}") for number in range(3)]
    fields: dict[str, Any] = {"indicator": indicator, "source": source, "licence": "A stated licence"}
    whole, part = (Series.objects.create(key=f"s{number}", area=areas[number], **fields) for number in range(2))
    derived = Series.objects.create(key="s2", area=areas[2], origin=Series.Origin.DERIVED, **fields)
    SeriesPart.objects.create(series=derived, part=whole, sign=1)
    SeriesPart.objects.create(series=derived, part=part, sign=-1)
    SeriesBreak.objects.create(key="b1", indicator=indicator, on=date(2018, 1, 1), note="New weights")
    first = Vintage.objects.create(key="r1", label="June 2019", released_on=date(2019, 6, 1), source=source)
    second = Vintage.objects.create(key="r2", label="June 2020", released_on=date(2020, 6, 1), source=source)
    withdrawn = Vintage.objects.create(
        key="r3", label=f"June 2021 {secret}", source=source, withdrawn_at=timezone.now(), withdrawn_reason=secret
    )
    for series, base in ((whole, 100), (part, 40)):
        for vintage, more in ((first, 0), (second, 5), (withdrawn, 999)):
            for year in YEARS:
                observe(series, vintage, year, Decimal(base + more))
    return SimpleNamespace(whole=whole, part=part, derived=derived, indicator=indicator, second=second)


def observe(series: Series, vintage: Vintage, year: int, value: Decimal) -> None:
    span = {"period_start": date(year, 1, 1), "period_end": date(year, 12, 31), "period_label": str(year)}
    Observation.objects.create(series=series, vintage=vintage, value=value, **span)
