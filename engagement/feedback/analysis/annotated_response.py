"""One response as staff read it: what it says, question by question, with what is marked in its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import Coding, PropositionResponse, Redaction, Response
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import part_anchor
from engagement.feedback.schema import COMMENT_PARTS, STANCES, FormSchema

__all__ = [
    "AnnotatedText",
    "Annotation",
    "AnsweredQuestion",
    "ResponseSection",
    "TextSegment",
    "annotated_response",
    "split_into_segments",
]


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A stretch of words in which nothing begins or ends."""

    text: str
    #: The numbers of the codes on it, as listed below the words.
    numbers: tuple[int, ...] = ()
    is_hidden: bool = False
    #: Whether something marked ends with it: its numbers are shown there.
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """A code or a redaction, with the words it is on."""

    number: int
    what: Any
    words: str


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """What is written in one place."""

    anchor: str
    label: str
    pieces: Sequence[TextSegment]
    codings: Sequence[Annotation]
    redactions: Sequence[Annotation]


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question or a proposition, and what was said to it."""

    ref: str
    text: str
    version: int | None = None
    stance: str = ""
    chosen: tuple[str, ...] = ()
    words: Sequence[AnnotatedText] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ResponseSection:
    """A page of the form."""

    title: str
    hue: str
    entries: Sequence[AnsweredQuestion]


def split_into_segments(text: str, codings: Sequence[Any], redactions: Iterable[Any]) -> list[TextSegment]:
    """``text``, cut wherever something marked begins or ends. Marks may overlap, and none reaches beyond the text.

    Codings get numbers, from 1 on, in the order they are given.
    """
    hidden = list(redactions)
    cuts = {0, len(text)}
    for one in (*codings, *hidden):
        cuts |= {min(one.start, len(text)), min(one.end, len(text))}
    edges = sorted(cuts)
    found = []
    for start, end in pairwise(edges):
        on = [number for number, one in enumerate(codings, start=1) if one.start <= start and end <= one.end]
        found.append(
            TextSegment(
                text[start:end],
                tuple(on),
                any(one.start <= start and end <= one.end for one in hidden),
                tuple(number for number in on if min(codings[number - 1].end, len(text)) == end),
            )
        )
    return found


def annotated_response(
    response: Response, codings: Iterable[Coding], redactions: Iterable[Redaction], asked: FormHistory
) -> list[ResponseSection]:
    """Everything that was answered, in the order of the form it was answered in.

    ``codings`` are those to be shown. Answers to what only an earlier form asked come last. No query, if ``form``,
    ``answers`` and ``stances__version`` were fetched.
    """
    said = _AnswerPresenter(response, codings, redactions, asked)
    form: FormSchema = response.form.schema
    sections = []
    for page in form.pages:
        entries = [said.proposition(rated.proposition) for rated in page.propositions]
        entries += [said.answer(item.key) for item in page.questions]
        sections.append(ResponseSection(page.title, page.hue, [entry for entry in entries if entry]))
    left = [said.proposition(key) for key in [*said.stances]] + [said.answer(key) for key in [*said.answers]]
    sections.append(ResponseSection("Asked in an earlier form", "", [entry for entry in left if entry]))
    return [section for section in sections if section.entries]


class _AnswerPresenter:
    """What one response says, given out once for each question."""

    def __init__(
        self, response: Response, codings: Iterable[Coding], redactions: Iterable[Redaction], asked: FormHistory
    ) -> None:
        self.asked = asked
        self.text = texts_by_anchor(response)
        self.stances: dict[int, PropositionResponse] = {one.proposition_id: one for one in response.stances.all()}
        self.answers = {str(one.question): one for one in response.answers.all()}
        self.codings, self.redactions = _by_place(codings), _by_place(redactions)

    def proposition(self, key: int) -> AnsweredQuestion | None:
        stance = self.stances.pop(key, None)
        if stance is None:
            return None
        rated = self.asked.propositions.get(key)
        words = [
            self.words(part_anchor(key, part), label) for part, label in COMMENT_PARTS.items() if getattr(stance, part)
        ]
        return AnsweredQuestion(
            rated.ref if rated else "",
            rated.title if rated else "A proposition",
            stance.version.number,
            STANCES.get(stance.stance, ""),
            words=words,
        )

    def answer(self, key: str) -> AnsweredQuestion | None:
        answer = self.answers.pop(key, None)
        if answer is None:
            return None
        item = self.asked.questions.get(key)
        words = [self.words(key, "")] if answer.text else []
        text = item.text if item else self.asked.label(key)
        return AnsweredQuestion(item.ref if item else "", text, chosen=tuple(answer.chosen), words=words)

    def words(self, anchor: str, label: str) -> AnnotatedText:
        text, codings, redactions = self.text[anchor], self.codings.get(anchor, []), self.redactions.get(anchor, [])
        return AnnotatedText(
            anchor,
            label,
            split_into_segments(text, codings, redactions),
            [Annotation(number, one, text[one.start : one.end]) for number, one in enumerate(codings, start=1)],
            [Annotation(number, one, text[one.start : one.end]) for number, one in enumerate(redactions, start=1)],
        )


def _by_place(spans: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in sorted(spans, key=lambda one: (one.start, one.end, one.pk)):
        found.setdefault(one.anchor, []).append(one)
    return found
