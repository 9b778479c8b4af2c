"""How many answered what: per proposition and per question. Whole numbers of responses, before anything is hidden.

Tables in the room are counted apart from people: one of them speaks for several, and nobody knows how each one thinks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from engagement.feedback.form import STANCES, Form, Item, Rated
from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Response
from engagement.feedback.reading import options
from engagement.feedback.suppression import hide_small_in_row

__all__ = ["PEOPLE", "TABLES", "ShownTally", "Tally", "published", "tally_choices", "tally_stances"]

#: Modes of responses that are counted together: each is one person …
PEOPLE = (Response.Mode.PERSON, Response.Mode.PAPER)
#: … or one table.
TABLES = (Response.Mode.TABLE,)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many chose each of the options of one question, or each stance on one proposition.

    ``key`` is the question's or the rated proposition's key; ``counts`` are by the words of the option, in their order.
    """

    key: str
    ref: str
    text: str
    counts: Mapping[str, int]
    #: How many answered at all. Where several options may be chosen, less than the sum of the counts.
    answered: int
    several: bool = False
    proposition: int | None = None


@dataclass(frozen=True, slots=True)
class ShownTally:
    """A tally as it may be published: None where a count is hidden."""

    tally: Tally
    counts: Mapping[str, int | None]
    answered: int | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is hidden."""
        return self.answered is not None and None not in self.counts.values()


def tally_stances(feedback_round: FeedbackRound, rated: Iterable[Rated], modes: Iterable[str] = PEOPLE) -> list[Tally]:
    """Stances on each of ``rated``, in that order, whichever version they were given to. One query."""
    rows = (
        PropositionResponse.objects.filter(response__in=_counted(feedback_round, modes))
        .exclude(stance="")
        .values_list("proposition", "stance")
        .annotate(Count("pk"))
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for proposition, stance, count in rows:
        found.setdefault(proposition, {})[stance] = count
    return [_stances(one, found.get(one.proposition, {})) for one in rated]


def _stances(rated: Rated, found: Mapping[str, int]) -> Tally:
    counts = {label: found.get(stance, 0) for stance, label in STANCES.items()}
    return Tally(rated.key, rated.ref, rated.title, counts, sum(counts.values()), proposition=rated.proposition)


def tally_choices(feedback_round: FeedbackRound, form: Form, modes: Iterable[str] = PEOPLE) -> list[Tally]:
    """Answers to each question of ``form`` that offers options, in its order. One query."""
    items = [item for item in form.items() if options(item)]
    found: dict[str, Counter[str]] = {item.key: Counter() for item in items}
    answered: Counter[str] = Counter()
    rows = Answer.objects.filter(response__in=_counted(feedback_round, modes), question__in=[*found])
    for question, chosen in rows.values_list("question", "chosen").iterator():
        if chosen:
            found[str(question)].update(chosen)
            answered[str(question)] += 1
    return [_choices(item, found[item.key], answered[item.key]) for item in items]


def _choices(item: Item, found: Counter[str], answered: int) -> Tally:
    # An option of an earlier version of the form is counted with its own words, after those of today.
    words = [*options(item), *sorted(found.keys() - set(options(item)))]
    return Tally(
        item.key, item.ref, item.text, {word: found[word] for word in words}, answered, several=item.kind == "choices"
    )


def _counted(feedback_round: FeedbackRound, modes: Iterable[str]) -> Iterable[Response]:
    return Response.objects.filter(round=feedback_round, mode__in=[*modes]).counted()


def published(tally: Tally, smallest: int) -> ShownTally:
    """``tally`` without numbers of people below ``smallest``, and without what would give them away."""
    if tally.several:
        # People are in several of these counts, so no total ties them together: each stands alone.
        shown = {word: None if 0 < count < smallest else count for word, count in tally.counts.items()}
        answered = None if 0 < tally.answered < smallest else tally.answered
        return ShownTally(tally, shown if answered is not None else dict.fromkeys(shown), answered)
    hidden = hide_small_in_row([*tally.counts.values()], smallest)
    return ShownTally(tally, dict(zip(tally.counts, hidden.cells[0], strict=True)), hidden.total)
