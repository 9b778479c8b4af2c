"""The wall of a room: what may stand on it, and how what it shows moves on.

Everybody in the room watches it while others answer, so two looks a moment apart must not give one person away. What is
shown of a question is a step: counts without small numbers, as shares rounded to five in a hundred. The next step comes
when as many more people have answered as the round's smallest number, and not before, whoever looks and however often.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from engagement.feedback.analysis.counts import PERSON_MODES, TABLE_MODES, Tally, tally_choices, tally_stances
from engagement.feedback.analysis.disclosure_control import publish_tally
from engagement.feedback.models import FeedbackRound, Response, RoundEvent, RoundSession, Wall
from engagement.feedback.responses.text_anchors import part_anchor
from engagement.feedback.schema import COMMENT_PARTS, FormPage, FormSchema, Question, RatedProposition

__all__ = [
    "ResponseTotals",
    "ResultLine",
    "WallQuestion",
    "live_tallies",
    "log_wall_event",
    "next_results",
    "response_totals",
    "set_results_visible",
    "show_question",
    "visible_results",
    "wall_questions",
]

ROUNDED_TO = 5
#: However many look, answers are counted once in so many seconds.
RECOUNT_AFTER = timedelta(seconds=3)
MODES_BY_GROUP = {"people": PERSON_MODES, "tables": TABLE_MODES}


@dataclass(frozen=True, slots=True)
class WallQuestion:
    """A question, or a proposition to rate, that can be put on the wall."""

    key: str
    ref: str
    text: str
    hue: str
    what: Question | RatedProposition

    @property
    def has_results(self) -> bool:
        """Whether its answers can be counted."""
        return isinstance(self.what, RatedProposition) or bool(self.what.choices)

    @property
    def anchors(self) -> list[str]:
        """Where people write their answer to it: nowhere, where they only choose."""
        if isinstance(self.what, RatedProposition):
            return [part_anchor(self.what.proposition, part) for part in COMMENT_PARTS]
        return [] if self.has_results else [self.key]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One option: the share that chose it, in a hundred; None where too few did, or it would tell of too few."""

    label: str
    share: int | None


@dataclass(frozen=True, slots=True)
class ResponseTotals:
    """How many sent their answers through the session's code, rounded down; 0 where it is fewer than may be said."""

    people: int
    tables: int


def wall_questions(session: RoundSession, form: FormSchema | None) -> list[WallQuestion]:
    """What the session's page of the form asks, in its order."""
    page = next((one for one in form.pages if one.key == str(session.key)), None) if form else None
    if page is None:
        return []
    rated = [WallQuestion(one.key, one.ref, one.title, one.hue or page.hue, one) for one in page.propositions]
    return rated + [WallQuestion(one.key, one.ref, one.text, page.hue, one) for one in page.questions]


def response_totals(session: RoundSession, smallest: int) -> ResponseTotals:
    """How many sent something in. One query."""
    sent = Response.objects.filter(session=session).counted().values_list("mode").annotate(Count("pk")).order_by()
    by_mode = dict(sent)
    people, tables = (sum(by_mode.get(mode, 0) for mode in modes) for modes in MODES_BY_GROUP.values())
    return (
        ResponseTotals(people - people % smallest, tables - tables % smallest)
        if smallest
        else ResponseTotals(people, tables)
    )


def live_tallies(feedback_round: FeedbackRound, asked: Iterable[WallQuestion]) -> dict[str, dict[str, Tally]]:
    """Whole counts, for staff, by the question's key and the group (people, tables). Four queries at the most."""
    rated = [one.what for one in asked if isinstance(one.what, RatedProposition)]
    items = tuple(one.what for one in asked if isinstance(one.what, Question))
    form = FormSchema("", "", "", (FormPage("", "", questions=items),))
    found: dict[str, dict[str, Tally]] = {}
    for group, modes in MODES_BY_GROUP.items():
        stances = tally_stances(feedback_round, rated, modes) if rated else []
        for tally in (*stances, *(tally_choices(feedback_round, form, modes) if items else [])):
            found.setdefault(tally.key, {})[group] = tally
    return found


def visible_results(
    wall: Wall, feedback_round: FeedbackRound, asked: WallQuestion | None
) -> dict[str, list[ResultLine]]:
    """What the wall shows of a question's answers, by group: nothing, before the facilitator releases it.

    Counts anew when it is time, and takes the next step if enough people have answered since the last.
    """
    if asked is None or not wall.shows_results or not asked.has_results:
        return {}
    if _is_due(wall):
        with transaction.atomic():
            wall = Wall.objects.select_for_update().get(pk=wall.pk)
            if _is_due(wall):
                _count(wall, feedback_round, asked)
    steps = wall.steps.get(asked.key, {})
    return {group: [ResultLine(*line) for line in steps[group]["lines"]] for group in MODES_BY_GROUP if group in steps}


def _is_due(wall: Wall) -> bool:
    return wall.counted_at is None or timezone.now() - wall.counted_at >= RECOUNT_AFTER


def _count(wall: Wall, feedback_round: FeedbackRound, asked: WallQuestion) -> None:
    smallest = feedback_round.suppression_threshold
    found = live_tallies(feedback_round, [asked]).get(asked.key, {})
    before = wall.steps.get(asked.key, {})
    wall.steps[asked.key] = {
        group: step for group, tally in found.items() if (step := next_results(before.get(group), tally, smallest))
    }
    wall.counted_at = timezone.now()
    wall.save(update_fields=["steps", "counted_at"])


def next_results(before: Mapping[str, Any] | None, tally: Tally, smallest: int) -> Mapping[str, Any] | None:
    """What to show after ``before``: the same, unless at least ``smallest`` people came or went since.

    None where too few have answered to show anything.
    """
    if before is not None and abs(tally.answered - before["answered"]) < max(smallest, 1):
        return before
    shown = publish_tally(tally, smallest)
    if not tally.answered or shown.answered is None:
        return None
    counts = shown.counts.items()
    lines = [[label, None if count is None else _rounded(count / tally.answered)] for label, count in counts]
    return {"answered": tally.answered, "lines": lines}


def _rounded(share: float) -> int:
    return round(100 * share / ROUNDED_TO) * ROUNDED_TO


def show_question(wall: Wall, asked: WallQuestion | None, by: Any) -> None:
    """Put a question on the wall; None takes it off. Its results stay hidden until they are released."""
    wall.question, wall.shows_results, wall.counted_at = asked.key if asked else "", False, None
    with transaction.atomic():
        wall.save(update_fields=["question", "shows_results", "counted_at"])
        log_wall_event(wall, by, f"asks: {asked.ref or asked.text}" if asked else "invites people to answer")


def set_results_visible(wall: Wall, by: Any, *, shows: bool) -> None:
    """Show or hide the results of the question that stands there. Hiding and showing again counts no sooner."""
    wall.shows_results = shows
    with transaction.atomic():
        wall.save(update_fields=["shows_results"])
        log_wall_event(wall, by, "results shown" if shows else "results hidden")


def log_wall_event(wall: Wall, by: Any, note: str, response: Response | None = None) -> None:
    """Write down what was done with a wall, in the caller's transaction."""
    RoundEvent.write(wall.session.round, "wall", by, f"{wall.session.title}: {note}", response=response)
