"""The open data of a round: its published figures, what came of it, and in some rounds every answer, without names.

The figures are those of the results page. Every answer is published by itself, in an order that says nothing: never
two of one person together, and none with the stance or the choices of who wrote it. Whoever could put them together
would have back every number that is hidden.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engagement.feedback.analysis.disclosure_control import PublishedTally
from engagement.feedback.analysis.export import Sheet
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import CHOICE_GROUPS, FeedbackRound, QuestionKind
from engagement.feedback.reporting.editions import published_figures
from engagement.feedback.reporting.open_text import open_answers
from engagement.feedback.reporting.outcomes import responses_by_theme
from engagement.feedback.reporting.published_figures import PublishedFigures
from engagement.feedback.responses.text_anchors import parse_part_anchor
from engagement.feedback.schema import STANCE_GROUPS, STANCES, proposition_key

Row = Sequence[Any]
KEY = {"key": "of the proposition or of the question, the same in every file and in the list of what was asked"}
#: The code book: what the columns of each file mean.
COLUMNS: dict[str, dict[str, str]] = {
    "counts": {
        "who": "people (each of one person, who may have sent several) or tables (each of a table in the room)",
        "kind": "what is counted: responses that were sent in, a stance or a choice",
        "ref": "reference of the proposition or of the question, where it has one",
        "about": "title of the proposition, or the words of the question",
        "version": "version of the proposition that was responded to; empty for all versions together",
        "answer": "the stance or the choice, or several together; “All answers” for how many answered at all",
        "count": "how many; empty where it is hidden",
        "status": "shown or hidden",
        "counted_on": "day on which it was counted; empty for responses. Figures move on in steps, see below",
        **KEY,
    },
    "outcomes": {
        "theme": "the theme it answers; empty for none in particular",
        "you_said": "what was said",
        "decision": "Changed, Noted or Not changed",
        "reason": "what was done, and why",
        "proposition": "reference of a proposition it is about; empty for none",
        "version": "version of the proposition that came of it; empty for none",
        "published": "when the response was published",
    },
    "answers": {
        "ref": "reference of the proposition or of the question, where it has one",
        "about": "title of the proposition, or the words of the question",
        "part": "of a proposition: what was asked about it",
        "version": "version of the proposition that was responded to",
        "answer": "what was written; […] stands for words that were blacked out",
        **KEY,
    },
}


@dataclass(frozen=True, slots=True)
class CodebookQuestion:
    """Something that was asked: a stance on a proposition, or a question; and the answers that could be chosen."""

    key: str
    ref: str
    about: str
    kind: str
    answers: tuple[str, ...]


def codebook_questions(round_: FeedbackRound) -> list[CodebookQuestion]:
    """List all that was asked in a round, in any version of its form. One query."""
    questions = []
    for page in FormHistory.of(round_).form.pages:
        for rated in page.propositions:
            stances = _with_groups(STANCES.values(), STANCE_GROUPS)
            questions.append(CodebookQuestion(rated.key, rated.ref, rated.title, "Stance on a proposition", stances))
        for item in page.questions:
            kind = QuestionKind(item.kind)
            answers = _with_groups(item.choices, CHOICE_GROUPS.get(kind, ()))
            questions.append(CodebookQuestion(item.key, item.ref, item.text, str(kind.label), answers))
    return questions


def _with_groups(answers: Iterable[str], groups: Iterable[str]) -> tuple[str, ...]:
    """All that an answer can be published as: by itself, or with others where they are too few."""
    return tuple(dict.fromkeys((*answers, *groups)))


def open_data_files(round_: FeedbackRound) -> dict[str, Callable[[FeedbackRound], Sheet]]:
    """Name the files of a round, each with what makes it."""
    files: dict[str, Callable[[FeedbackRound], Sheet]] = {"counts": counts_sheet, "outcomes": outcomes_sheet}
    if round_.publish_policy == FeedbackRound.Publish.ANONYMOUS:
        files["answers"] = answers_sheet
    return files


def counts_sheet(round_: FeedbackRound) -> Sheet:
    """List all published figures, one to a row."""
    return _sheet("counts", count_rows(published_figures(round_)))


def count_rows(figures: PublishedFigures) -> Iterator[Row]:
    """Yield the rows of the file ``counts``."""
    for who, group in (("people", figures.people), ("tables", figures.tables)):
        yield _count_row(who, "responses", "", "", "", "All answers", group.answered, "", "")
        for support in group.stances.values():
            yield from _tally_rows(who, "stance", "", support.whole)
            for version, tally in support.by_version.items():
                yield from _tally_rows(who, "stance", str(version), tally)
        for tally in group.choices.values():
            yield from _tally_rows(who, "choice", "", tally)


def _tally_rows(who: str, kind: str, version: str, published: PublishedTally) -> Iterator[Row]:
    about = (published.ref, published.text, version)
    for answer, count in (*published.finest.items(), ("All answers", published.answered)):
        yield _count_row(who, kind, *about, answer, count, published.counted_on, published.key)


def _count_row(
    who: str, kind: str, ref: str, about: str, version: str, answer: str, count: int | None, day: str, key: str
) -> Row:
    return who, kind, ref, about, version, answer, count, "hidden" if count is None else "shown", day, key


def outcomes_sheet(round_: FeedbackRound) -> Sheet:
    """List every published response, one row for each theme and each proposition it has to do with."""

    def rows() -> Iterator[Row]:
        for group in responses_by_theme(round_):
            for response in (*group.responses, *group.repeated):
                begin = (group.theme.title if group.theme else "", response.you_said, response.get_decision_display())
                about = [
                    (outcome.proposition.ref, outcome.version.number if outcome.version else "")
                    for outcome in response.outcomes.all()
                ]
                for ref, version in about or [("", "")]:
                    yield *begin, response.reason, ref, version, response.published_at

    return _sheet("outcomes", rows())


def answers_sheet(round_: FeedbackRound) -> Sheet:
    """List every answer in words that was checked and published, each by itself."""
    history = FormHistory.of(round_)

    def rows() -> Iterator[Row]:
        for answer in open_answers(round_):
            about = parse_part_anchor(answer.anchor)
            version = "" if answer.version is None else answer.version
            yield (
                *history.asked_at(answer.anchor),
                version,
                answer.text,
                proposition_key(about[0]) if about else answer.anchor,
            )

    return _sheet("answers", rows())


def _sheet(name: str, rows: Iterator[Row]) -> Sheet:
    return Sheet([*COLUMNS[name]], rows)
