"""Template context of the pages of targets, of their list, and of the targets on the home page."""

from typing import Any

from nelis.core import charts
from nelis.core.page_views import page_context
from nelis.evidence.citation_text import as_sentence, join_sentences, site_reference
from nelis.evidence.figures import format_number
from nelis.progress import pace, wording
from nelis.progress.charts import small_chart, target_chart
from nelis.progress.models import TargetIndexPage, TargetPage
from nelis.progress.record import Edition, TargetRecord, load_record, load_records
from nelis.progress.wording import target_in_words

ONS = "Office for National Statistics"
ONS_CREDIT = f"Source: {ONS}, licensed under the Open Government Licence v3.0."

#: The rule in words, in the order of the pages: each status with the pace it stands for.
STATUS_RULES = [
    {"status": pace.Status.ON_COURSE, "means": f"pace {pace.ON_COURSE_FROM} or more"},
    {"status": pace.Status.BEHIND, "means": f"pace {pace.SLOW_BELOW} to {pace.ON_COURSE_FROM}"},
    {"status": pace.Status.SLOW, "means": f"pace 0 to {pace.SLOW_BELOW}"},
    {"status": pace.Status.AWAY, "means": "pace below 0"},
    {"status": pace.Status.TOO_CLOSE, "means": "the ends of the range fall on different statuses"},
    {"status": pace.Status.UNKNOWN, "means": "no start, or no figure for progress"},
]
#: The rule once the deadline has passed: a result, and no pace.
RESULT_RULES = [
    {"status": pace.Status.MET, "means": "a figure for the year of the deadline reaches the aim"},
    {"status": pace.Status.NOT_MET, "means": "a figure for that year falls short by more than its margin"},
    {"status": pace.Status.TOO_CLOSE, "means": "it falls short by less than its margin"},
    {"status": pace.Status.NO_FINAL, "means": "the last figure held is for an earlier year"},
    {"status": pace.Status.UNKNOWN, "means": "no figure for progress"},
]


def targets_summary(targets: Any) -> dict[str, Any]:
    """How the targets ended or stand, each with a small chart: for their list and the home page. Five queries at most.

    ``target_rows``: one for each target, for ``components/target_rows.html``. ``targets_tally``: “one met, three not”;
    ``targets_heading`` says how many there are, too.
    """
    records = load_records(targets)
    drawn = charts.rendered_charts(small_chart(record) for record in records)
    rows = [_row(record, list(drawn.values())[number]) for number, record in enumerate(records)]
    counted = tally(records)
    words = f"{_in_words(len(rows))} {'target' if len(rows) == 1 else 'targets'}".capitalize()
    return {
        "target_rows": rows,
        "targets_tally": counted,
        "targets_heading": f"{words}: {counted}" if counted else words,
    }


def _row(record: TargetRecord, chart: charts.RenderedChart) -> dict[str, Any]:
    answer, _reasons = wording.certainty(record)
    return {
        "target": record.target,
        "promise": wording.promise(record.target),
        "status": record.progress.status,
        "verdict": wording.verdict(record),
        "certainty": answer,
        "chart": chart,
    }


def tally(records: list[TargetRecord]) -> str:
    """How many targets were met and how many not, from their statuses: “one met, three not, two without a result”."""
    statuses = [record.progress.status for record in records]
    met, missed = statuses.count(pace.Status.MET), statuses.count(pace.Status.NOT_MET)
    if not met and not missed:
        return ""
    parts = [f"{_in_words(met)} met", f"{_in_words(missed)} not"]
    if open_ := len(statuses) - met - missed:
        parts.append(f"{_in_words(open_)} without a result")
    return ", ".join(parts)


def _in_words(number: int) -> str:
    names = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[number] if number < len(names) else str(number)


