"""Tables of open data as CSV, and what their columns mean as CSVW (CSV on the Web) metadata."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nelis.core.csv_export import safe_cell
from nelis.core.site_address import absolute_url
from nelis.open_data.routers.evidence import FigureRecord
from nelis.open_data.routers.series import ObservationRecord, SeriesRecord
from nelis.open_data.routers.targets import StatementRecord

__all__ = [
    "FIGURE_COLUMNS",
    "OBSERVATION_COLUMNS",
    "STATEMENT_COLUMNS",
    "csv_text",
    "figure_rows",
    "figures_metadata",
    "observation_rows",
    "series_metadata",
    "statement_rows",
    "statements_metadata",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in the words of CSVW, what it means, and whether it may be empty."""

    name: str
    datatype: str
    meaning: str
    required: bool = False


OBSERVATION_COLUMNS = (
    Column("period", "string", "The period as readers see it", required=True),
    Column("period_start", "date", "Its first day", required=True),
    Column("period_end", "date", "Its last day", required=True),
    Column("value", "decimal", "Empty where the release gives none"),
    Column("numerator", "decimal", "What the value is a part of the denominator of"),
    Column("denominator", "decimal", "The whole"),
    Column("lower", "decimal", "The lower end of the 95% interval"),
    Column("upper", "decimal", "The upper end of the 95% interval"),
    Column("status", "string", "The mark of the source, where it gives no value or a doubtful one"),
    Column("vintage", "string", "The key of the release", required=True),
)
STATEMENT_COLUMNS = (
    Column("target", "string", "The reference of the target", required=True),
    Column("measure", "string", "What the statement gives", required=True),
    Column("text", "string", "The figure as it is read; empty where no number was given"),
    Column("value", "decimal", "The number that was stated"),
    Column("low", "decimal", "The lower end of a range"),
    Column("high", "decimal", "The upper end of a range"),
    Column("reference_value", "decimal", "What it is set against: the other level, or all that was added"),
    Column("qualifier", "string", "How exact it is", required=True),
    Column("quotation", "string", "In its own words"),
    Column("period", "string", "The period as the page words it"),
    Column("period_end_from", "date", "When the period ends, at the earliest"),
    Column("period_end_to", "date", "At the latest"),
    Column("said_by", "string", "Who says so", required=True),
    Column("known_since", "string", "As exactly as it is known: a day, a month, a year or nothing"),
    Column("source", "string", "The reference of the source"),
    Column("part", "string", "The slide, page or section of the source"),
    Column("fact_key", "string", "The same on statements of a target that disagree"),
    Column("note", "string", "A caveat"),
)
FIGURE_COLUMNS = (
    Column("key", "string", "The permanent key of the figure", required=True),
    Column("status", "string", "confirmed, disputed, superseded, or missing where it isn’t held", required=True),
    Column("text", "string", "As it is read", required=True),
    Column("label", "string", "What is counted", required=True),
    Column("value", "decimal", "The number; empty for a range, for words and for what isn’t held"),
    Column("low", "decimal", "The lower end of a range"),
    Column("high", "decimal", "The upper end of a range"),
    Column("qualifier", "string", "How exact the source is", required=True),
    Column("unit", "string", "What the number counts in", required=True),
    Column("period", "string", "The period in the words of the source"),
    Column("period_start", "date", "Its first day, if the source gives it"),
    Column("period_end", "date", "Its last day, if the source gives it"),
    Column("area_code", "string", "The code of the area", required=True),
    Column("area", "string", "The area as the source words it", required=True),
    Column("source", "string", "The reference of the source"),
    Column("part", "string", "The slide, page or section of the source"),
    Column("note", "string", "A caveat"),
    Column("fact_key", "string", "The same on figures that disagree about one fact"),
    Column("url", "anyURI", "Its page", required=True),
)


def csv_text(columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as CSV (RFC 4180, UTF-8), with the cells made safe for spreadsheet programs."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_cell(row[column.name]) for column in columns])
    return file.getvalue()


def _cell(value: Any) -> Any:
    # As many decimals as it has, not as many as the database keeps.
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else safe_cell(value)


def observation_rows(observations: Iterable[ObservationRecord]) -> Iterable[dict[str, Any]]:
    """Return the rows of a series."""
    return (dict(observation) for observation in observations)


def figure_rows(figures: Iterable[FigureRecord]) -> Iterable[dict[str, Any]]:
    """Return the rows of the figures."""
    for figure in figures:
        source = figure.source.ref if figure.source else ""
        yield dict(figure) | {"area_code": figure.area.code, "area": figure.area.name, "source": source}


def statement_rows(statements: Iterable[StatementRecord]) -> Iterable[dict[str, Any]]:
    """Return the rows of the statements."""
    for statement in statements:
        yield dict(statement) | {"source": statement.source.ref if statement.source else ""}


def csvw_metadata(
    url: str, title: str, description: str, columns: Sequence[Column], key: Sequence[str] = (), **more: Any
) -> dict[str, Any]:
    """Return the CSVW metadata of the table at ``url``, whose rows are known by the columns ``key``, if by any."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
        "url": url,
        "dc:title": title,
        "dc:description": description,
        **more,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "datatype": column.datatype,
                    "required": column.required,
                    "dc:description": column.meaning,
                }
                for column in columns
            ],
            **({"primaryKey": list(key)} if key else {}),
        },
    }


def series_metadata(series: SeriesRecord) -> dict[str, Any]:
    """Return the CSVW metadata of a series, with its releases and breaks as notes."""
    more: dict[str, Any] = {"dc:isPartOf": {"@id": absolute_url("/data/")}}
    if series.licence:
        more["dc:rights"] = series.licence
    if series.source:
        more |= {"dc:source": {"@id": series.source.url}, "dc:publisher": series.source.title}
    more["notes"] = [
        *({"type": "vintage", **vintage.model_dump(mode="json")} for vintage in series.vintages),
        *({"type": "break", **item.model_dump(mode="json")} for item in series.breaks),
    ]
    key = ("period_start", "period_end", "vintage")
    description = series.indicator.definition or series.title
    return csvw_metadata(series.csv_url, series.title, description, OBSERVATION_COLUMNS, key, **more)


def figures_metadata() -> dict[str, Any]:
    """Return the CSVW metadata of the figures."""
    description = "Every figure of the site with its source, period and area; those that aren’t held without a value."
    return csvw_metadata(absolute_url("/data/figures.csv"), "Figures", description, FIGURE_COLUMNS, ["key"])


def statements_metadata() -> dict[str, Any]:
    """Return the CSVW metadata of the statements."""
    description = "What each page said about the targets, edition by edition: as it was known then, never corrected."
    return csvw_metadata(absolute_url("/data/statements.csv"), "Published statements", description, STATEMENT_COLUMNS)
