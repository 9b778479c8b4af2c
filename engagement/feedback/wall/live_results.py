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
from engagement.feedback.schema import (
    COMMENT_PARTS,
    STANCE_GROUPS,
    STANCES,
    FormPage,
    FormSchema,
    Question,
    RatedProposition,
)

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
#: So many characters of a question stand on the wall in large letters.
MAX_SHORT_TEXT = 80
#: However many look, answers are counted once in so many seconds.
RECOUNT_AFTER = timedelta(seconds=3)
#: Stances whose strokes differ from those of support, whether or not strong ones are told apart.
AGAINST = {"Oppose, strongly or not", *STANCE_GROUPS["Oppose, strongly or not"]}
UNDECIDED = {"Neither", "Unsure"}
MODES_BY_GROUP = {"people": PERSON_MODES, "tables": TABLE_MODES}


@dataclass(frozen=True, slots=True)
class WallQuestion:
    """A question, or a proposition to rate, that can be put on the wall."""

    key: str
    ref: str
    text: str
    accent: str
    what: Question | RatedProposition

    @property
    def has_results(self) -> bool:
        """Whether its answers can be counted."""
        return bool(self.options)

    @property
    def prompt(self) -> str:
        """What people are asked to say: of a proposition its text alone doesn't tell."""
        return "How far do you support it?" if isinstance(self.what, RatedProposition) else ""

    @property
    def detail(self) -> str:
        """What the proposition says in short, or the hint of the question."""
        return self.what.summary if isinstance(self.what, RatedProposition) else self.what.hint

    @property
    def is_long(self) -> bool:
        """Whether its words need the room that a drawing has otherwise."""
        return len(self.text) > MAX_SHORT_TEXT or len(self.text + self.detail) > 2 * MAX_SHORT_TEXT

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen; nothing for a question that is answered in words."""
        return tuple(STANCES.values()) if isinstance(self.what, RatedProposition) else self.what.choices

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

    @property
    def strokes(self) -> list[float]:
        """Where the strokes are drawn on a line of a hundred: each stands for five in a hundred."""
        return [ROUNDED_TO * (place + 0.5) for place in range((self.share or 0) // ROUNDED_TO)]

    @property
    def kind(self) -> str:
        """How its strokes are drawn: ``con`` for what speaks against a proposition, ``mid`` for neither."""
        return "con" if self.label in AGAINST else "mid" if self.label in UNDECIDED else ""


@dataclass(frozen=True, slots=True)
class ResponseTotals:
    """How many sent their answers through the session's code, rounded down; 0 where it is fewer than may be said."""

    people: int
    tables: int


def wall_questions(session: RoundSession, schema: FormSchema | None) -> list[WallQuestion]:
    """What the session's page of the form asks, in its order."""
    page = next((page for page in schema.pages if page.key == str(session.key)), None) if schema else None
    if page is None:
        return []
    return [
        *(
            WallQuestion(rated.key, rated.ref, rated.title, rated.accent or page.accent, rated)
            for rated in page.propositions
        ),
        *(WallQuestion(asked.key, asked.ref, asked.text, page.accent, asked) for asked in page.questions),
    ]


def response_totals(session: RoundSession, threshold: int) -> ResponseTotals:
    """How many sent something in, rounded down to a multiple of ``threshold``. One query."""
    counted = Response.objects.filter(session=session).counted()
    by_mode = dict(counted.values_list("mode").annotate(Count("pk")).order_by())
    people, tables = (sum(by_mode.get(mode, 0) for mode in modes) for modes in MODES_BY_GROUP.values())
    step = max(threshold, 1)
    return ResponseTotals(people - people % step, tables - tables % step)


def live_tallies(round_: FeedbackRound, questions: Iterable[WallQuestion]) -> dict[str, dict[str, Tally]]:
    """Whole counts, for staff, by the question's key and the group (people, tables). Four queries at the most."""
    asked = [question.what for question in questions]
    rated = [what for what in asked if isinstance(what, RatedProposition)]
    choices = tuple(what for what in asked if isinstance(what, Question))
    schema = FormSchema("", "", "", (FormPage("", "", questions=choices),))
    found: dict[str, dict[str, Tally]] = {}
    for group, modes in MODES_BY_GROUP.items():
        stances = tally_stances(round_, rated, modes) if rated else []
        for tally in (*stances, *(tally_choices(round_, schema, modes) if choices else [])):
            found.setdefault(tally.key, {})[group] = tally
    return found


def visible_results(wall: Wall, round_: FeedbackRound, question: WallQuestion | None) -> dict[str, list[ResultLine]]:
    """What the wall shows of a question's answers, by group: nothing, before the facilitator shows them.

    Counts anew when it is time, and takes the next step if enough people have answered since the last.
    """
    if question is None or not wall.shows_results or not question.has_results:
        return {}
    if _is_due(wall):
        with transaction.atomic():
            wall = Wall.objects.select_for_update().get(pk=wall.pk)
            if _is_due(wall):
                _count(wall, round_, question)
    steps = wall.steps.get(question.key, {})
    return {group: [ResultLine(*line) for line in steps[group]["lines"]] for group in MODES_BY_GROUP if group in steps}


def _is_due(wall: Wall) -> bool:
    return wall.counted_at is None or timezone.now() - wall.counted_at >= RECOUNT_AFTER


def _count(wall: Wall, round_: FeedbackRound, question: WallQuestion) -> None:
    threshold = round_.suppression_threshold
    found = live_tallies(round_, [question]).get(question.key, {})
    before = wall.steps.get(question.key, {})
    wall.steps[question.key] = {
        group: step for group, tally in found.items() if (step := next_results(before.get(group), tally, threshold))
    }
    wall.counted_at = timezone.now()
    wall.save(update_fields=["steps", "counted_at"])


def next_results(before: Mapping[str, Any] | None, tally: Tally, threshold: int) -> Mapping[str, Any] | None:
    """What to show after ``before``: the same, unless at least ``threshold`` people came or went since.

    None where too few have answered to show anything.
    """
    if before is not None and abs(tally.answered - before["answered"]) < max(threshold, 1):
        return before
    shown = publish_tally(tally, threshold)
    if not tally.answered or shown.answered is None:
        return None
    counts = shown.finest.items()
    lines = [[label, None if count is None else _rounded(count / tally.answered)] for label, count in counts]
    return {"answered": tally.answered, "lines": lines}


def _rounded(share: float) -> int:
    return round(100 * share / ROUNDED_TO) * ROUNDED_TO


def show_question(wall: Wall, question: WallQuestion | None, by: Any) -> None:
    """Put a question on the wall; None takes it off. Its results stay hidden until they are shown."""
    wall.question, wall.shows_results, wall.counted_at = question.key if question else "", False, None
    with transaction.atomic():
        wall.save(update_fields=["question", "shows_results", "counted_at"])
        log_wall_event(wall, by, f"asks: {question.ref or question.text}" if question else "invites people to answer")


def set_results_visible(wall: Wall, by: Any, *, shows: bool) -> None:
    """Show or hide the results of the question that stands there. Hiding and showing again counts no sooner."""
    wall.shows_results = shows
    with transaction.atomic():
        wall.save(update_fields=["shows_results"])
        log_wall_event(wall, by, "results shown" if shows else "results hidden")


def log_wall_event(wall: Wall, by: Any, note: str, response: Response | None = None) -> None:
    """Record what was done with a wall, in the caller's transaction."""
    RoundEvent.write(wall.session.round, "wall", by, f"{wall.session.title}: {note}", response=response)
