"""How many answered what: per proposition and per question. Whole numbers of responses, before anything is hidden.

Tables in the room are counted apart from people: one of them speaks for several, and nobody knows how each one thinks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Response
from engagement.feedback.schema import STANCES, FormSchema, Question, RatedProposition

#: Modes of responses that are counted together: each is one person …
PERSON_MODES = (Response.Mode.PERSON, Response.Mode.PAPER)
#: … or one table.
TABLE_MODES = (Response.Mode.TABLE,)

#: How many took each stance, by the number of the version it was given to; that by round and proposition.
StancesByVersion = dict[tuple[int, int], dict[int, dict[str, int]]]


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


def tally_stances(
    round_: FeedbackRound, rated: Iterable[RatedProposition], modes: Iterable[str] = PERSON_MODES
) -> list[Tally]:
    """Stances on each of ``rated``, in that order, whichever version they were given to. One query."""
    rows = (
        PropositionResponse.objects.filter(response__in=_counted(round_, modes))
        .exclude(stance="")
        .values_list("proposition", "stance")
        .annotate(Count("pk"))
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for proposition, stance, count in rows:
        found.setdefault(proposition, {})[stance] = count
    return [tally_of_stances(proposition, found.get(proposition.proposition, {})) for proposition in rated]


def stances_by_version(
    rounds: Iterable[FeedbackRound], modes: Iterable[str] = PERSON_MODES, proposition: int | None = None
) -> StancesByVersion:
    """Stances apart for each version they were given to; with ``proposition``, on that one alone. One query."""
    counted = Response.objects.filter(round__in=[round_.pk for round_ in rounds], mode__in=[*modes]).counted()
    rows = PropositionResponse.objects.filter(response__in=counted).exclude(stance="")
    if proposition is not None:
        rows = rows.filter(proposition=proposition)
    columns = ("response__round", "proposition", "version__number", "stance")
    found: StancesByVersion = {}
    for at, page, version, stance, count in rows.values_list(*columns).annotate(Count("pk")).order_by():
        found.setdefault((at, page), {}).setdefault(version, {})[stance] = count
    return found


def tally_of_stances(rated: RatedProposition, found: Mapping[str, int]) -> Tally:
    """The tally of a proposition of which ``found`` is known: how many took each stance, by the stance's key."""
    counts = {label: found.get(stance, 0) for stance, label in STANCES.items()}
    return Tally(rated.key, rated.ref, rated.title, counts, sum(counts.values()), proposition=rated.proposition)


def tally_choices(round_: FeedbackRound, form: FormSchema, modes: Iterable[str] = PERSON_MODES) -> list[Tally]:
    """Answers to each question of ``form`` that offers options, in its order. One query."""
    questions = [question for question in form.questions() if question.choices]
    found: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    answered: Counter[str] = Counter()
    rows = Answer.objects.filter(response__in=_counted(round_, modes), question__in=[*found])
    for question, chosen in rows.values_list("question", "chosen").iterator():
        if chosen:
            found[str(question)].update(chosen)
            answered[str(question)] += 1
    return [_choices(question, found[question.key], answered[question.key]) for question in questions]


def _choices(question: Question, found: Counter[str], answered: int) -> Tally:
    # An option of an earlier version of the form is counted with its own words, after those of today.
    words = [*question.choices, *sorted(found.keys() - set(question.choices))]
    return Tally(
        question.key,
        question.ref,
        question.text,
        {word: found[word] for word in words},
        answered,
        several=question.kind == "choices",
    )


def _counted(round_: FeedbackRound, modes: Iterable[str]) -> Iterable[Response]:
    return Response.objects.filter(round=round_, mode__in=[*modes]).counted()
