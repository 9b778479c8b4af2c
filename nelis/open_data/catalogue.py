"""The catalogue of the open data: what is held, whose it is, and what isn't held."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.urls import reverse

from nelis.core.site_address import absolute_url
from nelis.evidence.models import Series, Source, Statistic, Vintage
from nelis.open_data.resources import published_pages
from nelis.open_data.routers.rounds import ROUNDS, Round
from nelis.open_data.routers.series import SERIES, SeriesRecord
from nelis.progress.models import TargetPage
from nelis.progress.record import TargetRecord, load_records

__all__ = ["NotHeld", "catalogue_context", "catalogue_data"]


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A figure that was looked for and isn't held: of what, where its place is kept open, and what is known of it."""

    title: str
    url: str
    note: str = ""


def catalogue_context() -> dict[str, Any]:
    """Return what the page shows. A fixed number of queries."""
    rows = list(SERIES.public())
    records = SERIES.records(rows)
    reach = _reach(rows)
    for record, row in zip(records, rows, strict=True):
        row.record, row.reach = record, reach.get(row.pk, {})
    targets = load_records(published_pages(TargetPage).select_related(*TargetPage.page_select_related))
    not_held = figures_not_held(targets)
    return {
        "groups": [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.indicator)],
        "series_count": len(rows),
        "figure_count": Statistic.objects.filter(live=True).exclude(status=Statistic.Status.MISSING).count(),
        "vintage_count": Vintage.objects.standing().count(),
        "statement_count": sum(len(record.shown_statements) for record in targets),
        "not_held": not_held,
        "rounds": ROUNDS.all(),
        "licences": _licences(),
    }


def _reach(rows: list[Series]) -> dict[int, dict[str, Any]]:
    """How many values each series has, and from when until when. One query."""
    standing = Q(observations__vintage__withdrawn_at__isnull=True)
    found = Series.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        values_held=Count("observations", filter=standing),
        first=Min("observations__period_start", filter=standing),
        last=Max("observations__period_end", filter=standing),
    )
    return {row.pk: {"count": row.values_held, "first": row.first, "last": row.last} for row in found}


def figures_not_held(targets: list[TargetRecord]) -> list[NotHeld]:
    """List the figures that aren't held: those whose place is kept open, and what ``targets`` lack. One query."""
    missing = Statistic.objects.filter(live=True, status=Statistic.Status.MISSING).order_by("key")
    found = [NotHeld(statistic.label, statistic.get_absolute_url(), statistic.note) for statistic in missing]
    for record in targets:
        target = record.target
        name = f"{target.ref} {target.title}"
        if target.baseline_value is None and not record.starts and not record.stated_starts:
            gap = target.target_kind == TargetPage.Kind.GAP_REDUCTION
            found.append(NotHeld(f"{name}: the {'gap' if gap else 'level'} at the start", target.url))
        if record.latest is None:
            found.append(NotHeld(f"{name}: the latest figure", target.url))
    return found


def _licences() -> list[tuple[str, list[Source]]]:
    """The licences that sources state, each with its sources. One query."""
    sources = Source.objects.filter(live=True, held=True).exclude(licence="").order_by("licence", "ref")
    return [(licence, list(group)) for licence, group in groupby(sources, key=lambda source: source.licence)]


def catalogue_data() -> dict[str, Any]:
    """Return the catalogue as DCAT, in JSON-LD."""
    return {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@id": absolute_url(reverse("open_data")),
        "@type": "dcat:Catalog",
        "dct:title": f"{settings.SITE_NAME}: open data",
        "dct:language": "en",
        "dcat:dataset": [*map(_series_dataset, SERIES.all()), *_other_datasets()],
    }


def _series_dataset(record: SeriesRecord) -> dict[str, Any]:
    return _dataset(
        record.observations_url,
        record.title,
        record.indicator.definition,
        {record.csv_url: "text/csv", record.json_url: "application/json"},
        record.licence,
    )


def _other_datasets() -> list[dict[str, Any]]:
    """The files that are no series, and those of the rounds that were reported back."""
    json_type, xml_type = "application/json", "application/xml"
    whole = {
        absolute_url(reverse("strategy_file")): json_type,
        **{absolute_url(reverse("stratml_file", args=[part])): xml_type for part in (1, 2)},
    }
    statements = {absolute_url(reverse("statements_csv")): "text/csv", absolute_url("/api/v1/targets"): json_type}
    figures = {absolute_url(reverse("figures_csv")): "text/csv", absolute_url("/api/v1/figures"): json_type}
    return [
        _dataset(absolute_url("/data/#whole"), "The strategy in one file", "Everything that is published.", whole),
        _dataset(absolute_url("/data/#figures"), "Figures", "Every figure, with its source or as not held.", figures),
        _dataset(absolute_url("/data/#statements"), "Statements on the targets", "Edition by edition.", statements),
        *map(_round_dataset, ROUNDS.all()),
    ]


def _round_dataset(round_: Round) -> dict[str, Any]:
    files = {file.csv_url: "text/csv" for file in round_.files}
    files |= {file.json_url: "application/json" for file in round_.files}
    description = "Published figures of a round of feedback."
    return _dataset(round_.results_url, f"Feedback: {round_.title}", description, files)


def _dataset(url: str, title: str, description: str, files: dict[str, str], licence: str = "") -> dict[str, Any]:
    described = {"dct:description": description} if description else {}
    licensed = {"dct:rights": licence} if licence else {}
    return {
        "@id": url,
        "@type": "dcat:Dataset",
        "dct:title": title,
        **described,
        **licensed,
        "dcat:distribution": [
            {"@type": "dcat:Distribution", "dcat:downloadURL": {"@id": file}, "dcat:mediaType": kind}
            for file, kind in files.items()
        ],
    }
