"""How many answered what: per proposition and per question. Whole numbers of responses, before anything is hidden.

Tables in the room are counted apart from people: one of them speaks for several, and nobody knows how each one thinks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from engagement.feedback.models import CHOICE_GROUPS, Answer, FeedbackRound, PropositionResponse, QuestionKind, Response
from engagement.feedback.schema import STANCE_GROUPS, STANCES, FormSchema, Question, RatedProposition

#: Modes of responses that are counted together: each is one person …
PERSON_MODES = (Response.Mode.PERSON, Response.Mode.PAPER)
#: … or one table.
TABLE_MODES = (Response.Mode.TABLE,)

#: How many took each stance, by the number of the version it was given to; that by proposition.
StancesByVersion = dict[int, dict[int, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many chose each of the options of one question, or each stance on one proposition.

    ``key`` is the question's or the rated proposition's key; ``counts`` are by the words of the option, in their order.
    ``groups`` are what they are published as where the options are too fine: each with the options that are in it.
    """

    key: str
    ref: str
    text: str
    counts: Mapping[str, int]
    #: How many answered at all. Where several options may be chosen, less than the sum of the counts.
    answered: int
    several: bool = False
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


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


def stances_by_version(round_: FeedbackRound, modes: Iterable[str] = PERSON_MODES) -> StancesByVersion:
    """Stances apart for each version they were given to. One query."""
    rows = PropositionResponse.objects.filter(response__in=_counted(round_, modes)).exclude(stance="")
    found: StancesByVersion = {}
    columns = ("proposition", "version__number", "stance")
    for page, version, stance, count in rows.values_list(*columns).annotate(Count("pk")).order_by():
        found.setdefault(page, {}).setdefault(version, {})[stance] = count
    return found


def tally_of_stances(rated: RatedProposition, found: Mapping[str, int]) -> Tally:
    """The tally of a proposition of which ``found`` is known: how many took each stance, by the stance's key."""
    counts = {label: found.get(stance, 0) for stance, label in STANCES.items()}
    return Tally(rated.key, rated.ref, rated.title, counts, sum(counts.values()), groups=STANCE_GROUPS)


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
    counts, several = {word: found[word] for word in words}, question.kind == QuestionKind.CHOICES
    groups = CHOICE_GROUPS.get(QuestionKind(question.kind), {}) if len(words) == len(question.choices) else {}
    return Tally(question.key, question.ref, question.text, counts, answered, several, groups)


def _counted(round_: FeedbackRound, modes: Iterable[str]) -> Iterable[Response]:
    return Response.objects.filter(round=round_, mode__in=[*modes]).counted()
