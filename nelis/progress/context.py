"""What the page of one target shows beside its own fields."""

from decimal import Decimal
from typing import Any

from nelis.evidence.figures import number
from nelis.progress import pace

__all__ = ["target_context"]

#: The rule in words, in the order of the pages: each status with the pace it stands for.
RULE = [
    {"status": pace.Status.MET, "means": "all that is wanted has been reached"},
    {"status": pace.Status.ON_COURSE, "means": f"{pace.ON_COURSE_FROM} or more"},
    {"status": pace.Status.BEHIND, "means": f"{pace.SLOW_BELOW} to {pace.ON_COURSE_FROM}"},
    {"status": pace.Status.SLOW, "means": f"0 to {pace.SLOW_BELOW}"},
    {"status": pace.Status.AWAY, "means": "below 0"},
    {"status": pace.Status.TOO_CLOSE, "means": "the ends of the range fall on different statuses"},
    {"status": pace.Status.PASSED, "means": "the deadline is behind us: no pace"},
    {"status": pace.Status.UNKNOWN, "means": "no start, or no figure for progress"},
]


def target_context(target: Any) -> dict[str, Any]:
    """Facts, the rule and the other targets. One query."""
    wanted = f"{number(target.target_value)} {target.unit}".replace(" %", "%")
    progress = target.progress
    others = type(target).objects.live().sibling_of(target, inclusive=False)
    return {
        "others": list(others.select_related("latest").order_by("path")),
        "rule": RULE,
        "wanted": wanted,
        "left": number(progress.left) if progress.left is not None else "",
        "share_percent": number(_rounded(progress.share * 100)) if progress.share is not None else "",
        "facts": _facts(target, wanted),
    }


def _facts(target: Any, wanted: str) -> list[dict[str, Any]]:
    start = "Start not held"
    if target.baseline_year:
        held = target.baseline_value is not None
        level = number(target.baseline_value) if held else "level not held"
        start = f"{target.baseline_year}, {level}"
    return [
        {"label": "Wanted", "value": wanted},
        {"label": "Counted from", "value": start, "missing": not target.baseline_year},
        {"label": "Deadline", "value": f"{target.deadline_year}, month not stated"},
        {
            "label": "Compared with",
            "value": str(target.comparator) if target.comparator_id else "Its own start",
        },
    ]


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
