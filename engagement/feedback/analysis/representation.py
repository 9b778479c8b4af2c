"""Who answered, and who didn't: responses by what people said of themselves, and by how they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, QuerySet, Sum

from engagement.feedback.models import FeedbackRound, Respondent, Response
from sectors.models import Place, SectorPage

__all__ = ["Breakdown", "RespondentGroup", "representation"]

NOT_STATED = "Not said"
ELSEWHERE = "Elsewhere, or in other words"
#: So many of those other words are shown.
MAX_OTHER_LABELS = 100


@dataclass(frozen=True, slots=True)
class RespondentGroup:
    """Those who said the same."""

    label: str
    count: int
    #: In a hundred of all responses that count.
    share: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All responses that count, by one thing. ``missing`` are those one would expect and nobody is of."""

    title: str
    groups: Sequence[RespondentGroup]
    missing: Sequence[str] = field(default_factory=list)
    note: str = ""


def representation(feedback_round: FeedbackRound) -> list[Breakdown]:
    """By capacity, sector, area, attendance, session and mode. Nine queries, however many there are."""
    counted = Response.objects.filter(round=feedback_round).counted().order_by()
    capacities = dict(Respondent.Capacity.choices)
    sectors = list(SectorPage.objects.live().order_by("path").values_list("title", flat=True))
    areas = list(Place.objects.filter(kind=Place.Kind.AREA).order_by("name").values_list("name", flat=True))
    sessions = list(feedback_round.sessions.values_list("title", flat=True))
    attended = {True: "Was at the event", False: "Wasn’t"}
    tables = counted.filter(mode=Response.Mode.TABLE).aggregate(people=Sum("people"))["people"] or 0
    modes = dict(Response.Mode.choices)
    return [
        _breakdown("Capacity", _counts_by(counted, "respondent__capacity"), capacities, [*capacities.values()]),
        _breakdown("Sector", _counts_by(counted, "respondent__sector"), {}, sectors),
        _merge_unlisted(_breakdown("Area", _counts_by(counted, "respondent__area"), {}, areas), areas),
        _breakdown("At the event", _counts_by(counted, "respondent__attended"), attended, []),
        _breakdown("Session whose code they used", _counts_by(counted, "session__title"), {}, sessions, "No code"),
        _breakdown(
            "How it came",
            _counts_by(counted, "mode"),
            modes,
            [],
            note=f"{tables} people sat at the tables; each table counts once here." if tables else "",
        ),
    ]


def _counts_by(counted: QuerySet[Response], column: str) -> list[tuple[object, int]]:
    return list(counted.values_list(column).annotate(Count("pk", distinct=True)))


def _breakdown(
    title: str,
    rows: list[tuple[object, int]],
    labels: Mapping[Any, str],
    expected: Sequence[str],
    not_said: str = NOT_STATED,
    note: str = "",
) -> Breakdown:
    counts: dict[str, int] = {}
    unsaid = 0
    # What was typed in other letters, or with more blanks, is the same. It stands as in the list, or as most typed it.
    as_shown = {_normalised(label): label for label in expected}
    for value, count in sorted(rows, key=lambda row: (-row[1], str(row[0]))):
        if value in ("", None):
            unsaid += count
            continue
        label = labels.get(value, str(value))
        label = as_shown.setdefault(_normalised(label), label)
        counts[label] = counts.get(label, 0) + count
    whole = sum(counts.values()) + unsaid
    # Those that are expected first, in their order; then the others, the most frequent first.
    first = [label for label in expected if label in counts]
    others = sorted(counts.keys() - set(first), key=lambda label: (-counts[label], label))
    groups = [_group(label, counts[label], whole) for label in (*first, *others)]
    if unsaid or not groups:
        groups.append(_group(not_said, unsaid, whole))
    return Breakdown(title, groups, [label for label in expected if label not in counts], note)


def _normalised(label: str) -> str:
    return " ".join(label.split()).casefold()


def _merge_unlisted(split: Breakdown, expected: Sequence[str]) -> Breakdown:
    """The same, with all that isn't expected in one group: people say in their own words where they live or work.

    Where nothing is expected, as it was.
    """
    others = [one for one in split.groups if one.label not in (*expected, NOT_STATED)]
    if not expected or not others:
        return split
    count, share = sum(one.count for one in others), sum(one.share for one in others)
    groups = [one for one in split.groups if one not in others]
    after = next((at for at, one in enumerate(groups) if one.label == NOT_STATED), len(groups))
    groups.insert(after, RespondentGroup(ELSEWHERE, count, share))
    words = ", ".join(f"“{one.label}” ({one.count})" for one in others[:MAX_OTHER_LABELS])
    more = f" and {len(others) - MAX_OTHER_LABELS} more" if len(others) > MAX_OTHER_LABELS else ""
    return replace(split, groups=groups, note=f"{ELSEWHERE}: {words}{more}.")


def _group(label: str, count: int, whole: int) -> RespondentGroup:
    return RespondentGroup(label, count, 100 * count / whole if whole else 0)
