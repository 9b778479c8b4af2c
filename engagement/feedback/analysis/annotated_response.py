"""One response as staff read it: what it says, question by question, with the codes and redactions in its texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import Coding, Redaction, Response
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import part_anchor
from engagement.feedback.schema import COMMENT_PARTS, STANCES


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A stretch of text in which no code or redaction begins or ends. ``numbers`` are those of the codes on it."""

    text: str
    numbers: tuple[int, ...] = ()
    is_redacted: bool = False
    #: The numbers of the codes that end with it, which are shown there.
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """What is written at one anchor, in segments; and its codings and redactions, each with the words it is on."""

    anchor: str
    label: str
    segments: Sequence[TextSegment]
    codings: Sequence[tuple[Coding, str]]
    redactions: Sequence[tuple[Redaction, str]]


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question or a proposition, and what was answered."""

    ref: str
    text: str
    version: int | None = None
    stance: str = ""
    chosen: tuple[str, ...] = ()
    texts: Sequence[AnnotatedText] = ()


@dataclass(frozen=True, slots=True)
class ResponseSection:
    """What was answered on one page of the form."""

    title: str
    accent: str
    entries: Sequence[AnsweredQuestion]


def split_into_segments(text: str, codings: Sequence[Any], redactions: Iterable[Any]) -> list[TextSegment]:
    """Cut ``text`` wherever a code or redaction begins or ends. They may overlap; none reaches beyond the text.

    Codings are numbered from 1 on, in the order they are given.
    """
    redacted = list(redactions)
    cuts = {0, len(text)}
    for span in (*codings, *redacted):
        cuts |= {min(span.start, len(text)), min(span.end, len(text))}
    segments = []
    for start, end in pairwise(sorted(cuts)):
        numbers = [number for number, span in enumerate(codings, start=1) if span.start <= start and end <= span.end]
        ends = tuple(number for number in numbers if min(codings[number - 1].end, len(text)) == end)
        is_redacted = any(span.start <= start and end <= span.end for span in redacted)
        segments.append(TextSegment(text[start:end], tuple(numbers), is_redacted, ends))
    return segments


def annotated_response(
    response: Response, codings: Iterable[Coding], redactions: Iterable[Redaction], history: FormHistory
) -> list[ResponseSection]:
    """Present everything that was answered, in the order of the form it was answered in.

    ``codings`` are those to be shown. Answers to what only an earlier form asked come last. No query, if ``form``,
    ``answers`` and ``stances__version`` were fetched.
    """
    texts = texts_by_anchor(response)
    stances = {stance.proposition_id: stance for stance in response.stances.all()}
    answers = {str(answer.question): answer for answer in response.answers.all()}
    codings_at, redactions_at = _by_anchor(codings), _by_anchor(redactions)

    def annotate(anchor: str, label: str = "") -> AnnotatedText:
        text, coded, redacted = texts[anchor], codings_at.get(anchor, []), redactions_at.get(anchor, [])
        quoted = ([(span, text[span.start : span.end]) for span in spans] for spans in (coded, redacted))
        return AnnotatedText(anchor, label, split_into_segments(text, coded, redacted), *quoted)

    def on_proposition(key: int) -> AnsweredQuestion | None:
        if (stance := stances.pop(key, None)) is None:
            return None
        rated = history.propositions.get(key)
        ref, title = (rated.ref, rated.title) if rated else ("", "A proposition")
        comments = [
            annotate(part_anchor(key, part), label) for part, label in COMMENT_PARTS.items() if getattr(stance, part)
        ]
        return AnsweredQuestion(ref, title, stance.version.number, STANCES.get(stance.stance, ""), texts=comments)

    def on_question(key: str) -> AnsweredQuestion | None:
        if (answer := answers.pop(key, None)) is None:
            return None
        question = history.questions.get(key)
        ref, text = (question.ref, question.text) if question else ("", history.label(key))
        return AnsweredQuestion(ref, text, chosen=tuple(answer.chosen), texts=[annotate(key)] if answer.text else [])

    sections = []
    for page in response.form.schema.pages:
        entries = [on_proposition(rated.proposition) for rated in page.propositions]
        entries += [on_question(question.key) for question in page.questions]
        sections.append((page.title, page.accent, entries))
    rest = [on_proposition(key) for key in [*stances]] + [on_question(key) for key in [*answers]]
    sections.append(("Asked in an earlier form", "", rest))
    return [
        ResponseSection(title, accent, [entry for entry in entries if entry])
        for title, accent, entries in sections
        if any(entries)
    ]


def _by_anchor(spans: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for span in sorted(spans, key=lambda span: (span.start, span.end, span.pk)):
        found.setdefault(span.anchor, []).append(span)
    return found
