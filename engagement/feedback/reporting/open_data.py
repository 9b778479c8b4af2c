"""The open data of a round: its published figures, what came of it, and in some rounds every answer, without names.

The figures are those of the results page. Every answer is published by itself, in an order that says nothing: never
two of one person together, and none with the stance or the choices of who wrote it. Whoever could put them together
would have back every number that is hidden.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engagement.feedback.analysis.asked import Asked
from engagement.feedback.counts import ShownTally
from engagement.feedback.export import Sheet
from engagement.feedback.form import STANCES, Item, Rated
from engagement.feedback.models import FeedbackRound, QuestionKind
from engagement.feedback.places import read_place
from engagement.feedback.reading import PARTS, options
from engagement.feedback.reporting.open_words import open_words
from engagement.feedback.reporting.outcomes import reported
from engagement.feedback.reporting.tables import Group, Published, published_figures, whole_form

__all__ = ["COLUMNS", "Column", "Question", "answers", "counts", "files", "outcomes", "questions"]


@dataclass(frozen=True, slots=True)
class Column:
    """A line of the code book."""

    name: str
    means: str


KEY = Column("key", "of the proposition or of the question, the same in every file and in the list of what was asked")
#: The code book: the columns of each file.
COLUMNS: dict[str, tuple[Column, ...]] = {
    "counts": (
        Column("who", "people (each of one person, who may have sent several) or tables (each of a table in the room)"),
        Column("kind", "what is counted: responses that were sent in, a stance or a choice"),
        Column("ref", "reference of the proposition or of the question, where it has one"),
        Column("about", "title of the proposition, or the words of the question"),
        Column("version", "version of the proposition that was responded to; empty for all versions together"),
        Column("answer", "the stance or the choice; “All answers” for how many answered at all"),
        Column("count", "how many; empty where it is hidden"),
        Column("status", "shown or hidden"),
        KEY,
    ),
    "outcomes": (
        Column("theme", "the theme it answers; empty for none in particular"),
        Column("you_said", "what was said"),
        Column("decision", "Changed, Noted or Not changed"),
        Column("reason", "what was done, and why"),
        Column("proposition", "reference of a proposition it is about; empty for none"),
        Column("version", "version of the proposition that came of it; empty for none"),
        Column("published", "when the response was published"),
    ),
    "answers": (
        Column("ref", "reference of the proposition or of the question, where it has one"),
        Column("about", "title of the proposition, or the words of the question"),
        Column("part", "of a proposition: what was asked about it"),
        Column("version", "version of the proposition that was responded to"),
        Column("answer", "what was written; […] stands for words that were blacked out"),
        KEY,
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that was asked: a stance on a proposition, or a question. ``answers`` could be chosen, if any could."""

    key: str
    ref: str
    about: str
    kind: str
    answers: tuple[str, ...]


def questions(feedback_round: FeedbackRound) -> list[Question]:
    """The code book: all that was asked in a round, in any version of its form. One query."""
    form = whole_form([one.form for one in feedback_round.forms.order_by("number")])
    return [one for page in form.pages for one in (*map(_rated, page.rated), *map(_item, page.items))]


def _rated(one: Rated) -> Question:
    return Question(one.key, one.ref, one.title, "Stance on a proposition", tuple(STANCES.values()))


def _item(one: Item) -> Question:
    return Question(one.key, one.ref, one.text, str(QuestionKind(one.kind).label), options(one))


def files(feedback_round: FeedbackRound) -> dict[str, Callable[[FeedbackRound], Sheet]]:
    """The files of a round by their names, each with what makes it."""
    made: dict[str, Callable[[FeedbackRound], Sheet]] = {"counts": counts, "outcomes": outcomes}
    if feedback_round.publish_policy == FeedbackRound.Publish.ANONYMOUS:
        made["answers"] = answers
    return made


def counts(feedback_round: FeedbackRound) -> Sheet:
    """All published figures, one to a row."""
    return _sheet("counts", count_rows(published_figures(feedback_round)))


def count_rows(figures: Published) -> Iterator[Sequence[Any]]:
    """The rows of ``counts``."""
    for who, group in (("people", figures.people), ("tables", figures.tables)):
        yield _row(who, "responses", "", "", "", "All answers", group.answered, "")
        yield from _stances(who, group)
        for shown in group.choices.values():
            yield from _tally(who, "choice", "", shown)


def _stances(who: str, group: Group) -> Iterator[Sequence[Any]]:
    for one in group.stances.values():
        yield from _tally(who, "stance", "", one.whole)
        for number, shown in one.by_version.items():
            yield from _tally(who, "stance", str(number), shown)


def _tally(who: str, kind: str, version: str, shown: ShownTally) -> Iterator[Sequence[Any]]:
    about = (shown.tally.ref, shown.tally.text, version)
    for answer, count in shown.counts.items():
        yield _row(who, kind, *about, answer, count, shown.tally.key)
    yield _row(who, kind, *about, "All answers", shown.answered, shown.tally.key)


def _row(
    who: str, kind: str, ref: str, about: str, version: str, answer: str, count: int | None, key: str
) -> Sequence[Any]:
    return who, kind, ref, about, version, answer, count, "hidden" if count is None else "shown", key


def outcomes(feedback_round: FeedbackRound) -> Sheet:
    """Every published response, one row for each theme and each proposition it has to do with."""

    def rows() -> Iterator[Sequence[Any]]:
        for one in reported(feedback_round):
            for response in (*one.responses, *one.above):
                begin = (one.theme.title if one.theme else "", response.you_said, response.get_decision_display())
                about = [
                    (outcome.proposition.ref, outcome.version.number if outcome.version else "")
                    for outcome in response.outcomes.all()
                ]
                for ref, version in about or [("", "")]:
                    yield *begin, response.reason, ref, version, response.published_at

    return _sheet("outcomes", rows())


def answers(feedback_round: FeedbackRound) -> Sheet:
    """Every answer in words that was checked and published, each by itself."""
    asked = Asked.of(feedback_round)
    rows = (
        (*_place(words.place, asked), "" if words.version is None else words.version, words.text, _key(words.place))
        for words in open_words(feedback_round)
    )
    return _sheet("answers", rows)


def _key(place: str) -> str:
    at = read_place(place)
    return f"p{at[0]}" if at else place


def _place(place: str, asked: Asked) -> tuple[str, str, str]:
    if at := read_place(place):
        rated = asked.rated.get(at[0])
        return (rated.ref, rated.title, PARTS[at[1]]) if rated else ("", "", PARTS[at[1]])
    item = asked.items.get(place)
    return (item.ref, item.text, "") if item else ("", "", "")


def _sheet(name: str, rows: Iterator[Sequence[Any]]) -> Sheet:
    return Sheet([column.name for column in COLUMNS[name]], rows)
