"""A page that shows every component with sample data. Developers only: mounted under DEBUG."""

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

__all__ = ["share_pictures", "styleguide"]

#: Samples that templates take as they are.
PLAIN_SAMPLES = ("facts", "brief", "sections", "organisations", "parts", "project_steps", "chain", "quote", "callout")

SAMPLES = Path(__file__).with_suffix(".yaml")


class Sample:
    """Sample data that has every attribute, empty unless given."""

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    data = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    sources = [_source(one) for one in data["sources"]]
    pages = {title: Sample(pk=title, title=title, url="#") for title in (*data["challenges"], *data["deals"])}
    sectors = [Sample(pk=one["title"], **one) for one in data["sectors"]]
    lead = sectors[0].pk
    propositions = [
        Sample(pk=f"P{n}", reference=f"P{n}", title=title, url="#", lead_theme_id=lead)
        for n, title in enumerate(data["propositions"], 1)
    ]
    events = [_event(one) for one in data["events"]]
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
        "linked_pages": [_tie(one) for one in data["ties"]],
        "into": svg_geometry.spokes([line["mark"] for line in data["chain"]["left"]["lines"]], inward=True),
        "out": svg_geometry.spokes([line["mark"] for line in data["chain"]["right"]["lines"]], inward=False),
        "listing": _listing(request, propositions),
        "contact": Sample(**data["contact"]),
        "charts": _charts(),
        **{name: data[name] for name in PLAIN_SAMPLES},
    }
    return render(request, "styleguide/page.html", context)


def _source(given: dict[str, Any]) -> Sample:
    return Sample(get_kind_display=given.pop("kind"), get_absolute_url="#", **given)


def _statistics(given: list[dict[str, Any]], sources: list[Sample]) -> list[Any]:
    """The samples, rivals for one fact as a list, as pages give them."""
    alone = [_statistic(one, sources) for one in given]
    rivals = [one for one in alone if one.status == "disputed"]
    at = alone.index(rivals[0])
    return [*alone[:at], rivals, *alone[at + len(rivals) :]]


def _statistic(given: dict[str, Any], sources: list[Sample]) -> Sample:
    numbers = {name: Decimal(given[name]) if name in given else None for name in ("value", "low", "high", "whole")}
    source = sources[given["source"]]
    defaults = {"status": "confirmed", "qualifier": "exact", "unit": "number", "live": True}
    # What the design is shown with needs no address, and a citation calls for one.
    own = {
        "get_absolute_url": lambda: "/",
        "source": source,
        "source_id": source.pk,
        "geography": Sample(name=given["geography"]),
    }
    return Sample(**(defaults | given | numbers | own))


def _tie(given: dict[str, Any]) -> Sample:
    return Sample(page=Sample(url="#", **given), link=Sample(**given))


def _listing(request: HttpRequest, items: list[Sample]) -> Listing:
    facet = Facet("stage", "Stage", [Option("proposed", "Proposed at summit"), Option("draft", "In draft")])
    rows = [Row(item.pk, {"stage": frozenset(["proposed"])}) for item in items]
    return build_listing(rows, [facet], request.GET, per_page=4)


@cache
def _charts() -> list[charts.RenderedChart]:
    """One chart of each kind, drawn at once: this process is a developer's own, and the page needs no database."""
    days = [date(2019, 1, 7) + timedelta(days=7 * week) for week in range(26)]
    series = [charts.Series(name, [(day, n * k) for n, day in enumerate(days)]) for name, k in (("One", 9), ("Two", 4))]
    bars = [charts.Bar("The longest of the names that a category has here", 41), charts.Bar("Another", 12)]
    votes = [
        charts.Stances(f"Proposition {n}", dict(zip(charts.STANCES, (n, 9, 3, 4, 2, 5), strict=True))) for n in (6, 14)
    ]
    chosen = [
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
            *(
                render_svg(spec, f"chart-{chart.name}-{side}")
                for side, spec in (("w", chart.wide), ("n", chart.narrow))
            ),
        )
        for chart in chosen
    ]


def _event(given: dict[str, Any]) -> Sample:
    words = f"{given['confidence']} confidence"
    return Sample(**({"status": "happened", "anchor": given["ref"], "get_confidence_display": words} | given))


def share_pictures(request: HttpRequest) -> HttpResponse:
    """The drawings that the pictures in static/img are made from."""
    data = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    return render(request, "styleguide/share.html", {"sectors": [Sample(**s) for s in data["sectors"]]})
