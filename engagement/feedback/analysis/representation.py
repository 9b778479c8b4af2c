"""Who answered, and who didn't: responses by what people said of themselves, and by how they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Sum

from engagement.feedback.models import FeedbackRound, Respondent, Response
from sectors.models import Place, SectorPage

NOT_STATED = "Not said"
UNLISTED = "Elsewhere, or in other words"
#: So many of those other words are shown.
MAX_OTHER_LABELS = 100


@dataclass(frozen=True, slots=True)
class RespondentGroup:
    """How many responses say the same, and which share of all that is, in a hundred."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All responses that count, grouped by one thing. ``missing`` are expected labels that nobody has."""

    title: str
    groups: Sequence[RespondentGroup]
    missing: Sequence[str] = ()
    note: str = ""


def representation(round_: FeedbackRound) -> list[Breakdown]:
    """Break responses down by capacity, sector, area, attendance, session and mode. Nine queries."""
    counted = Response.objects.filter(round=round_).counted().order_by()

    def breakdown(
        title: str, column: str, labels: Mapping[Any, str], expected: Sequence[str], **more: str
    ) -> Breakdown:
        rows = counted.values_list(column).annotate(Count("pk", distinct=True))
        return _breakdown(title, [*rows], labels, expected, **more)

    capacities = dict(Respondent.Capacity.choices)
    sectors = list(SectorPage.objects.live().order_by("path").values_list("title", flat=True))
    areas = list(Place.objects.filter(kind=Place.Kind.AREA).order_by("name").values_list("name", flat=True))
    sessions = list(round_.sessions.values_list("title", flat=True))
    tables = counted.filter(mode=Response.Mode.TABLE).aggregate(people=Sum("people"))["people"] or 0
    seats = f"{tables} people sat at the tables; each table counts once here." if tables else ""
    return [
        breakdown("Capacity", "respondent__capacity", capacities, [*capacities.values()]),
        breakdown("Sector", "respondent__sector", {}, sectors),
        _merge_unlisted(breakdown("Area", "respondent__area", {}, areas), areas),
        breakdown("At the event", "respondent__attended", {True: "Was at the event", False: "Wasn’t"}, []),
        breakdown("Session whose code they used", "session__title", {}, sessions, not_stated="No code"),
        breakdown("How it came", "mode", dict(Response.Mode.choices), [], note=seats),
    ]


def _breakdown(
    title: str,
    rows: list[tuple[object, int]],
    labels: Mapping[Any, str],
    expected: Sequence[str],
    not_stated: str = NOT_STATED,
    note: str = "",
) -> Breakdown:
    counts: dict[str, int] = {}
    without = 0
    # What was typed in other letters, or with more blanks, is the same. It stands as in the list, or as most typed it.
    spellings = {_normalised(label): label for label in expected}
    for value, count in sorted(rows, key=lambda row: (-row[1], str(row[0]))):
        if value in ("", None):
            without += count
            continue
        label = labels.get(value, str(value))
        label = spellings.setdefault(_normalised(label), label)
        counts[label] = counts.get(label, 0) + count
    total = sum(counts.values()) + without
    # Those that are expected first, in their order; then the others, the most frequent first.
    first = [label for label in expected if label in counts]
    others = sorted(counts.keys() - set(first), key=lambda label: (-counts[label], label))
    shown = [(label, counts[label]) for label in (*first, *others)]
    if without or not shown:
        shown.append((not_stated, without))
    groups = [RespondentGroup(label, count, 100 * count / total if total else 0) for label, count in shown]
    return Breakdown(title, groups, [label for label in expected if label not in counts], note)


def _normalised(label: str) -> str:
    return " ".join(label.split()).casefold()


def _merge_unlisted(breakdown: Breakdown, expected: Sequence[str]) -> Breakdown:
    """Put all groups that aren't expected into one: people say in their own words where they live or work.

    Where nothing is expected, the breakdown stays as it is.
    """
    others = [group for group in breakdown.groups if group.label not in (*expected, NOT_STATED)]
    if not expected or not others:
        return breakdown
    groups = [group for group in breakdown.groups if group not in others]
    merged = RespondentGroup(UNLISTED, sum(group.count for group in others), sum(group.share for group in others))
    position = len(groups) - 1 if groups and groups[-1].label == NOT_STATED else len(groups)
    groups.insert(position, merged)
    words = ", ".join(f"“{group.label}” ({group.count})" for group in others[:MAX_OTHER_LABELS])
    more = f" and {len(others) - MAX_OTHER_LABELS} more" if len(others) > MAX_OTHER_LABELS else ""
    return replace(breakdown, groups=groups, note=f"{UNLISTED}: {words}{more}.")
