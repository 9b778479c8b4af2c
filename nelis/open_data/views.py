"""The open data page, and the files it lists. The page cache keeps each until any content changes."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nelis.evidence.models import Series
from nelis.open_data import tables
from nelis.open_data.catalogue import catalogue_context, catalogue_data
from nelis.open_data.dump import SeriesWithValues, dump_schema, dump_text
from nelis.open_data.routers.evidence import FIGURES
from nelis.open_data.routers.series import SERIES, held_observations
from nelis.open_data.routers.targets import TARGETS
from nelis.open_data.stratml import PARTS, stratml_text

__all__ = [
    "catalogue_file",
    "figures_csv",
    "figures_csv_metadata",
    "open_data",
    "series_file",
    "statements_csv",
    "statements_csv_metadata",
    "strategy_file",
    "strategy_schema",
    "stratml_file",
]

JSON, CSV, XML = "application/json", "text/csv; charset=utf-8", "application/xml"
CSVW = "application/csvm+json"
SCHEMA = "application/schema+json"


def json_file(data: Any, content_type: str = JSON) -> HttpResponse:
    """Answer with ``data`` as JSON that people can read, too."""
    return HttpResponse(json.dumps(data, indent=2, ensure_ascii=False), content_type=content_type)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What is held, how far it reaches and whose it is; and, with the same weight, what isn't held."""
    return render(request, "open_data/catalogue.html", catalogue_context())


@require_safe
def catalogue_file(request: HttpRequest) -> HttpResponse:
    """The catalogue for other programs (DCAT)."""
    return json_file(catalogue_data(), "application/ld+json")


@require_safe
def strategy_file(request: HttpRequest) -> HttpResponse:
    """The whole strategy in one file."""
    return HttpResponse(dump_text(), content_type=JSON)


@require_safe
def strategy_schema(request: HttpRequest) -> HttpResponse:
    """The schema that the file of the whole strategy keeps to."""
    return json_file(dump_schema(), SCHEMA)


@require_safe
def stratml_file(request: HttpRequest, part: int) -> HttpResponse:
    """The strategy as StratML."""
    if part not in PARTS:
        raise Http404("The standard has two parts.")
    return HttpResponse(stratml_text(part), content_type=XML)


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Every figure, those that aren't held among them."""
    return HttpResponse(tables.csv_text(tables.FIGURE_COLUMNS, tables.figure_rows(FIGURES.all())), content_type=CSV)


@require_safe
def figures_csv_metadata(request: HttpRequest) -> HttpResponse:
    """What the columns of the figures mean."""
    return json_file(tables.figures_metadata(), CSVW)


@require_safe
def statements_csv(request: HttpRequest) -> HttpResponse:
    """Every statement about a target that its page shows."""
    statements = (statement for target in TARGETS.all() for statement in target.statements)
    return HttpResponse(tables.csv_text(tables.STATEMENT_COLUMNS, tables.statement_rows(statements)), content_type=CSV)


@require_safe
def statements_csv_metadata(request: HttpRequest) -> HttpResponse:
    """What the columns of the statements mean."""
    return json_file(tables.statements_metadata(), CSVW)


@require_safe
def series_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A series: its values as CSV, what the columns mean, or all of it as JSON."""
    series: Series | None = SERIES.public().filter(key=key).first()
    if series is None:
        raise Http404(f"There is no series with the key {key}.")
    [record] = SERIES.records([series])
    match kind:
        case "csv":
            rows = tables.observation_rows(held_observations(series))
            return HttpResponse(tables.csv_text(tables.OBSERVATION_COLUMNS, rows), content_type=CSV)
        case "csv-metadata.json":
            return json_file(tables.series_metadata(record), CSVW)
        case "json":
            whole = SeriesWithValues(**record.model_dump(), observations=held_observations(series))
            return json_file(whole.model_dump(mode="json"))
    raise Http404("There is no such file.")
