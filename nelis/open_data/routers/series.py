"""Series of figures, with the releases that gave each value."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Query
from ninja.errors import HttpError
from pydantic import Field

from nelis.core.site_address import absolute_url
from nelis.evidence.models import Indicator, Observation, Series, SeriesBreak, SeriesPart, Vintage
from nelis.evidence.models.series_points import as_at, standing_observations
from nelis.open_data.parameters import Day, ListParameters, Ref
from nelis.open_data.references import source_reference
from nelis.open_data.resources import ReadRouter, Resource, part_of
from nelis.open_data.routers.evidence import AreaRecord, area_record
from nelis.open_data.schemas import ListOf, Number, OneOf, Record, Reference

__all__ = ["SERIES", "ObservationRecord", "SeriesRecord", "held_observations", "router"]

router = ReadRouter(tags=["Series"])


class IndicatorRecord(Record):
    """What is measured."""

    code: str
    name: str
    unit: str
    kind: Annotated[str, OneOf(Indicator.Kind)]
    decimals: int = Field(description="How many are shown at most.")
    definition: str
    source: Reference | None = Field(description="The publication that defines it.")


class VintageRecord(Record):
    """A release that gave values. Withdrawn ones are left out, with their values."""

    key: str
    label: str
    released_on: date | None
    released_text: str = Field(description="When it came out, in words, where the day isn’t known.")
    source: Reference | None
    note: str


class BreakRecord(Record):
    """A day from which values can’t be compared with those before."""

    day: date
    note: str


class PartRecord(Record):
    """A series that another is worked out from."""

    series: str = Field(description="Its key.")
    sign: int = Field(description="1 where it is added, -1 where it is taken away.")


class SeriesRecord(Record):
    """The values of one indicator for one area, without the values themselves."""

    key: str
    title: str
    indicator: IndicatorRecord
    area: AreaRecord
    treatment: str = Field(description="Such as “smoothed”, where there are several.")
    frequency: Annotated[str, OneOf(Series.Frequency)]
    origin: Annotated[str, OneOf(Series.Origin)] = Field(description="Supplied by a source, or derived by us.")
    derived_from: list[PartRecord]
    source: Reference | None
    licence: str = Field(description="As the source states it; empty where it doesn’t.")
    vintages: list[VintageRecord] = Field(description="The releases with values of it, the newest first.")
    breaks: list[BreakRecord]
    observations_url: str
    csv_url: str
    csv_metadata_url: str = Field(description="What the columns of the CSV mean (CSVW).")
    json_url: str


class ObservationRecord(Record):
    """A value for one period, as one release gave it."""

    period: str = Field(description="As readers see it.")
    period_start: date
    period_end: date
    value: Number | None = Field(description="Null where the release gives none.")
    numerator: Number | None
    denominator: Number | None
    lower: Number | None = Field(description="The lower end of the 95% interval.")
    upper: Number | None = Field(description="The upper end of the 95% interval.")
    status: str = Field(description="The mark of the source, where it gives no value or a doubtful one.")
    vintage: str = Field(description="The key of the release; of the newest, where several are behind it.")


class SeriesFilters(ListParameters):
    """Which series."""

    indicator: Ref | None = Field(None, description="The code of an indicator.")
    area: Ref | None = Field(None, description="The code of an area.")


class ObservationFilters(ListParameters):
    """Which values of a series."""

    vintage: Ref | None = Field(None, description="What was known when that release had come out. Without it: today.")
    since: Day | None = Field(None, description="Only periods that end on that day or after it.")
    until: Day | None = Field(None, description="Only periods that end on that day or before it.")


def public() -> QuerySet[Any]:
    """Return the series whose source is published."""
    rows = Series.objects.filter(source__live=True).select_related("indicator__source", "area", "source")
    parts = Prefetch("parts", SeriesPart.objects.select_related("part"))
    return rows.prefetch_related("breaks", "indicator__breaks", parts).order_by("key")


def records(rows: Iterable[Series]) -> list[SeriesRecord]:
    """Make records of series. Two queries."""
    rows = list(rows)
    vintages = _vintages(rows)
    return [_record(series, vintages) for series in rows]


def _record(series: Any, vintages: dict[int, dict[int, Vintage]]) -> SeriesRecord:
    indicator = series.indicator
    held_in = {series.pk, *(row.part_id for row in series.parts.all())}
    releases = {key: release for pk in held_in for key, release in vintages[pk].items()}
    breaks: list[SeriesBreak] = sorted([*series.breaks.all(), *indicator.breaks.all()], key=lambda item: item.on)
    file_url = absolute_url(f"/data/series/{series.key}")
    return SeriesRecord(
        key=series.key,
        title=str(series),
        indicator=IndicatorRecord(
            code=indicator.code,
            name=indicator.name,
            unit=indicator.unit,
            kind=indicator.kind,
            decimals=indicator.decimals,
            definition=indicator.definition,
            source=source_reference(indicator.source),
        ),
        area=area_record(series.area),
        treatment=series.treatment,
        frequency=series.frequency,
        origin=series.origin,
        derived_from=[PartRecord(series=row.part.key, sign=row.sign) for row in series.parts.all()],
        source=source_reference(series.source),
        licence=series.licence,
        vintages=[_vintage_record(vintage) for vintage in sorted(releases.values(), key=_age, reverse=True)],
        breaks=[BreakRecord(day=item.on, note=item.note) for item in breaks],
        observations_url=absolute_url(f"/api/v1/series/{series.key}/observations"),
        csv_url=f"{file_url}.csv",
        csv_metadata_url=f"{file_url}.csv-metadata.json",
        json_url=f"{file_url}.json",
    )


def _vintages(rows: list[Any]) -> dict[int, dict[int, Vintage]]:
    """The standing releases with values of each series and of the parts it is made of, by key. Two queries."""
    keys = {series.pk for series in rows} | {row.part_id for series in rows for row in series.parts.all()}
    pairs = Observation.objects.filter(series__in=keys).order_by().values_list("series", "vintage").distinct()
    standing = {vintage.pk: vintage for vintage in Vintage.objects.standing().select_related("source")}
    found: dict[int, dict[int, Vintage]] = defaultdict(dict)
    for series_pk, vintage_pk in pairs:
        if vintage_pk in standing:
            found[series_pk][vintage_pk] = standing[vintage_pk]
    return found


def _age(vintage: Vintage) -> tuple[date, Any, int]:
    return vintage.released_on or date.min, vintage.imported_at, vintage.pk


def _vintage_record(vintage: Vintage) -> VintageRecord:
    return VintageRecord(
        key=vintage.key,
        label=vintage.label,
        released_on=vintage.released_on,
        released_text=vintage.released_text,
        source=source_reference(vintage.source),
        note=vintage.note,
    )


def held_observations(series: Series) -> list[ObservationRecord]:
    """Return every value of ``series`` in every standing release; of a derived series, its latest values."""
    if series.origin == Series.Origin.DERIVED:
        return _observation_records(as_at(series))
    return _observation_records(standing_observations([series.pk]))


def _observation_records(points: Iterable[Any]) -> list[ObservationRecord]:
    return [_observation_record(point) for point in points]


def _observation_record(point: Any) -> ObservationRecord:
    """Make a record of an observation, or of a point that was worked out from some."""
    return ObservationRecord(
        period=point.period_label,
        period_start=point.period_start,
        period_end=point.period_end,
        value=point.value,
        numerator=point.numerator,
        denominator=point.denominator,
        lower=point.lower,
        upper=point.upper,
        status=point.status_flag,
        vintage=point.vintage.key if point.vintage else "",
    )


SERIES = Resource("series", "series", SeriesRecord, public, records, "key")


@router.read("/series", ListOf[SeriesRecord], summary="List the series")
def list_series(request: HttpRequest, filters: Query[SeriesFilters]) -> ListOf[SeriesRecord]:
    """Every series with its releases, its breaks, its licence and the addresses of its files."""
    rows = public()
    if filters.indicator:
        rows = rows.filter(indicator__code__iexact=filters.indicator)
    if filters.area:
        rows = rows.filter(area__code__iexact=filters.area)
    return SERIES.part(request, rows, filters)


@router.read("/series/{ref}", SeriesRecord, summary="Get one series")
def get_series(request: HttpRequest, ref: Ref) -> SeriesRecord:
    """A series, by its key."""
    return SERIES.one(ref)


@router.read("/series/{ref}/observations", ListOf[ObservationRecord], summary="List the values of a series")
def list_observations(request: HttpRequest, ref: Ref, filters: Query[ObservationFilters]) -> ListOf[ObservationRecord]:
    """The value for each period by the newest release that gives it: as it is known today, or as it was known when
    another release had come out.
    """
    series = public().filter(key__iexact=ref).first()
    if series is None:
        raise HttpError(404, f"There is no series with the key “{ref}”, or it isn’t published.")
    vintage = Vintage.objects.standing().filter(key__iexact=filters.vintage).first() if filters.vintage else None
    if filters.vintage and vintage is None:
        raise HttpError(404, f"There is no release with the key “{filters.vintage}”, or it was withdrawn.")
    points = [
        point
        for point in as_at(series, vintage)
        if (filters.since is None or point.period_end >= filters.since)
        and (filters.until is None or point.period_end <= filters.until)
    ]
    return part_of(request, len(points), points, filters, ListOf[ObservationRecord], _observation_records)
