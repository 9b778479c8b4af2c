"""What the page of one target shows beside its own fields."""

from decimal import Decimal
from typing import Any

from nelis.evidence.figures import format_number
from nelis.progress import pace

__all__ = ["target_context", "target_facts", "target_in_words"]

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


def target_context(target: Any, statistics: list[Any]) -> dict[str, Any]:
    """Facts, the figures line by line, the rule and the other targets. One query.

    ``statistics`` are the figures the page shows, rivals as lists.
    """
    wanted = target_in_words(target)
    progress = target.progress
    others = type(target).objects.live().sibling_of(target, inclusive=False)
    return {
        "others": list(others.select_related("latest").order_by("path")),
        "rule": STATUS_RULES,
        "table": [*_all_held(statistics), *_derived(target), *_gaps(target)],
        "wanted": wanted,
        "left": format_number(progress.remaining) if progress.remaining is not None else "",
        "share_percent": format_number(_rounded(progress.share * 100)) if progress.share is not None else "",
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


def _all_held(statistics: list[Any]) -> list[dict[str, Any]]:
    groups = [item if isinstance(item, list) else [item] for item in statistics]
    return [_held(one, group) for group in groups for one in group]


def _line(measure: str, period: str, figure: str = "", note: str = "") -> dict[str, Any]:
    """A line of the table; without a figure, a gap."""
    period = period[:1].upper() + period[1:] if period else "Not stated"
    return {"measure": measure, "period": period, "figure": figure, "note": note}


def _held(statistic: Any, rivals: list[Any]) -> dict[str, Any]:
    """The line of a figure from a source, where it may be missing. ``rivals``: all figures for its fact."""
    figure, label = statistic.figure, statistic.label
    text = figure.text if figure.held else ""
    line = _line(label[:1].upper() + label[1:], statistic.period_text, text, statistic.note)
    return line | {"source": statistic.source, "statistic": statistic, "rivals": rivals}


def _derived(target: Any) -> list[dict[str, Any]]:
    """Lines that we worked out from the latest figure."""
    progress = target.progress
    if progress.remaining is None:
        return []
    at = f"{target.latest.period_end:%B %Y}"
    lines = [_line("Still to go", f"From {at}", format_number(progress.remaining), note="Our subtraction")]
    if progress.elapsed_low is not None and progress.elapsed_high is not None:
        times = (progress.elapsed_low, progress.elapsed_high)
        ends = sorted({_share_of_time(time) * target.target_value for time in times})
        figure = " to ".join(format_number(end) for end in ends)
        lines.append(_line("Needed by then, at an even pace", f"To {at}", figure, note="Our working, below"))
    return lines


def _gaps(target: Any) -> list[dict[str, Any]]:
    """Lines kept open for what is not held."""
    lines = []
    if target.baseline_value is None:
        gap = target.target_kind == target.Kind.GAP_REDUCTION
        lines.append(_line(f"{'Gap' if gap else 'Level'} at the start", str(target.baseline_year or "")))
    if target.latest is None:
        lines.append(_line("Latest figure", ""))
    return lines


def _share_of_time(value: Decimal) -> Decimal:
    """As exactly as it is printed beside the pace."""
    return value.quantize(Decimal("0.01"))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
