"""The style guide: every component with sample data. For developers only, mounted under DEBUG."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nelis.core import charts, svg_geometry
from nelis.core.charts.cache import render_svg
from nelis.core.listing import Facet, Listing, Option, Row, build_listing

#: Sample data that the template takes as it is.
PLAIN_SAMPLES = ("facts", "brief", "sections", "organisations", "parts", "project_steps", "chain", "quote", "callout")

SAMPLES = Path(__file__).with_suffix(".yaml")


class Sample:
    """An object with every attribute, empty unless given."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component once."""
    data = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    sources = [
        Sample(get_kind_display=source.pop("kind"), get_absolute_url="#", **source) for source in data["sources"]
    ]
    pages = {title: Sample(pk=title, title=title, url="#") for title in (*data["challenges"], *data["deals"])}
    sectors = [Sample(pk=sector["title"], **sector) for sector in data["sectors"]]
    propositions = [
        Sample(pk=f"P{number}", reference=f"P{number}", title=title, url="#", lead_theme_id=sectors[0].pk)
        for number, title in enumerate(data["propositions"], 1)
    ]
    events = [_event(event) for event in data["events"]]
    context = {
        "sources": sources,
        "statistics": _statistics(data["statistics"], sources),
        "stages": data["stages"],
        "statuses": data["statuses"],
        "sectors": sectors,
        "challenges": [pages[title] for title in data["challenges"]],
        "deals": [pages[title] for title in data["deals"]],
        "propositions": propositions,
        "links": [Sample(page_id=sector, target_id=target, basis=basis) for sector, target, basis in data["links"]],
        "events": events,
        "first": events[0].start,
        "last": events[1].end,
        "steps": data["steps"],
        "sample": Sample(as_of=events[0].start, is_stale=True),
        "linked_pages": [Sample(other=Sample(url="#", **tie), link=Sample(**tie)) for tie in data["ties"]],
        "into": svg_geometry.spokes([line["mark"] for line in data["chain"]["left"]["lines"]], inward=True),
        "out": svg_geometry.spokes([line["mark"] for line in data["chain"]["right"]["lines"]], inward=False),
        "listing": _listing(request, propositions),
        "contact": Sample(**data["contact"]),
        "charts": _charts(),
        **{name: data[name] for name in PLAIN_SAMPLES},
    }
    return render(request, "styleguide/page.html", context)


def share_pictures(request: HttpRequest) -> HttpResponse:
    """Show the drawings that the pictures in static/img are made from."""
    data = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    return render(request, "styleguide/share.html", {"sectors": [Sample(**sector) for sector in data["sectors"]]})


def _statistics(rows: list[dict[str, Any]], sources: list[Sample]) -> list[Any]:
    """Return the sample statistics, with disputed ones as a list of rivals, as pages pass them."""
    statistics = [_statistic(row, sources[row["source"]]) for row in rows]
    rivals = [statistic for statistic in statistics if statistic.status == "disputed"]
    at = statistics.index(rivals[0])
    return [*statistics[:at], rivals, *statistics[at + len(rivals) :]]


def _statistic(row: dict[str, Any], source: Sample) -> Sample:
    defaults = {"status": "confirmed", "qualifier": "exact", "unit": "number", "live": True}
    numbers = {name: Decimal(row[name]) if name in row else None for name in ("value", "low", "high", "whole")}
    related = {
        # A citation calls for a URL.
        "get_absolute_url": lambda: "/",
        "source": source,
        "source_id": source.pk,
        "geography": Sample(name=row["geography"]),
    }
    return Sample(**(defaults | row | numbers | related))


def _event(row: dict[str, Any]) -> Sample:
    confidence = f"{row['confidence']} confidence"
    return Sample(**({"status": "happened", "anchor": row["ref"], "get_confidence_display": confidence} | row))


def _listing(request: HttpRequest, items: list[Sample]) -> Listing:
    facet = Facet("stage", "Stage", [Option("proposed", "Proposed at summit"), Option("draft", "In draft")])
    rows = [Row(item.pk, {"stage": frozenset(["proposed"])}) for item in items]
    return build_listing(rows, [facet], request.GET, per_page=4)


@cache
def _charts() -> list[charts.RenderedChart]:
    """Draw one chart of each kind, here and now: this process is a developer's own."""
    days = [date(2019, 1, 7) + timedelta(days=7 * week) for week in range(26)]
    series = [charts.Series(name, [(day, n * k) for n, day in enumerate(days)]) for name, k in (("One", 9), ("Two", 4))]
    bars = [charts.Bar("The longest of the names that a category has here", 41), charts.Bar("Another", 12)]
    votes = [
        charts.Stances(f"Proposition {n}", dict(zip(charts.STANCES, (n, 9, 3, 4, 2, 5, 6), strict=True)))
        for n in (6, 14)
    ]
    samples = [
        charts.line_chart("over-time", "Lines over time", "Sample data: both rise evenly.", series, unit="things"),
        charts.line_chart("area", "One line over time", "Sample data.", series[:1], unit="things", area=True),
        charts.bar_chart("bars", "Bars by category", "Sample data: the first is the longest.", bars, unit="things"),
        charts.stance_chart("stances", "Stances", "Sample data: more are in favour.", votes, category="Proposition"),
    ]
    return [
        charts.RenderedChart(
            chart.name,
            chart.title,
            chart.summary,
            chart.table,
            wide=render_svg(chart.wide, f"chart-{chart.name}-w"),
            narrow=render_svg(chart.narrow, f"chart-{chart.name}-n"),
        )
        for chart in samples
    ]
