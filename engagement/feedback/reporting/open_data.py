"""The open data of a round: its published figures, what came of it, and in some rounds every answer, without names.

The figures are those of the results page. Every answer is published by itself, in an order that says nothing: never
two of one person together, and none with the stance or the choices of who wrote it. Whoever could put them together
would have back every number that is hidden.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engagement.feedback.analysis.counts import PublishedTally
from engagement.feedback.analysis.export import Sheet
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import FeedbackRound, QuestionKind
from engagement.feedback.reporting.open_text import open_answers
from engagement.feedback.reporting.outcomes import responses_by_theme
from engagement.feedback.reporting.published_figures import (
    GroupFigures,
    PublishedFigures,
    merged_form,
    published_figures,
)
from engagement.feedback.responses.parsing import COMMENT_PARTS, options
from engagement.feedback.responses.text_anchors import parse_part_anchor
from engagement.feedback.schema import STANCES, Question, RatedProposition

__all__ = [
    "COLUMNS",
    "CodebookColumn",
    "CodebookQuestion",
    "answers_sheet",
    "codebook_questions",
    "counts_sheet",
    "open_data_files",
    "outcomes_sheet",
]


@dataclass(frozen=True, slots=True)
class CodebookColumn:
    """A line of the code book."""

    name: str
    means: str


KEY = CodebookColumn(
    "key", "of the proposition or of the question, the same in every file and in the list of what was asked"
)
#: The code book: the columns of each file.
COLUMNS: dict[str, tuple[CodebookColumn, ...]] = {
    "counts": (
        CodebookColumn(
            "who", "people (each of one person, who may have sent several) or tables (each of a table in the room)"
        ),
        CodebookColumn("kind", "what is counted: responses that were sent in, a stance or a choice"),
        CodebookColumn("ref", "reference of the proposition or of the question, where it has one"),
        CodebookColumn("about", "title of the proposition, or the words of the question"),
        CodebookColumn("version", "version of the proposition that was responded to; empty for all versions together"),
        CodebookColumn("answer", "the stance or the choice; “All answers” for how many answered at all"),
        CodebookColumn("count", "how many; empty where it is hidden"),
        CodebookColumn("status", "shown or hidden"),
        KEY,
    ),
    "outcomes": (
        CodebookColumn("theme", "the theme it answers; empty for none in particular"),
        CodebookColumn("you_said", "what was said"),
        CodebookColumn("decision", "Changed, Noted or Not changed"),
        CodebookColumn("reason", "what was done, and why"),
        CodebookColumn("proposition", "reference of a proposition it is about; empty for none"),
        CodebookColumn("version", "version of the proposition that came of it; empty for none"),
        CodebookColumn("published", "when the response was published"),
    ),
    "answers": (
        CodebookColumn("ref", "reference of the proposition or of the question, where it has one"),
        CodebookColumn("about", "title of the proposition, or the words of the question"),
        CodebookColumn("part", "of a proposition: what was asked about it"),
        CodebookColumn("version", "version of the proposition that was responded to"),
        CodebookColumn("answer", "what was written; […] stands for words that were blacked out"),
        KEY,
    ),
}


@dataclass(frozen=True, slots=True)
class CodebookQuestion:
    """Something that was asked: a stance on a proposition, or a question. ``answers`` could be chosen, if any could."""

    key: str
    ref: str
    about: str
    kind: str
    answers: tuple[str, ...]


def codebook_questions(feedback_round: FeedbackRound) -> list[CodebookQuestion]:
    """The code book: all that was asked in a round, in any version of its form. One query."""
    form = merged_form([one.form for one in feedback_round.forms.order_by("number")])
    return [one for page in form.pages for one in (*map(_codebook_rated, page.rated), *map(_codebook_item, page.items))]


def _codebook_rated(one: RatedProposition) -> CodebookQuestion:
    return CodebookQuestion(one.key, one.ref, one.title, "Stance on a proposition", tuple(STANCES.values()))


def _codebook_item(one: Question) -> CodebookQuestion:
    return CodebookQuestion(one.key, one.ref, one.text, str(QuestionKind(one.kind).label), options(one))


def open_data_files(feedback_round: FeedbackRound) -> dict[str, Callable[[FeedbackRound], Sheet]]:
    """The files of a round by their names, each with what makes it."""
    made: dict[str, Callable[[FeedbackRound], Sheet]] = {"counts": counts_sheet, "outcomes": outcomes_sheet}
    if feedback_round.publish_policy == FeedbackRound.Publish.ANONYMOUS:
        made["answers"] = answers_sheet
    return made


def counts_sheet(feedback_round: FeedbackRound) -> Sheet:
    """All published figures, one to a row."""
    return _sheet("counts", count_rows(published_figures(feedback_round)))


def count_rows(figures: PublishedFigures) -> Iterator[Sequence[Any]]:
    """The rows of ``counts``."""
    for who, group in (("people", figures.people), ("tables", figures.tables)):
        yield _row(who, "responses", "", "", "", "All answers", group.answered, "")
        yield from _stance_rows(who, group)
        for shown in group.choices.values():
            yield from _tally_rows(who, "choice", "", shown)


def _stance_rows(who: str, group: GroupFigures) -> Iterator[Sequence[Any]]:
    for one in group.stances.values():
        yield from _tally_rows(who, "stance", "", one.whole)
        for number, shown in one.by_version.items():
            yield from _tally_rows(who, "stance", str(number), shown)


def _tally_rows(who: str, kind: str, version: str, shown: PublishedTally) -> Iterator[Sequence[Any]]:
    about = (shown.tally.ref, shown.tally.text, version)
    for answer, count in shown.counts.items():
        yield _row(who, kind, *about, answer, count, shown.tally.key)
    yield _row(who, kind, *about, "All answers", shown.answered, shown.tally.key)


def _row(
    who: str, kind: str, ref: str, about: str, version: str, answer: str, count: int | None, key: str
) -> Sequence[Any]:
    return who, kind, ref, about, version, answer, count, "hidden" if count is None else "shown", key


def outcomes_sheet(feedback_round: FeedbackRound) -> Sheet:
    """Every published response, one row for each theme and each proposition it has to do with."""

    def rows() -> Iterator[Sequence[Any]]:
        for one in responses_by_theme(feedback_round):
            for response in (*one.responses, *one.above):
                begin = (one.theme.title if one.theme else "", response.you_said, response.get_decision_display())
                about = [
                    (outcome.proposition.ref, outcome.version.number if outcome.version else "")
                    for outcome in response.outcomes.all()
                ]
                for ref, version in about or [("", "")]:
                    yield *begin, response.reason, ref, version, response.published_at

    return _sheet("outcomes", rows())


def answers_sheet(feedback_round: FeedbackRound) -> Sheet:
    """Every answer in words that was checked and published, each by itself."""
    asked = FormHistory.of(feedback_round)
    rows = (
        (
            *_describe_place(words.anchor, asked),
            "" if words.version is None else words.version,
            words.text,
            _key(words.anchor),
        )
        for words in open_answers(feedback_round)
    )
    return _sheet("answers", rows)


def _key(anchor: str) -> str:
    at = parse_part_anchor(anchor)
    return f"p{at[0]}" if at else anchor


def _describe_place(anchor: str, asked: FormHistory) -> tuple[str, str, str]:
    if at := parse_part_anchor(anchor):
        rated = asked.rated.get(at[0])
        return (rated.ref, rated.title, COMMENT_PARTS[at[1]]) if rated else ("", "", COMMENT_PARTS[at[1]])
    item = asked.items.get(anchor)
    return (item.ref, item.text, "") if item else ("", "", "")


def _sheet(name: str, rows: Iterator[Sequence[Any]]) -> Sheet:
    return Sheet([column.name for column in COLUMNS[name]], rows)
