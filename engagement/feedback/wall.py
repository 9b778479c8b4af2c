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

from engagement.feedback.counts import PEOPLE, TABLES, Tally, published, tally_choices, tally_stances
from engagement.feedback.form import Form, Item, Page, Rated
from engagement.feedback.models import FeedbackRound, Response, RoundEvent, RoundSession, Wall
from engagement.feedback.places import place_of_part
from engagement.feedback.reading import PARTS, options

__all__ = ["Asked", "Heard", "Line", "asked_on", "heard", "log", "look", "next_step", "put_up", "release", "tallies"]

ROUNDED_TO = 5
#: However many look, answers are counted once in so many seconds.
COUNT_EVERY = timedelta(seconds=3)
GROUPS = {"people": PEOPLE, "tables": TABLES}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a proposition to rate, that can be put on the wall."""

    key: str
    ref: str
    text: str
    hue: str
    what: Item | Rated

    @property
    def has_results(self) -> bool:
        """Whether its answers can be counted."""
        return isinstance(self.what, Rated) or bool(options(self.what))

    @property
    def places(self) -> list[str]:
        """Where people write their answer to it: nowhere, where they only choose."""
        if isinstance(self.what, Rated):
            return [place_of_part(self.what.proposition, part) for part in PARTS]
        return [] if self.has_results else [self.key]


@dataclass(frozen=True, slots=True)
class Line:
    """One option: the share that chose it, in a hundred; None where too few did, or it would tell of too few."""

    label: str
    share: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """How many sent their answers through the session's code, rounded down; 0 where it is fewer than may be said."""

    people: int
    tables: int


def asked_on(session: RoundSession, form: Form | None) -> list[Asked]:
    """What the session's page of the form asks, in its order."""
    page = next((one for one in form.pages if one.key == str(session.key)), None) if form else None
    if page is None:
        return []
    rated = [Asked(one.key, one.ref, one.title, one.hue or page.hue, one) for one in page.rated]
    return rated + [Asked(one.key, one.ref, one.text, page.hue, one) for one in page.items]


def heard(session: RoundSession, smallest: int) -> Heard:
    """How many sent something in. One query."""
    sent = Response.objects.filter(session=session).counted().values_list("mode").annotate(Count("pk")).order_by()
    by_mode = dict(sent)
    people, tables = (sum(by_mode.get(mode, 0) for mode in modes) for modes in GROUPS.values())
    return Heard(people - people % smallest, tables - tables % smallest) if smallest else Heard(people, tables)


def tallies(feedback_round: FeedbackRound, asked: Iterable[Asked]) -> dict[str, dict[str, Tally]]:
    """Whole counts, for staff, by the question's key and the group (people, tables). Four queries at the most."""
    rated = [one.what for one in asked if isinstance(one.what, Rated)]
    items = tuple(one.what for one in asked if isinstance(one.what, Item))
    form = Form("", "", "", (Page("", "", items=items),))
    found: dict[str, dict[str, Tally]] = {}
    for group, modes in GROUPS.items():
        stances = tally_stances(feedback_round, rated, modes) if rated else []
        for tally in (*stances, *(tally_choices(feedback_round, form, modes) if items else [])):
            found.setdefault(tally.key, {})[group] = tally
    return found


def look(wall: Wall, feedback_round: FeedbackRound, asked: Asked | None) -> dict[str, list[Line]]:
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
    return {group: [Line(*line) for line in steps[group]["lines"]] for group in GROUPS if group in steps}


def _is_due(wall: Wall) -> bool:
    return wall.counted_at is None or timezone.now() - wall.counted_at >= COUNT_EVERY


def _count(wall: Wall, feedback_round: FeedbackRound, asked: Asked) -> None:
    smallest = feedback_round.smallest_number
    found = tallies(feedback_round, [asked]).get(asked.key, {})
    before = wall.steps.get(asked.key, {})
    wall.steps[asked.key] = {
        group: step for group, tally in found.items() if (step := next_step(before.get(group), tally, smallest))
    }
    wall.counted_at = timezone.now()
    wall.save(update_fields=["steps", "counted_at"])


def next_step(before: Mapping[str, Any] | None, tally: Tally, smallest: int) -> Mapping[str, Any] | None:
    """What to show after ``before``: the same, unless at least ``smallest`` people came or went since.

    None where too few have answered to show anything.
    """
    if before is not None and abs(tally.answered - before["answered"]) < max(smallest, 1):
        return before
    shown = published(tally, smallest)
    if not tally.answered or shown.answered is None:
        return None
    counts = shown.counts.items()
    lines = [[label, None if count is None else _rounded(count / tally.answered)] for label, count in counts]
    return {"answered": tally.answered, "lines": lines}


def _rounded(share: float) -> int:
    return round(100 * share / ROUNDED_TO) * ROUNDED_TO


def put_up(wall: Wall, asked: Asked | None, by: Any) -> None:
    """Put a question on the wall; None takes it off. Its results stay hidden until they are released."""
    wall.question, wall.shows_results, wall.counted_at = asked.key if asked else "", False, None
    with transaction.atomic():
        wall.save(update_fields=["question", "shows_results", "counted_at"])
        log(wall, by, f"asks: {asked.ref or asked.text}" if asked else "invites people to answer")


def release(wall: Wall, by: Any, *, shows: bool) -> None:
    """Show or hide the results of the question that stands there. Hiding and showing again counts no sooner."""
    wall.shows_results = shows
    with transaction.atomic():
        wall.save(update_fields=["shows_results"])
        log(wall, by, "results shown" if shows else "results hidden")


def log(wall: Wall, by: Any, note: str, response: Response | None = None) -> None:
    """Write down what was done with a wall, in the caller's transaction."""
    RoundEvent.write(wall.session.round, "wall", by, f"{wall.session.title}: {note}", response)
