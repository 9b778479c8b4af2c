"""Series of the invented county of Exampleshire, its capital, and the rest of it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from nelis.evidence.models import AreaCode, GeoArea, Indicator, Observation, Series, SeriesPart, Source, Vintage


def year(vintage: Vintage, series: Series, number: int, value: Any = None, **fields: Any) -> Observation:
    """An observation of a calendar year."""
    return Observation.objects.create(
        vintage=vintage,
        series=series,
        period_start=date(number, 1, 1),
        period_end=date(number, 12, 31),
        period_label=str(number),
        value=value if value is None else Decimal(str(value)),
        **fields,
    )


@pytest.fixture
def county(db: None) -> SimpleNamespace:
    """An indicator, series for a county, its capital and the rest, two releases without figures yet."""
    county = SimpleNamespace()
    county.source = Source.objects.create(ref="X1", title="Kite survey", kind="statistics", held=True, licence="OGL v3")
    county.area = GeoArea.objects.create(code="X99000001", name="Exampleshire")
    AreaCode.objects.create(area=county.area, code="X99000009", note="Since 2024.")
    county.capital = GeoArea.objects.create(code="X99000002", name="Exampleton")
    county.rest = GeoArea.objects.create(code="X-REST", name="Exampleshire without Exampleton", is_derived=True)
    county.rate = Indicator.objects.create(
        code="kite-rate",
        name="Kite rate",
        unit="percent",
        kind="rate",
        decimals=1,
        lowest=0,
        highest=100,
        factor=100,
        known_as="Kite rate - aged 16-64\nKite fliers",
    )
    made = {"indicator": county.rate, "source": county.source, "frequency": "yearly"}
    county.whole = Series.objects.create(key="kite-rate-whole", area=county.area, **made)
    county.part = Series.objects.create(key="kite-rate-part", area=county.capital, **made)
    county.remainder = Series.objects.create(key="kite-rate-rest", area=county.rest, origin="derived", **made)
    SeriesPart.objects.create(series=county.remainder, part=county.whole, sign=1)
    SeriesPart.objects.create(series=county.remainder, part=county.part, sign=-1)
    county.early = Vintage.objects.create(
        key="v1", label="Kites, June 2023", released_on=date(2023, 6, 1), source=county.source
    )
    county.late = Vintage.objects.create(
        key="v2", label="Kites, June 2024", released_on=date(2024, 6, 1), source=county.source
    )
    return county
