"""Who answered, and who didn't: responses by what people said of themselves, and by how they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum

from engagement.feedback.models import FeedbackRound, Respondent, Response
from sectors.models import SectorPage

__all__ = ["Group", "Split", "representation"]

NOT_SAID = "Not said"


@dataclass(frozen=True, slots=True)
class Group:
    """Those who said the same."""

    label: str
    count: int
    #: In a hundred of all responses that count.
    share: float


@dataclass(frozen=True, slots=True)
class Split:
    """All responses that count, by one thing. ``missing`` are those one would expect and nobody is of."""

    title: str
    groups: Sequence[Group]
    missing: Sequence[str] = field(default_factory=list)
    note: str = ""


def representation(feedback_round: FeedbackRound) -> list[Split]:
    """By capacity, sector, area, attendance, session and mode. Eight queries, however many there are."""
    counted = Response.objects.filter(round=feedback_round).counted().order_by()
    capacities = dict(Respondent.Capacity.choices)
    sectors = list(SectorPage.objects.live().order_by("path").values_list("title", flat=True))
    sessions = list(feedback_round.sessions.values_list("title", flat=True))
    attended = {True: "Was at the event", False: "Wasn’t"}
    tables = counted.filter(mode=Response.Mode.TABLE).aggregate(people=Sum("people"))["people"] or 0
    modes = dict(Response.Mode.choices)
    return [
        _split("Capacity", _rows(counted, "respondent__capacity"), capacities, [*capacities.values()]),
        _split("Sector", _rows(counted, "respondent__sector"), {}, sectors),
        _split("Area", _rows(counted, "respondent__area"), {}, []),
        _split("At the event", _rows(counted, "respondent__attended"), attended, []),
        _split("Session whose code they used", _rows(counted, "session__title"), {}, sessions, "No code"),
        _split(
            "How it came",
            _rows(counted, "mode"),
            modes,
            [],
            note=f"{tables} people sat at the tables; each table counts once here." if tables else "",
        ),
    ]


def _rows(counted: QuerySet[Response], column: str) -> list[tuple[object, int]]:
    return list(counted.values_list(column).annotate(Count("pk", distinct=True)))


def _split(
    title: str,
    rows: list[tuple[object, int]],
    labels: Mapping[Any, str],
    expected: Sequence[str],
    not_said: str = NOT_SAID,
    note: str = "",
) -> Split:
    counts: dict[str, int] = {}
    unsaid = 0
    # What was typed in other letters than those of the list is the same.
    expected_by_letters = {label.casefold(): label for label in expected}
    for value, count in rows:
        if value in ("", None):
            unsaid += count
            continue
        label = labels.get(value, str(value))
        label = expected_by_letters.get(label.casefold(), label)
        counts[label] = counts.get(label, 0) + count
    whole = sum(counts.values()) + unsaid
    # Those that are expected first, in their order; then the others, the most frequent first.
    first = [label for label in expected if label in counts]
    others = sorted(counts.keys() - set(first), key=lambda label: (-counts[label], label))
    groups = [_group(label, counts[label], whole) for label in (*first, *others)]
    if unsaid or not groups:
        groups.append(_group(not_said, unsaid, whole))
    return Split(title, groups, [label for label in expected if label not in counts], note)


def _group(label: str, count: int, whole: int) -> Group:
    return Group(label, count, 100 * count / whole if whole else 0)
