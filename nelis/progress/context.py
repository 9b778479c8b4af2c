"""Template context of the pages of targets."""

from decimal import Decimal
from typing import Any

from nelis.core.page_views import page_context
from nelis.evidence.figures import format_number
from nelis.progress import pace
from nelis.progress.models import TargetIndexPage, TargetPage

#: The rule in words, in the order of the pages: each status with the pace it stands for.
STATUS_RULES = [
    {"status": pace.Status.MET, "means": "all that is wanted has been reached"},
    {"status": pace.Status.ON_COURSE, "means": f"{pace.ON_COURSE_FROM} or more"},
    {"status": pace.Status.BEHIND, "means": f"{pace.SLOW_BELOW} to {pace.ON_COURSE_FROM}"},
    {"status": pace.Status.SLOW, "means": f"0 to {pace.SLOW_BELOW}"},
    {"status": pace.Status.AWAY, "means": "below 0"},
    {"status": pace.Status.TOO_CLOSE, "means": "the ends of the range fall on different statuses"},
    {"status": pace.Status.PASSED, "means": "the deadline is behind us: no pace"},
    {"status": pace.Status.UNKNOWN, "means": "no start, or no figure for progress"},
]


@page_context(TargetIndexPage)
def target_index_context(page: TargetIndexPage, request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """The targets in the order of the tree, with what each is compared with and its latest figure. One query."""
    relations = ("comparator", "latest__source", "latest__geography")
    return {"targets": TargetPage.objects.child_of(page).live().select_related(*relations).order_by("path")}


@page_context(TargetPage)
def target_context(target: TargetPage, request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Facts, a table of the figures, the rule behind the status, and the other targets. One query."""
    progress = target.progress
    others = TargetPage.objects.live().sibling_of(target, inclusive=False)
    return {
        "others": list(others.select_related("latest").order_by("path")),
        "rule": STATUS_RULES,
        "table": [*_held_rows(context["statistics"]), *_derived_rows(target), *_gap_rows(target)],
        "wanted": target_in_words(target),
        "left": format_number(progress.remaining) if progress.remaining is not None else "",
        "share_percent": format_number((progress.share * 100).quantize(Decimal("0.1")))
        if progress.share is not None
        else "",
        "facts": target_facts(target),
    }


def target_in_words(target: Any) -> str:
    """What is wanted as it is read, such as “100,000 jobs”."""
    return f"{format_number(target.target_value)} {target.unit}".replace(" %", "%")


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


def _held_rows(statistics: list[Any]) -> list[dict[str, Any]]:
    """A row of the table for each figure from a source, which may be missing."""
    rows = []
    for item in statistics:
        rivals = item if isinstance(item, list) else [item]
        for statistic in rivals:
            figure, label = statistic.figure, statistic.label
            text = figure.text if figure.held else ""
            row = _row(label[:1].upper() + label[1:], statistic.period_text, text, statistic.note)
            rows.append(row | {"source": statistic.source, "statistic": statistic, "rivals": rivals})
    return rows


def _derived_rows(target: TargetPage) -> list[dict[str, Any]]:
    """Rows that we worked out from the latest figure."""
    progress = target.progress
    if progress.remaining is None or target.latest is None:
        return []
    at = f"{target.latest.period_end:%B %Y}"
    rows = [_row("Still to go", f"From {at}", format_number(progress.remaining), note="Our subtraction")]
    if progress.elapsed_low is not None and progress.elapsed_high is not None:
        # As exactly as the share of time is printed beside the pace.
        shares = [elapsed.quantize(Decimal("0.01")) for elapsed in (progress.elapsed_low, progress.elapsed_high)]
        ends = sorted({share * target.target_value for share in shares})
        figure = " to ".join(format_number(end) for end in ends)
        rows.append(_row("Needed by then, at an even pace", f"To {at}", figure, note="Our working, below"))
    return rows


def _gap_rows(target: TargetPage) -> list[dict[str, Any]]:
    """Rows kept open for what is not held."""
    rows = []
    if target.baseline_value is None:
        gap = target.target_kind == target.Kind.GAP_REDUCTION
        rows.append(_row(f"{'Gap' if gap else 'Level'} at the start", str(target.baseline_year or "")))
    if target.latest is None:
        rows.append(_row("Latest figure", ""))
    return rows


def _row(measure: str, period: str, figure: str = "", note: str = "") -> dict[str, Any]:
    """A row of the table; without a figure, a gap."""
    period = period[:1].upper() + period[1:] if period else "Not stated"
    return {"measure": measure, "period": period, "figure": figure, "note": note}