@page_context(TargetIndexPage)
def target_index_context(page: TargetIndexPage, request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """The targets in the order of the tree. Six queries at most."""
    relations = TargetPage.page_select_related
    targets = TargetPage.objects.child_of(page).live().select_related(*relations).order_by("path")
    return {"targets": targets, **targets_summary(targets)}


@page_context(TargetPage)
def target_context(target: TargetPage, request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """What is known of the target, and the other targets. Six queries at most.

    A view that shows an earlier day has set ``shown_record`` on the page.
    """
    record = getattr(target, "shown_record", None) or load_record(target)
    today = TargetRecord(target, record.statements, record.history, today=record.today)
    sources = {source.pk: source for source in context["sources"]} if record.until is None else {}
    disputed = (statement for group in record.disagreements for statement in group)
    for cited in (*record.shown_statements, *record.readings, *disputed):
        if cited.source and cited.source.live:
            sources.setdefault(cited.source.pk, cited.source)
    for statement in record.shown_statements:
        statement.display_value = wording.statement_figure(target, statement)
    others = TargetPage.objects.live().sibling_of(target, inclusive=False).order_by("path")
    return {
        "others": list(others),
        "record": record,
        "progress": record.progress,
        "verdict": wording.verdict(record),
        "cells": wording.cells(record),
        "known_when": known_when(target, today, record),
        "chart": charts.rendered_chart(target_chart(record)),
        "statements": record.shown_statements,
        "disagreements": [_disagreement(group) for group in record.disagreements],
        "choices": wording.choices(record),
        "inputs": wording.inputs(record),
        "citation": _citation(target, record, today),
        "rule": RESULT_RULES if record.is_over else STATUS_RULES,
        "sources": list(sources.values()),
        "credit": ONS_CREDIT if any(source.publisher == ONS for source in sources.values()) else "",
    }


def known_when(target: TargetPage, full: TargetRecord, shown: TargetRecord) -> list[dict[str, Any]]:
    """The days on which something became known, each with its address; the last is today’s page.

    On the page of an earlier day, what came later has its link, and no figure.
    """
    editions = full.editions
    items = [
        {
            "edition": edition,
            "url": edition_url(target, edition),
            "here": shown.until == edition.until,
            "is_later": bool(shown.until and edition.until > shown.until),
        }
        for edition in editions
    ]
    if items:
        items[-1] |= {"url": target.url, "here": shown.until is None, "is_last": True, "progress": full.progress}
        items[-1]["reading"] = full.latest
    return items


def edition_url(target: TargetPage, edition: Edition) -> str:
    """The address of the page as it stood on the day of ``edition``."""
    return f"{target.url}as-at/{edition.slug}/"


def _citation(target: TargetPage, shown: TargetRecord, today: TargetRecord) -> str:
    """How to cite the page: what it says, as at which day, by which source, and its address."""
    edition = next((item for item in today.editions if shown.until == item.until), None)
    latest = shown.latest
    source = latest.source if latest else None
    return join_sentences(
        as_sentence(f"{target.ref} {target.title}: {wording.verdict(shown)}"),
        as_sentence(f"As it stood in {edition.label}") if edition else "",
        as_sentence(f"Source: “{source.title}”, {source.publisher}") if source else "",
        site_reference(edition_url(target, edition) if edition else target.url, target.ref, today.today),
    )


def _disagreement(group: list[Any]) -> dict[str, Any]:
    """Statements that disagree, side by side, and by how much."""
    values = [item.value for item in group if item.value is not None]
    difference = max(values) - min(values) if len(values) > 1 else None
    return {"statements": group, "difference": format_number(difference.normalize()) if difference else ""}


def target_facts(target: Any) -> list[dict[str, Any]]:
    """What stands in the title block of a target. No query."""
    start = "Start not held"
    if target.baseline_year:
        held = target.baseline_value is not None
        level = format_number(target.baseline_value) if held else "level not held"
        start = f"{target.baseline_year}, {level}"
    return [
        {"label": "Wanted", "value": target_in_words(target)},
        {"label": "Counted from", "value": start, "missing": not target.baseline_year},
        {"label": "Deadline", "value": f"{target.deadline_year}, month not stated"},
        {
            "label": "Compared with",
            "value": str(target.comparator) if target.comparator_id else "Its own start",
        },
    ]
