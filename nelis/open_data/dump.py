"""The whole strategy in one file, and the schema that it keeps to."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from ninja.responses import NinjaJSONEncoder
from pydantic import ConfigDict, Field, create_model

from nelis.core.models import ChangeEntry
from nelis.core.site_address import absolute_url
from nelis.open_data.api import RESOURCES
from nelis.open_data.routers.series import SERIES, ObservationRecord, SeriesRecord, held_observations
from nelis.open_data.schemas import Record

__all__ = ["SCHEMA_PATH", "SeriesWithValues", "dump_schema", "dump_text", "field_name"]

SCHEMA_PATH = "/data/strategy.schema.json"


class SeriesWithValues(SeriesRecord):
    """A series with every value of every release; one that is derived, with its latest values."""

    observations: list[ObservationRecord]


class DumpHead(Record):
    """What stands before the lists."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_url: str = Field(alias="$schema", description="The schema that this file keeps to.")
    name: str = Field(description="The name of the site.")
    url: str
    last_change: str = Field(description="When anything was last published or taken down; empty before the first time.")


def field_name(resource_name: str) -> str:
    """Return what the file calls a list of the API: a name that every language can have."""
    return resource_name.replace("-", "_")


@cache
def dump_model() -> Any:
    """Return the type of the whole file: the head, and a list for each resource of the API."""
    lists: dict[str, Any] = {
        field_name(resource.name): (list[SeriesWithValues if resource is SERIES else resource.record], ...)  # type: ignore[misc]
        for resource in RESOURCES
    }
    return create_model("Strategy", __base__=DumpHead, __doc__="Everything that the site publishes.", **lists)


def dump_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    schema = dump_model().model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": absolute_url(SCHEMA_PATH)} | schema


def dump_data() -> dict[str, Any]:
    """Return the whole strategy. A fixed number of queries, and one or two for each series."""
    latest = ChangeEntry.objects.values_list("at", flat=True).first()
    lists = {field_name(resource.name): resource.all() for resource in RESOURCES if resource is not SERIES}
    lists[field_name(SERIES.name)] = _series_with_values()
    whole = dump_model()(
        **{"$schema": absolute_url(SCHEMA_PATH)},
        name=settings.SITE_NAME,
        url=absolute_url("/"),
        last_change=latest.isoformat() if latest else "",
        **lists,
    )
    return whole.model_dump(by_alias=True)


def _series_with_values() -> list[SeriesWithValues]:
    rows = list(SERIES.public())
    return [
        SeriesWithValues(**record.model_dump(), observations=held_observations(series))
        for series, record in zip(rows, SERIES.records(rows), strict=True)
    ]


def dump_text() -> str:
    """Return the file as it is served."""
    return json.dumps(dump_data(), cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":"))
